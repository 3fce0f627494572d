import { ShapeError } from "../errors.ts";
import { exp } from "./elementwise.ts";
import { record } from "./record.ts";
import type { Tensor } from "./tensor.ts";

/**
 * `x - log(sum(exp(x)))` over the last dimension, without overflow: `[..., width]` to `[..., width]`.
 *
 * @throws ShapeError `no-such-axis` for a single number.
 */
export function logSoftmax(x: Tensor): Tensor {
  const width = x.shape.at(-1);
  if (width === undefined) {
    throw new ShapeError("no-such-axis", "logSoftmax: got a single number; expected at least one dimension.");
  }
  return record({
    name: "logSoftmax",
    shape: x.shape,
    inputs: [x],
    forward: (out, engine) => engine.run("logSoftmax", { x: x.buffer, out, width }),
    backward: (gradient, y) => [logSoftmaxGradient(y, gradient, width)],
  });
}

function logSoftmaxGradient(y: Tensor, gradient: Tensor, width: number): Tensor {
  return record({
    name: "logSoftmax gradient",
    shape: y.shape,
    inputs: [y, gradient],
    forward: (out, engine) => engine.run("logSoftmaxGradient", { y: y.buffer, gradient: gradient.buffer, out, width }),
    backward: () => [],
  });
}

/** `exp(x) / sum(exp(x))` over the last dimension, without overflow: `[..., width]` to `[..., width]`. */
export function softmax(x: Tensor): Tensor {
  return exp(logSoftmax(x));
}
