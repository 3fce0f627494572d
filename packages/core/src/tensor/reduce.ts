import { divide, multiply, notBelow } from "./elementwise.ts";
import { reshape } from "./reshape.ts";
import { axisOf } from "./shapes.ts";
import { type ReduceOptions, reduce, sum } from "./sum.ts";
import type { Tensor } from "./tensor.ts";

/** The mean over one dimension, or over all: `[..., length, ...]` to `[..., ...]`, or to one number. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const count = options.axis === undefined ? x.size : (x.shape[axisOf("mean", x.shape, options.axis)] ?? 1);
  return divide(sum(x, options), count);
}

/** The largest number over one dimension, or over all: `[..., length, ...]` to `[..., ...]`, or to one number. Equal largest numbers share the gradient evenly. */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce("max", x, options, (gradient, y) => {
    const isMax = notBelow(x, y);
    const { axis } = options;
    const ties = sum(isMax, axis === undefined ? {} : { axis, keepDimension: true });
    return multiply(isMax, divide(gradient, reshape(ties, y.shape)));
  });
}
