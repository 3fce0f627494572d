import { DataError } from "@vicinal/core";
import { checkSelection, countOf, nodeAt } from "./selection.ts";

/**
 * Counts nodes by actual and predicted class.
 *
 * @param actual Class of each node.
 * @param predicted Predicted class of each node.
 * @param classes Count of classes; they are numbered from 0.
 * @param nodes The nodes to look at, any count of them. Default: all.
 * @returns `confusion[actual][predicted]`, `classes` rows of `classes` counts.
 * @throws DataError `wrong-length`, `no-nodes`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range`.
 */
export function confusion(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  nodes?: ArrayLike<number> | undefined,
): number[][] {
  checkSelection("confusion", actual, predicted, nodes);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const count = countOf(actual, nodes);
  for (let k = 0; k < count; k++) {
    const node = nodeAt(k, nodes);
    const row = counts[actual[node]!];
    const column = predicted[node]!;
    if (row === undefined || row[column] === undefined) {
      throw new DataError(
        "label-out-of-range",
        `confusion: node ${node} has the class ${actual[node]} and the prediction ${column}; expected numbers below ${classes}, ` +
          "the count of classes.",
      );
    }
    row[column]++;
  }
  return counts;
}
