import { rocAuc } from "./roc-auc.ts";
import { checkTables, meanOfDefined } from "./table-items.ts";

/** How well one of several labels is told. */
export interface LabelMetrics {
  /** Count of nodes that carry the label. */
  readonly positives: number;
  /** Count of nodes that are said to carry it. */
  readonly predicted: number;
  /** The harmonic mean of precision and recall; undefined for a label that no node carries and none is said to carry. */
  readonly f1: number | undefined;
  /** The area under the receiver operating characteristic; undefined where all nodes carry the label, or none. */
  readonly rocAuc: number | undefined;
}

/** How well predicted labels agree with those that nodes carry, over one part of the nodes. */
export interface MultiLabelMetrics {
  /** Count of nodes. */
  readonly nodes: number;
  /** The F1 score over all pairs of a node and a label. */
  readonly microF1: number;
  /** The unweighted mean of the labels' F1 scores, over the labels that have one. */
  readonly macroF1: number;
  /** The mean of the labels' areas under the ROC curve, over the labels that have one; undefined where none has. */
  readonly rocAuc: number | undefined;
  /** The share of nodes all of whose labels are right. */
  readonly exactMatch: number;
  /** In the order of the labels. */
  readonly perLabel: readonly LabelMetrics[];
}

/** What is looked at. */
export interface MultiLabelMetricOptions {
  /** Count of labels. */
  readonly labels: number;
  /** From which score on a node is said to carry a label: one number for all, or one a label. Default 0.5. */
  readonly thresholds?: number | ArrayLike<number>;
  /** The nodes to look at, any count of them. Default: all. */
  readonly nodes?: ArrayLike<number> | undefined;
}

/** How often a label is carried, said to be carried, and both. */
export interface LabelCounts {
  readonly positives: Float64Array;
  readonly predicted: Float64Array;
  readonly right: Float64Array;
  /** Nodes all of whose labels are right. */
  readonly exact: number;
  readonly nodes: number;
}

/**
 * All metrics of a multi-label labeling at once. Micro and macro F1 are those of scikit-learn's `f1_score`, but that labels without any positive,
 * actual or predicted, do not lower the macro F1.
 *
 * @param actual `[nodes * labels]`: 1 where a node carries a label, else 0.
 * @param scores `[nodes * labels]`, such as probabilities.
 * @throws DataError `wrong-length`, `index-out-of-range`, and of `rocAuc` `label-out-of-range`, `not-finite`.
 */
export function multiLabelMetrics(
  actual: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: MultiLabelMetricOptions,
): MultiLabelMetrics {
  const counts = labelCounts(actual, scores, options);
  const { positives, predicted } = counts;
  const perLabel = Array.from(positives.keys(), (label) => ({
    positives: positives[label]!,
    predicted: predicted[label]!,
    f1: f1Of(counts, label),
    rocAuc: rocAucOf(actual, scores, label, options),
  }));
  return {
    nodes: counts.nodes,
    microF1: microF1Of(counts),
    macroF1: macroF1Of(counts),
    rocAuc: meanOfDefined(perLabel.map((label) => label.rocAuc)),
    exactMatch: counts.nodes === 0 ? 0 : counts.exact / counts.nodes,
    perLabel,
  };
}

/** Counts by label. */
export function labelCounts(
  actual: ArrayLike<number>,
  scores: ArrayLike<number>,
  { labels, thresholds = 0.5, nodes }: MultiLabelMetricOptions,
): LabelCounts {
  const rows = checkTables("multiLabelMetrics", actual, scores, labels, nodes);
  const positives = new Float64Array(labels);
  const predicted = new Float64Array(labels);
  const right = new Float64Array(labels);
  const count = nodes?.length ?? rows;
  let exact = 0;
  for (let k = 0; k < count; k++) {
    const start = (nodes?.[k] ?? k) * labels;
    let isExact = true;
    for (let label = 0; label < labels; label++) {
      const threshold = typeof thresholds === "number" ? thresholds : thresholds[label]!;
      const carries = actual[start + label] === 1;
      const said = scores[start + label]! >= threshold;
      if (carries) positives[label]!++;
      if (said) predicted[label]!++;
      if (carries && said) right[label]!++;
      isExact &&= carries === said;
    }
    if (isExact) exact++;
  }
  return { positives, predicted, right, exact, nodes: count };
}

/** The F1 score over all labels together; 0 where nothing is positive, actual or predicted. */
export function microF1Of({ positives, predicted, right }: LabelCounts): number {
  const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);
  return (2 * total(right)) / Math.max(1, total(positives) + total(predicted));
}

/** The mean of the F1 scores that are defined; 0 where none is. */
export function macroF1Of(counts: LabelCounts): number {
  return meanOfDefined(Array.from(counts.positives.keys(), (label) => f1Of(counts, label))) ?? 0;
}

/** The mean over labels of the area under the ROC curve; undefined where none is defined. */
export function meanRocAuc(
  actual: ArrayLike<number>,
  scores: ArrayLike<number>,
  labels: number,
  nodes: ArrayLike<number>,
): number | undefined {
  return meanOfDefined(
    Array.from({ length: labels }, (_, label) => rocAucOf(actual, scores, label, { labels, nodes })),
  );
}

function f1Of({ positives, predicted, right }: LabelCounts, label: number): number | undefined {
  const both = positives[label]! + predicted[label]!;
  return both === 0 ? undefined : (2 * right[label]!) / both;
}

function rocAucOf(
  actual: ArrayLike<number>,
  scores: ArrayLike<number>,
  label: number,
  { labels, nodes }: MultiLabelMetricOptions,
): number | undefined {
  const count = nodes?.length ?? actual.length / labels;
  if (count === 0) return undefined;
  const at = (k: number): number => (nodes?.[k] ?? k) * labels + label;
  const column = (table: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => table[at(k)]!);
  return rocAuc(column(actual), column(scores));
}
