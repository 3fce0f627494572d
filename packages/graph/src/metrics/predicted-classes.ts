import { DataError } from "@vicinal/core";

/**
 * The class with the highest score for each node; the first of those that are level.
 *
 * @param scores `[nodes, classes]`: probabilities, logits or any other scores.
 * @param classes Count of classes.
 * @returns `[nodes]`.
 * @throws DataError `wrong-length` if the scores are not whole rows, `not-finite` for a score that is NaN.
 */
export function predictedClasses(scores: ArrayLike<number>, classes: number): Int32Array {
  if (!(classes > 0 && Number.isInteger(scores.length / classes))) {
    throw new DataError(
      "wrong-length",
      `predictedClasses: got ${scores.length} scores of ${classes} classes; expected one of each class a node.`,
    );
  }
  const predicted = new Int32Array(scores.length / classes);
  for (let node = 0; node < predicted.length; node++) {
    const row = node * classes;
    let best = 0;
    for (let c = 0; c < classes; c++) {
      if (Number.isNaN(scores[row + c])) {
        throw new DataError(
          "not-finite",
          `predictedClasses: the score of class ${c} for node ${node} is NaN; expected numbers that can be ordered.`,
        );
      }
      if (scores[row + c]! > scores[row + best]!) best = c;
    }
    predicted[node] = best;
  }
  return predicted;
}
