import { checkOptionNames, DataError, type FeatureMatrix } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeFeatures } from "../convert/features.ts";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";
import { readLabels } from "./known-labels.ts";
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
 * @returns The label of every node by its key: the given one where there was one, else the predicted one.
 * @throws DataError `not-a-graph`, `empty-graph`, `no-labels`, `one-class`, and for features or weights that cannot be used; OptionError
 * `unknown-option`, `unknown-attribute` for a label or feature attribute that no node has, `out-of-range`, `heads-do-not-divide`;
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
  const known = readLabels(graph, label);
  const parts = readSplit(graph, known.labels, split, classifier.seed);
  const trained = await trainNodeClassifier(
    {
      neighborhood: converted.neighborhood,
      features: features === undefined ? undefined : nodeFeatures(graph, features).matrix,
      labels: known.labels,
      classes: known.classes.length,
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
 */
labelNodes.assign = async (graph: AbstractGraph, options: AssignLabelsOptions = {}): Promise<void> => {
  checkOptionNames("labelNodes.assign", options, assignLabelsOptionNames);
  const { nodeLabelAttribute = "predictedLabel", nodeConfidenceAttribute = "labelConfidence", ...rest } = options;
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

function weightsAsFeatures(weights: Float32Array | undefined): FeatureMatrix | undefined {
  return weights && { kind: "dense", rows: weights.length, columns: 1, values: weights };
}
