import { crossEntropy } from "@vicinal/core";
import type { NodeMetric, NodeTargets } from "./node-targets.ts";

/**
 * One class a node: cross-entropy of the softmax over classes.
 *
 * @param labels Class of each node; -1 where unknown.
 */
export function classTargets(labels: Int32Array, classes: number, metric: NodeMetric): NodeTargets {
  return {
    outputs: classes,
    metric,
    loss(logits, nodeOf) {
      const targets = new Int32Array(nodeOf.length).fill(-1);
      for (let row = 0; row < targets.length; row++) if (nodeOf[row]! >= 0) targets[row] = labels[nodeOf[row]!]!;
      return crossEntropy(logits, targets);
    },
    probabilities: (logits) => softmaxOfRows(logits, classes),
  };
}

function softmaxOfRows(logits: Float32Array | Float64Array, width: number): Float32Array | Float64Array {
  const shares = logits.slice();
  for (let start = 0; start < shares.length; start += width) {
    const row = shares.subarray(start, start + width);
    let largest = Number.NEGATIVE_INFINITY;
    for (const logit of row) largest = Math.max(largest, logit);
    let total = 0;
    for (const logit of row) total += Math.exp(logit - largest);
    for (let c = 0; c < width; c++) row[c] = Math.exp(row[c]! - largest) / total;
  }
  return shares;
}
