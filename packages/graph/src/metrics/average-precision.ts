import { DataError } from "@vicinal/core";
import { checkSelection, countOf, nodeAt } from "./selection.ts";

/**
 * The average precision: the sum over thresholds of `(recall_n - recall_(n-1)) * precision_n`, where a threshold takes all items of one score at once.
 * Items of equal score are not put into any order, as in scikit-learn's `average_precision_score`.
 *
 * @param actual Class of each item, 0 negative and 1 positive.
 * @param scores Of each item, the higher the more likely positive; any scale, infinite values allowed.
 * @param items The items to look at, any count of them. Default: all.
 * @returns Above 0 to 1; undefined when no item is positive.
 * @throws DataError `wrong-length`, `no-nodes`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range` for a class above 1,
 * `not-finite` for a score that is NaN.
 */
export function averagePrecision(
  actual: ArrayLike<number>,
  scores: ArrayLike<number>,
  items?: ArrayLike<number> | undefined,
): number | undefined {
  checkSelection("averagePrecision", actual, scores, items);
  const looked = Array.from({ length: countOf(actual, items) }, (_, k) => nodeAt(k, items));
  let positives = 0;
  for (const item of looked) {
    checkItem(item, actual[item]!, scores[item]!);
    positives += actual[item]!;
  }
  if (positives === 0) return undefined;

  looked.sort((a, b) => (scores[a] === scores[b] ? 0 : scores[b]! > scores[a]! ? 1 : -1));
  let found = 0;
  let total = 0;
  for (let k = 0; k < looked.length; ) {
    const score = scores[looked[k]!]!;
    const before = found;
    while (k < looked.length && scores[looked[k]!] === score) found += actual[looked[k++]!]!;
    total += ((found - before) * found) / k;
  }
  return total / positives;
}

function checkItem(item: number, label: number, score: number): void {
  if (label !== 0 && label !== 1) {
    throw new DataError(
      "label-out-of-range",
      `averagePrecision: item ${item} has the class ${label}; expected 0 or 1. Measure one class against the rest.`,
    );
  }
  if (!Number.isNaN(score)) return;
  throw new DataError(
    "not-finite",
    `averagePrecision: the score of item ${item} is NaN; expected numbers that can be ordered.`,
  );
}
