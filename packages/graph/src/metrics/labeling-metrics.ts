import { DataError } from "@vicinal/core";
import type { LabelingMetrics } from "../tasks/node-labeling.ts";
import { accuracy } from "./accuracy.ts";
import { confusion } from "./confusion.ts";
import { macroF1OfConfusion } from "./macro-f1.ts";
import { rocAuc } from "./roc-auc.ts";

/**
 * All metrics of a labeling at once, over one part of the nodes.
 *
 * @param labels Class of each node; -1 where unknown.
 * @param predicted Predicted class of each node.
 * @param probabilities `[nodes, classes]`. Of two classes, the second is the positive one of the ROC curve, and its probability the
 * score.
 * @param nodes The nodes to look at, any count of them and all labelled.
 * @param classes Count of classes.
 * @returns `rocAuc` is undefined unless there are two classes and the nodes are of both.
 * @throws DataError `wrong-length`, `no-nodes`, `index-out-of-range`, `unlabeled-node`, `label-out-of-range`, `not-finite`.
 */
export function labelingMetrics(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  nodes: ArrayLike<number>,
  classes: number,
): LabelingMetrics {
  if (probabilities.length !== labels.length * classes) {
    throw new DataError(
      "wrong-length",
      `labelingMetrics: got ${probabilities.length} probabilities for ${labels.length} nodes x ${classes} classes; ` +
        `expected ${labels.length * classes}.`,
    );
  }
  const counts = confusion(labels, predicted, classes, nodes);
  return {
    nodes: nodes.length,
    accuracy: accuracy(labels, predicted, nodes),
    macroF1: macroF1OfConfusion(counts),
    rocAuc: classes === 2 ? rocAuc(labels, secondColumn(probabilities, labels.length), nodes) : undefined,
    confusion: counts,
  };
}

function secondColumn(probabilities: ArrayLike<number>, rows: number): Float64Array {
  const column = new Float64Array(rows);
  for (let r = 0; r < rows; r++) column[r] = probabilities[2 * r + 1]!;
  return column;
}
