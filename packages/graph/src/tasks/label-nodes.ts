import { checkOptionNames, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { numberLabels, readLabels } from "./known-labels.ts";
import {
  type AssignLabelsOptions,
  assignLabelsOptionNames,
  type LabelNodesOptions,
  labelNodesOptionNames,
} from "./label-nodes-options.ts";
import { readLabelingGraph } from "./labeling-graph.ts";
import { labelingOf, labelsOf } from "./labeling-of.ts";
import { classifyNodes } from "./node-classifier.ts";
import type { TrainedNodeLabeling } from "./node-labeling.ts";
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

/**
 * {@link labelNodes} with everything found out: confidences, metrics, history, attention, and what was chosen. The network stays at hand: `label`
 * applies it to another graph.
 */
labelNodes.detailed = async (graph: AbstractGraph, options: LabelNodesOptions = {}): Promise<TrainedNodeLabeling> => {
  checkOptionNames("labelNodes", options, labelNodesOptionNames);
  const { label = "label", features, split, edgeWeight, ...classifier } = options;
  const read = readLabelingGraph("labelNodes", graph, {
    ...(features !== undefined && { features }),
    ...(edgeWeight !== undefined && { edgeWeight }),
  });
  const labels = readLabels(graph, label);
  const parts = readSplit({ where: "labelNodes", graph, labels, split, seed: classifier.seed });
  const known = numberLabels(labels, parts.test);
  const trained = await classifyNodes(
    "labelNodes",
    { ...read.inputs, labels: known.labels, classes: known.learned, train: parts.train, validation: parts.validation },
    classifier,
  );
  const labeling = labelingOf(trained, read.converted, known, parts);
  return {
    ...labeling,
    model: trained.model,
    inputs: { converted: read.converted, features: trained.features, edgeFeatures: read.inputs.edgeFeatures },
    async label(other) {
      const { converted, inputs } = read.readOther(other);
      return labelsOf(await trained.predict(inputs), converted.nodes, known);
    },
    async save() {
      // Loaded when it is asked for: a page that saves nothing need not download it.
      const { saveLabeling, trainingSummary } = await import("../on-demand.ts");
      return saveLabeling({
        purpose: "labels of nodes",
        model: trained.model,
        encoder: read.encoder,
        edgeWeight,
        normalizeFeatures: trained.normalizeFeatures,
        names: known.classes,
        learned: known.learned,
        training: trainingSummary(labeling),
      });
    },
  };
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
