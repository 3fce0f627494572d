import { checkOptionNames, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { labelTable, numberLabelSets, readLabelSets } from "./known-label-sets.ts";
import {
  type AssignLabelSetsOptions,
  assignLabelSetsOptionNames,
  type MultiLabelNodesOptions,
  multiLabelNodesOptionNames,
} from "./label-nodes-options.ts";
import { readLabelingGraph } from "./labeling-graph.ts";
import { classifyLabelSets } from "./multi-label-classifier.ts";
import { labelSetsOf, multiLabelingOf } from "./multi-labeling-of.ts";
import type { TrainedMultiLabeling } from "./node-labeling.ts";
import { readSplit } from "./node-split.ts";

/**
 * Labels the nodes of a graph where a node can carry any number of labels: of some nodes they are known, the others get theirs, by a graph
 * attention network that is trained on the spot and tells each label by itself.
 *
 * ```ts
 * const labels = await multiLabelNodes(graph, { labels: "interests", features: ["age", "country"] });
 * ```
 *
 * @returns The labels of every node by its key, sorted: the given ones where they were known, else the predicted ones, also for test nodes. An
 * attribute that is missing says that the labels are unknown; an empty list, that there are none.
 * @throws DataError `not-a-graph`, `empty-graph`, `no-labels`, `wrong-type`, and for features, weights or a split that cannot be used; OptionError
 * `unknown-option`, `unknown-attribute` for a label, split or feature attribute that no node has, `out-of-range`, `heads-do-not-divide`, `no-validation`;
 * TrainingError `loss-not-finite`. All but the last before any work, and the graph is never changed.
 */
export async function multiLabelNodes(
  graph: AbstractGraph,
  options: MultiLabelNodesOptions = {},
): Promise<Readonly<Record<string, readonly string[]>>> {
  return (await multiLabelNodes.detailed(graph, options)).labels;
}

/**
 * {@link multiLabelNodes} with everything found out: probabilities, thresholds, metrics, history, attention, and what was chosen. The network
 * stays at hand: `label` applies it to another graph.
 */
multiLabelNodes.detailed = async (
  graph: AbstractGraph,
  options: MultiLabelNodesOptions = {},
): Promise<TrainedMultiLabeling> => {
  const where = "multiLabelNodes";
  checkOptionNames(where, options, multiLabelNodesOptionNames);
  const { labels = "labels", features, split, edgeWeight, ...classifier } = options;
  const read = readLabelingGraph(where, graph, {
    ...(features !== undefined && { features }),
    ...(edgeWeight !== undefined && { edgeWeight }),
  });
  const sets = readLabelSets(where, graph, labels);
  const isKnown = sets.map((set) => (set === undefined ? undefined : "known"));
  const parts = readSplit({ where, graph, labels: isKnown, split, seed: classifier.seed, hasClasses: false });
  const known = numberLabelSets(sets, parts.test);
  const trained = await classifyLabelSets(
    where,
    {
      ...read.inputs,
      labels: labelTable(sets, known.names.slice(0, known.learned)),
      labelCount: known.learned,
      known: known.known,
      train: parts.train,
      validation: parts.validation,
    },
    classifier,
  );
  const labeling = multiLabelingOf(trained, read.converted, sets, known, parts);
  return {
    ...labeling,
    model: trained.model,
    classes: labeling.labelNames,
    inputs: { converted: read.converted, features: trained.features, edgeFeatures: read.inputs.edgeFeatures },
    async label(other) {
      const { converted, inputs } = read.readOther(other);
      return labelSetsOf(await trained.predict(inputs), converted.nodes, known, trained.thresholds);
    },
    async save() {
      // Loaded when it is asked for: a page that saves nothing need not download it.
      const { saveLabeling, trainingSummary } = await import("../on-demand.ts");
      return saveLabeling({
        purpose: "sets of labels of nodes",
        model: trained.model,
        encoder: read.encoder,
        edgeWeight,
        normalizeFeatures: trained.normalizeFeatures,
        names: known.names,
        learned: known.learned,
        more: { thresholds: Array.from(trained.thresholds) },
        training: trainingSummary(labeling),
      });
    },
  };
};

/**
 * {@link multiLabelNodes}, writing the list of labels and the probability of each label to attributes of every node. Nothing is written if
 * anything goes wrong before.
 *
 * @throws As {@link multiLabelNodes}; OptionError `duplicate-attribute` when both are to be written to one attribute.
 */
multiLabelNodes.assign = async (graph: AbstractGraph, options: AssignLabelSetsOptions = {}): Promise<void> => {
  const where = "multiLabelNodes.assign";
  checkOptionNames(where, options, assignLabelSetsOptionNames);
  const {
    nodeLabelsAttribute = "predictedLabels",
    nodeProbabilitiesAttribute = "labelProbabilities",
    ...rest
  } = options;
  if (nodeLabelsAttribute === nodeProbabilitiesAttribute) {
    throw new OptionError(
      "duplicate-attribute",
      `${where}: got "${nodeLabelsAttribute}" for the labels and for the probabilities; expected two different attributes.`,
    );
  }
  const { labels, labelNames, probabilities } = await multiLabelNodes.detailed(graph, rest);
  graph.updateEachNodeAttributes(
    (node, attributes) => ({
      ...attributes,
      // Nodes that were added while the network trained have no labels.
      ...(Object.hasOwn(labels, node) && {
        [nodeLabelsAttribute]: [...labels[node]!],
        [nodeProbabilitiesAttribute]: Object.fromEntries(
          labelNames.map((name, label) => [name, probabilities[node]![label]!]),
        ),
      }),
    }),
    { attributes: [nodeLabelsAttribute, nodeProbabilitiesAttribute] },
  );
};
