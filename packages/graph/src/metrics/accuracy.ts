import { checkSelection, countOf, nodeAt } from "./selection.ts";

/**
 * The share of nodes whose predicted class is the actual one, from 0 to 1.
 *
 * @param actual Class of each node.
 * @param predicted Predicted class of each node.
 * @param nodes The nodes to look at, any count of them. Default: all.
 * @throws DataError `wrong-length`, `no-nodes`, `index-out-of-range`, `unlabeled-node`.
 */
export function accuracy(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  nodes?: ArrayLike<number> | undefined,
): number {
  checkSelection("accuracy", actual, predicted, nodes);
  const count = countOf(actual, nodes);
  let right = 0;
  for (let k = 0; k < count; k++) {
    const node = nodeAt(k, nodes);
    if (actual[node] === predicted[node]) right++;
  }
  return right / count;
}
