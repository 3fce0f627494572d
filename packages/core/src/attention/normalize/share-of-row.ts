import { add, affine, divide, multiply, step, subtract } from "../../tensor/elementwise.ts";
import { record, withoutGradient } from "../../tensor/record.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { atPositions, rowSums } from "../segment.ts";

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
