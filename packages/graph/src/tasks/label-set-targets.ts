import { binaryCrossEntropy } from "@vicinal/core";
import type { NodeMetric, NodeTargets } from "./node-targets.ts";

/**
 * Any number of labels a node, each told by itself: binary cross-entropy of the sigmoid of each label, in the mean over labels.
 *
 * @param labels `[nodes * count]`: 1 where a node carries a label, else 0.
 */
export function labelSetTargets(labels: Uint8Array, count: number, metric: NodeMetric): NodeTargets {
  return {
    outputs: count,
    metric,
    loss(logits, nodeOf) {
      const targets = new Uint8Array(nodeOf.length * count);
      const weights = new Uint8Array(nodeOf.length * count);
      for (let row = 0; row < nodeOf.length; row++) {
        const node = nodeOf[row]!;
        if (node < 0) continue;
        targets.set(labels.subarray(node * count, (node + 1) * count), row * count);
        weights.fill(1, row * count, (row + 1) * count);
      }
      return binaryCrossEntropy(logits, targets, { weights });
    },
    probabilities: (logits) => logits.map((logit) => 1 / (1 + Math.exp(-logit))),
  };
}
