import { add, affine, divide, multiply, relu, step, subtract } from "../../tensor/elementwise.ts";
import { record, withoutGradient } from "../../tensor/record.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { atPositions, rowSums } from "../segment.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * Shares of what is positive: `max(l_ij, 0) / sum over k in N(i) of max(l_ik, 0)`. Logits that are not positive have no weight; a row without
 * a positive one has none at all, and no gradient.
 *
 * ```math
 * w_{ij} = \frac{\max(l_{ij}, 0)}{\sum_{k \in N(i)} \max(l_{ik}, 0)}
 * ```
 */
export function reluNormalizer(): Normalizer {
  return {
    name: "relu",
    options: {},
    normalize: (logits, { offsets }) => shareOfRow(relu(logits), offsets),
    expression: { weight: (logit) => logit.relu(), isShare: true },
  };
}

/**
 * Numbers that are not negative, divided by the sum of their row; zeros where that is 0. The gradient, `(g - sum of g * share) / sum`, is written
 * out: composed of divisions it would square the sum.
 */
export function shareOfRow(x: Tensor, offsets: Uint32Array): Tensor {
  const sums = withoutGradient(() => {
    const total = rowSums(x, offsets);
    // 1 in the place of 0, so that 0 / 0 is 0.
    return atPositions(add(total, affine(step(total), -1, 1)), offsets);
  });
  return record({
    name: "shareOfRow",
    shape: x.shape,
    inputs: [x],
    forward: (out, engine) =>
      engine.run("binary", {
        operation: "divide",
        a: x.buffer,
        b: sums.buffer,
        out,
        shape: [x.size],
        aStrides: [1],
        bStrides: [1],
      }),
    backward: (gradient, share) => {
      const mean = rowSums(multiply(gradient, share), offsets);
      return [divide(subtract(gradient, atPositions(mean, offsets)), sums)];
    },
  });
}
