import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import { type MultiLabelMetrics, multiLabelMetrics } from "../metrics/multi-label-metrics.ts";
import { byNode, ofTraining, probabilityRows } from "./keyed-answers.ts";
import { type KnownLabelSets, type LabelSets, labelTable } from "./known-label-sets.ts";
import type { MultiLabelClassifier } from "./multi-label-classifier.ts";
import type { GraphLabelSets, MultiLabeling } from "./node-labeling.ts";
import type { NodeSplit } from "./node-parts.ts";

/** Brings a multi-label classifier's answer, in node numbers, back to the keys of the graph. */
export function multiLabelingOf(
  trained: MultiLabelClassifier,
  converted: GraphNeighborhood,
  sets: LabelSets,
  known: KnownLabelSets,
  split: NodeSplit,
): MultiLabeling {
  const { nodes } = converted;
  const { names } = known;
  const hidden = new Set(split.test);
  const thresholds = thresholdsOf(trained.thresholds, known);
  const answers = answersOf(trained.probabilities, nodes, known, thresholds);
  const actual = labelTable(sets, names);
  const probabilities = Float64Array.from(answers.flatMap((answer) => answer.probabilities));
  const metricsOf = (part: Uint32Array): MultiLabelMetrics =>
    multiLabelMetrics(actual, probabilities, { labels: names.length, thresholds, nodes: part });
  return {
    // The labels of a test node were not given to the network, so they are not given back either.
    labels: byNode(answers, ({ i, predicted }) => (hidden.has(i) ? predicted : (sets[i] ?? predicted))),
    predictions: byNode(answers, ({ predicted }) => predicted),
    labelNames: names,
    probabilities: byNode(answers, (answer) => answer.probabilities),
    thresholds,
    ...ofTraining(trained, converted, split, metricsOf),
  };
}

/** Brings what a multi-label classifier predicts for another graph back to its keys. */
export function labelSetsOf(
  probabilities: Float32Array | Float64Array,
  nodes: readonly string[],
  known: Pick<KnownLabelSets, "names" | "learned">,
  thresholds: Float64Array,
): GraphLabelSets {
  const answers = answersOf(probabilities, nodes, known, thresholdsOf(thresholds, known));
  return {
    labels: byNode(answers, ({ predicted }) => predicted),
    probabilities: byNode(answers, (answer) => answer.probabilities),
  };
}

/** Of labels that were not learned too, whose probability of 0 is below any. */
function thresholdsOf(learned: Float64Array, { names }: Pick<KnownLabelSets, "names">): number[] {
  return names.map((_, label) => learned[label] ?? 0.5);
}

/** The probabilities of each node with the labels that it is said to carry, sorted. */
function answersOf(
  learned: Float32Array | Float64Array,
  nodes: readonly string[],
  { names, learned: count }: Pick<KnownLabelSets, "names" | "learned">,
  thresholds: readonly number[],
): {
  readonly node: string;
  readonly i: number;
  readonly probabilities: readonly number[];
  readonly predicted: readonly string[];
}[] {
  return probabilityRows(learned, nodes.length, count, names.length).map((probabilities, i) => ({
    node: nodes[i]!,
    i,
    probabilities,
    predicted: names.filter((_, label) => probabilities[label]! >= thresholds[label]!),
  }));
}
