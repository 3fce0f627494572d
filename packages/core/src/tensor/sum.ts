import { ShapeError } from "../errors.ts";
import { record } from "./record.ts";
import { reshape } from "./reshape.ts";
import { axisOf, type Shape, sameShape, sizeOf, stridesFor } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";

/** Which dimension a reduction runs over: counted from the first, or from the last when negative. */
export interface ReduceOptions {
  /** Default: all dimensions, giving a single number. */
  readonly axis?: number;
  /** Whether the reduced dimension stays, with length 1. Default false. */
  readonly keepDimension?: boolean;
}

/** The sum over one dimension, or over all: `[..., length, ...]` to `[..., ...]`, or to one number. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce("sum", x, options, (gradient) => broadcastTo(gradient, x.shape));
}

/** Sums `x` down to a shape that broadcasts to its own: the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  let result = x;
  const lead = x.shape.length - shape.length;
  for (let d = 0; d < x.shape.length; d++) {
    const target = d < lead ? 1 : shape[d - lead]!;
    if (target === 1 && result.shape[d] !== 1) result = sum(result, { axis: d, keepDimension: true });
  }
  return reshape(result, shape);
}

/**
 * Repeats `x` along dimensions of length 1, or along new leading ones, up to `shape`: `[m, 1]` or `[n]` to `[m, n]`.
 *
 * @throws ShapeError `cannot-broadcast`.
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = shape.length - x.shape.length;
  if (lead < 0 || !x.shape.every((length, d) => length === 1 || length === shape[d + lead])) {
    throw new ShapeError(
      "cannot-broadcast",
      `broadcastTo: got shape [${x.shape.join(", ")}] for [${shape.join(", ")}]; expected equal lengths, or 1, in every ` +
        "dimension counted from the last.",
    );
  }
  return record({
    name: "broadcastTo",
    shape,
    inputs: [x],
    forward: (out, engine) =>
      engine.run("stridedCopy", { x: x.buffer, out, shape, strides: stridesFor(x.shape, shape), offset: 0 }),
    backward: (gradient) => [sumTo(gradient, x.shape)],
  });
}

/** One `reduce` kernel. `derive` gets the gradient and the output with the reduced dimension kept, so that both broadcast to `x`. */
export function reduce(
  operation: "sum" | "max",
  x: Tensor,
  { axis, keepDimension = false }: ReduceOptions,
  derive: (gradient: Tensor, y: Tensor) => Tensor,
): Tensor {
  const dimension = axis === undefined ? undefined : axisOf(operation, x.shape, axis);
  const kept = x.shape.map((length, d) => (dimension === undefined || d === dimension ? 1 : length));
  const shape = keepDimension ? kept : dimension === undefined ? [] : kept.filter((_, d) => d !== dimension);
  const outer = dimension === undefined ? 1 : sizeOf(x.shape.slice(0, dimension));
  const length = dimension === undefined ? x.size : x.shape[dimension]!;
  const inner = dimension === undefined ? 1 : sizeOf(x.shape.slice(dimension + 1));
  return record({
    name: operation,
    shape,
    inputs: [x],
    forward: (out, engine) => engine.run("reduce", { operation, x: x.buffer, out, outer, length, inner }),
    backward: (gradient, y) => [derive(reshape(gradient, kept), reshape(y, kept))],
  });
}
