import { checkOptionNames, DataError, type DenseMatrix, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeFeatures } from "../convert/features.ts";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";
import { numberLabels, readLabels } from "./known-labels.ts";
import {
  type AssignLabelsOptions,
  assignLabelsOptionNames,
  type LabelNodesOptions,
  labelNodesOptionNames,
} from "./label-nodes-options.ts";
import { labelingOf } from "./labeling-of.ts";
import { trainNodeClassifier } from "./node-classifier.ts";
import type { NodeLabeling } from "./node-labeling.ts";
import { readSplit } from "./node-split.ts";

/**
 * Labels the nodes of a graph: some carry a label, the others get one, by a graph attention network that is trained on the spot.
 *
 * ```ts
 * const labels = await labelNodes(graph, { label: "club", features: ["age", "interests"] });
 * ```
 *
 * @returns The label of every node by its key: the given one where there was one, else the predicted one, also for test nodes.
 * @throws DataError `not-a-graph`, `empty-graph`, `no-labels`, `one-class`, and for features or weights that cannot be used; OptionError
 * `unknown-option`, `unknown-attribute` for a label, split or feature attribute that no node has, `out-of-range`, `heads-do-not-divide`;
 * TrainingError `loss-not-finite`. All but the last before any work, and the graph is never changed.
 */
export async function labelNodes(
  graph: AbstractGraph,
  options: LabelNodesOptions = {},
): Promise<Readonly<Record<string, string>>> {
  return (await labelNodes.detailed(graph, options)).labels;
}

/** {@link labelNodes} with everything found out: confidences, metrics, history, attention, and what was chosen. */
labelNodes.detailed = async (graph: AbstractGraph, options: LabelNodesOptions = {}): Promise<NodeLabeling> => {
  checkOptionNames("labelNodes", options, labelNodesOptionNames);
  const { label = "label", features, split, edgeWeight, ...classifier } = options;
  const converted = neighborhoodOf(graph, edgeWeight === undefined ? {} : { weight: edgeWeight });
  if (converted.nodes.length === 0) {
    throw new DataError(
      "empty-graph",
      "labelNodes: got a graph without nodes; expected at least two that are labelled.",
    );
  }
  const labels = readLabels(graph, label);
  const parts = readSplit(graph, labels, split, classifier.seed);
  const known = numberLabels(labels, parts.test);
  const trained = await trainNodeClassifier(
    {
      neighborhood: converted.neighborhood,
      features: features === undefined ? undefined : nodeFeatures(graph, features).matrix,
      labels: known.labels,
      classes: known.learned,
      edgeFeatures: weightsAsFeatures(converted.weights),
      train: parts.train,
      validation: parts.validation,
    },
    classifier,
  );
  return labelingOf(trained, converted, known, parts);
};

/**
 * {@link labelNodes}, writing the label and its confidence to attributes of every node. Nothing is written if anything goes wrong
 * before.
 *
 * @throws As {@link labelNodes}; OptionError `duplicate-attribute` when both are to be written to one attribute.
 */
labelNodes.assign = async (graph: AbstractGraph, options: AssignLabelsOptions = {}): Promise<void> => {
  checkOptionNames("labelNodes.assign", options, assignLabelsOptionNames);
  const { nodeLabelAttribute = "predictedLabel", nodeConfidenceAttribute = "labelConfidence", ...rest } = options;
  if (nodeLabelAttribute === nodeConfidenceAttribute) {
    throw new OptionError(
      "duplicate-attribute",
      `labelNodes.assign: got "${nodeLabelAttribute}" for the label and for the confidence; expected two different attributes.`,
    );
  }
  const { labels, confidences } = await labelNodes.detailed(graph, rest);
  graph.updateEachNodeAttributes(
    (node, attributes) => ({
      ...attributes,
      // Nodes that were added while the network trained have no label.
      ...(Object.hasOwn(labels, node) && {
        [nodeLabelAttribute]: labels[node],
        [nodeConfidenceAttribute]: confidences[node],
      }),
    }),
    { attributes: [nodeLabelAttribute, nodeConfidenceAttribute] },
  );
};

function weightsAsFeatures(weights: Float32Array | undefined): DenseMatrix | undefined {
  return weights && { kind: "dense", rows: weights.length, columns: 1, values: weights };
}
