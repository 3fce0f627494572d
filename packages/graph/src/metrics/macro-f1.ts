import { confusion } from "./confusion.ts";

/**
 * The unweighted mean of the classes' F1 scores, from 0 to 1, where
 *
 *     F1 = 2 * true positives / (2 * true positives + false positives + false negatives)
 *
 * A class that no node has and none was predicted to have does not count; scikit-learn's `f1_score(average="macro")` does the same.
 *
 * @param actual Class of each node.
 * @param predicted Predicted class of each node.
 * @param classes Count of classes; they are numbered from 0.
 * @param nodes The nodes to look at, any count of them. Default: all.
 * @throws DataError `wrong-length`, `no-nodes`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range`.
 */
export function macroF1(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  nodes?: ArrayLike<number> | undefined,
): number {
  return macroF1OfConfusion(confusion(actual, predicted, classes, nodes));
}

/** {@link macroF1} of counts `[actual][predicted]` that hold at least one node. */
export function macroF1OfConfusion(counts: readonly (readonly number[])[]): number {
  let total = 0;
  let present = 0;
  for (const [c, row] of counts.entries()) {
    const hasClass = row.reduce((sum, count) => sum + count, 0);
    const predictedClass = counts.reduce((sum, other) => sum + other[c]!, 0);
    if (hasClass + predictedClass === 0) continue;
    // 2 TP + FP + FN is the count of nodes that have the class plus that of those predicted to have it.
    total += (2 * row[c]!) / (hasClass + predictedClass);
    present++;
  }
  return total / present;
}
