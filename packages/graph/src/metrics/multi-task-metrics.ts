import { DataError } from "@vicinal/core";
import type { TableMetricOptions } from "./regression-metrics.ts";
import { rocAuc } from "./roc-auc.ts";
import { checkTables, knownRows, meanOfDefined } from "./table-items.ts";

/** How well one question with the answers yes and no is answered. */
export interface BinaryMetrics {
  /** Count of items whose answer is known. */
  readonly known: number;
  /** How many of them are positive. */
  readonly positives: number;
  /** The share that is answered right when a probability from 0.5 on counts as yes; undefined where nothing is known. */
  readonly accuracy: number | undefined;
  /** The area under the receiver operating characteristic; undefined unless known items are of both classes. */
  readonly rocAuc: number | undefined;
}

/** How well several questions with the answers yes and no are answered. */
export interface MultiTaskMetrics {
  /** In the order of the targets. */
  readonly perTarget: readonly BinaryMetrics[];
  /** The mean over the targets with known items; undefined without any. */
  readonly accuracy: number | undefined;
  /** The mean over the targets whose known items are of both classes; undefined without any. */
  readonly rocAuc: number | undefined;
  /** Any number of targets, those whose known items are of one class only, or of none: no area is defined for them, and the mean leaves them out. */
  readonly withoutRocAuc: readonly number[];
}

/**
 * Accuracy and ROC AUC, for each target over the items in which it is known, and in the mean.
 *
 * @param actual `[items * targets]`: 0 or 1, NaN where unknown.
 * @param probabilities `[items * targets]`, of the answer 1.
 * @throws DataError `wrong-length`, `index-out-of-range`, `label-out-of-range` for a known target that is not 0 or 1, `not-finite` for a
 * probability that is NaN where the target is known.
 */
export function multiTaskMetrics(
  actual: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { targets = 1, items }: TableMetricOptions = {},
): MultiTaskMetrics {
  const where = "multiTaskMetrics";
  checkTables(where, actual, probabilities, targets, items);
  const perTarget = Array.from({ length: targets }, (_, target): BinaryMetrics => {
    const rows = knownRows(where, actual, probabilities, targets, target, items);
    const known = rows.map((row) => checkedLabel(where, actual[row * targets + target]!, row));
    const scores = rows.map((row) => probabilities[row * targets + target]!);
    const right = known.filter((label, k) => (scores[k]! >= 0.5 ? 1 : 0) === label).length;
    return {
      known: known.length,
      positives: known.reduce((total, label) => total + label, 0),
      accuracy: known.length === 0 ? undefined : right / known.length,
      rocAuc: known.length === 0 ? undefined : rocAuc(known, scores),
    };
  });
  return {
    perTarget,
    accuracy: meanOfDefined(perTarget.map(({ accuracy }) => accuracy)),
    rocAuc: meanOfDefined(perTarget.map((target) => target.rocAuc)),
    withoutRocAuc: Array.from(perTarget.keys()).filter((target) => perTarget[target]?.rocAuc === undefined),
  };
}

function checkedLabel(where: string, label: number, item: number): number {
  if (label === 0 || label === 1) return label;
  throw new DataError(
    "label-out-of-range",
    `${where}: item ${item} has the label ${label}; expected 0 or 1, or NaN where it is unknown.`,
  );
}
