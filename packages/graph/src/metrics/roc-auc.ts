import { DataError } from "@vicinal/core";
import { checkSelection, countOf, nodeAt } from "./selection.ts";

/**
 * The area under the receiver operating characteristic: the probability that a node of the positive class gets a higher score than one
 * of the negative class, ties counting one half. Exact: it equals the rank statistic of Mann and Whitney (1947) with midranks
 * (Hanley and McNeil, 1982).
 *
 * @param actual Class of each node, 0 negative and 1 positive.
 * @param scores Of each node, the higher the more likely positive; any scale, infinite values allowed.
 * @param nodes The nodes to look at, any count of them. Default: all.
 * @returns From 0 to 1; undefined when all nodes are of one class, where no area is defined.
 * @throws DataError `wrong-length`, `no-nodes`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range` for a class above 1,
 * `not-finite` for a score that is NaN.
 */
export function rocAuc(
  actual: ArrayLike<number>,
  scores: ArrayLike<number>,
  nodes?: ArrayLike<number> | undefined,
): number | undefined {
  checkSelection("rocAuc", actual, scores, nodes);
  const count = countOf(actual, nodes);
  const sorted = [new Float64Array(count), new Float64Array(count)] as const;
  const lengths = [0, 0];
  for (let k = 0; k < count; k++) {
    const node = nodeAt(k, nodes);
    const ofClass = sorted[actual[node]!];
    if (ofClass === undefined) {
      throw new DataError(
        "label-out-of-range",
        `rocAuc: node ${node} has the class ${actual[node]}; expected 0 or 1. Measure one class against the rest.`,
      );
    }
    if (Number.isNaN(scores[node])) {
      throw new DataError(
        "not-finite",
        `rocAuc: the score of node ${node} is NaN; expected numbers that can be ordered.`,
      );
    }
    ofClass[lengths[actual[node]!]!++] = scores[node]!;
  }
  const negatives = sorted[0].subarray(0, lengths[0]).sort();
  const positives = sorted[1].subarray(0, lengths[1]).sort();
  if (negatives.length === 0 || positives.length === 0) return undefined;

  // Twice the count of pairs in the right order, ties once: whole numbers, so that nothing is rounded.
  let halves = 0;
  let below = 0;
  let notAbove = 0;
  for (const positive of positives) {
    while (below < negatives.length && negatives[below]! < positive) below++;
    while (notAbove < negatives.length && negatives[notAbove]! <= positive) notAbove++;
    halves += below + notAbove;
  }
  return halves / (2 * negatives.length * positives.length);
}
