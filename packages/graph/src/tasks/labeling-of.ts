import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import { labelingMetrics } from "../metrics/labeling-metrics.ts";
import { byNode, ofTraining, probabilityRows } from "./keyed-answers.ts";
import type { KnownLabels } from "./known-labels.ts";
import type { NodeClassifier } from "./node-classifier.ts";
import type { GraphLabels, LabelingMetrics, NodeLabeling } from "./node-labeling.ts";
import type { NodeSplit } from "./node-parts.ts";

/** Brings a classifier's answer, in node numbers, back to the keys of the graph. */
export function labelingOf(
  trained: NodeClassifier,
  converted: GraphNeighborhood,
  known: KnownLabels,
  split: NodeSplit,
): NodeLabeling {
  const { nodes } = converted;
  const { classes, labels: given } = known;
  const hidden = new Set(split.test);
  const answers = answersOf(trained.probabilities, nodes, known);
  const predicted = Int32Array.from(answers, ({ best }) => best);
  const probabilities = Float64Array.from(answers.flatMap((answer) => answer.probabilities));
  const metricsOf = (part: Uint32Array): LabelingMetrics =>
    labelingMetrics(given, predicted, probabilities, part, classes.length);
  return {
    // The label of a test node was not given to the network, so it is not given back either.
    labels: byNode(answers, ({ i, best }) => classes[hidden.has(i) || given[i] === -1 ? best : given[i]!]!),
    predictions: byNode(answers, ({ best }) => classes[best]!),
    confidences: byNode(answers, (answer) => answer.probabilities[answer.best]!),
    classes,
    probabilities: byNode(answers, (answer) => answer.probabilities),
    ...ofTraining(trained, converted, split, metricsOf),
  };
}

/** Brings what a classifier predicts for another graph back to its keys. */
export function labelsOf(
  probabilities: Float32Array | Float64Array,
  nodes: readonly string[],
  known: Pick<KnownLabels, "classes" | "learned">,
): GraphLabels {
  const answers = answersOf(probabilities, nodes, known);
  return {
    labels: byNode(answers, ({ best }) => known.classes[best]!),
    confidences: byNode(answers, (answer) => answer.probabilities[answer.best]!),
    probabilities: byNode(answers, (answer) => answer.probabilities),
  };
}

/** The probabilities of each node with the likeliest class. No probability is left for labels that were not learned. */
function answersOf(
  learned: Float32Array | Float64Array,
  nodes: readonly string[],
  { classes, learned: count }: Pick<KnownLabels, "classes" | "learned">,
): { readonly node: string; readonly i: number; readonly probabilities: readonly number[]; readonly best: number }[] {
  return probabilityRows(learned, nodes.length, count, classes.length).map((probabilities, i) => ({
    node: nodes[i]!,
    i,
    probabilities,
    best: probabilities.indexOf(Math.max(...probabilities)),
  }));
}
