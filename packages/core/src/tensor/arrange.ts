import { ShapeError } from "../errors.ts";
import { record } from "./record.ts";
import { axisOf, rowMajorStrides, type Shape } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Dimensions in another order: `[a, b, c]` to `[c, b, a]`, or dimension `d` of the result is dimension `order[d]` of `x`. Default: reversed.
 *
 * @throws ShapeError `not-a-permutation` unless `order` names every dimension once.
 */
export function transpose(x: Tensor, order: readonly number[] = x.shape.map((_, d) => x.shape.length - 1 - d)): Tensor {
  const axes = order.map((axis) => axisOf("transpose", x.shape, axis));
  if (new Set(axes).size !== x.shape.length || axes.length !== x.shape.length) {
    throw new ShapeError(
      "not-a-permutation",
      `transpose: got the order [${order.join(", ")}] for shape [${x.shape.join(", ")}]; expected every dimension once.`,
    );
  }
  const strides = rowMajorStrides(x.shape);
  const shape = axes.map((axis) => x.shape[axis]!);
  const inverse = axes.map((_, d) => axes.indexOf(d));
  return record({
    name: "transpose",
    shape,
    inputs: [x],
    forward: (out, engine) =>
      engine.run("stridedCopy", { x: x.buffer, out, shape, strides: axes.map((axis) => strides[axis]!), offset: 0 }),
    backward: (gradient) => [transpose(gradient, inverse)],
  });
}

/**
 * The part of `x` from `start` up to but not including `end` along `axis`: `[..., length, ...]` to `[..., end - start, ...]`.
 *
 * @throws ShapeError `out-of-range`.
 */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const dimension = axisOf("slice", x.shape, axis);
  const length = x.shape[dimension]!;
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= length)) {
    throw new ShapeError(
      "out-of-range",
      `slice: got ${start} to ${end} of a dimension of length ${length}; expected whole numbers, 0 <= start <= end <= ${length}.`,
    );
  }
  const strides = rowMajorStrides(x.shape);
  const shape = x.shape.map((l, d) => (d === dimension ? end - start : l));
  const offset = start * strides[dimension]!;
  return record({
    name: "slice",
    shape,
    inputs: [x],
    forward: (out, engine) => engine.run("stridedCopy", { x: x.buffer, out, shape, strides, offset }),
    backward: (gradient) => [placeInto(x.shape, [{ part: gradient, strides, offset }])],
  });
}

/**
 * Tensors one after the other along `axis`, which may have any length in each; all other lengths are equal: `[..., m, ...]` and `[..., n, ...]` to `[..., m + n, ...]`.
 *
 * @throws ShapeError `shapes-differ`.
 */
export function concatenate(parts: readonly Tensor[], axis: number): Tensor {
  const first = parts[0];
  if (first === undefined) throw new ShapeError("shapes-differ", "concatenate: got no tensors; expected at least one.");
  const dimension = axisOf("concatenate", first.shape, axis);
  for (const part of parts) {
    if (
      part.shape.length === first.shape.length &&
      part.shape.every((l, d) => d === dimension || l === first.shape[d])
    ) {
      continue;
    }
    throw new ShapeError(
      "shapes-differ",
      `concatenate: got shapes [${first.shape.join(", ")}] and [${part.shape.join(", ")}]; expected equal lengths in every ` +
        `dimension but ${dimension}.`,
    );
  }
  const lengths = parts.map((part) => part.shape[dimension]!);
  const shape = first.shape.map((l, d) => (d === dimension ? lengths.reduce((a, b) => a + b, 0) : l));
  const strides = rowMajorStrides(shape);
  const starts = lengths.map((_, k) => lengths.slice(0, k).reduce((a, b) => a + b, 0));
  const places = parts.map((part, k) => ({ part, strides, offset: starts[k]! * strides[dimension]! }));
  return placeInto(shape, places, (gradient) =>
    parts.map((_, k) => slice(gradient, dimension, starts[k]!, starts[k]! + lengths[k]!)),
  );
}

/** Zeros of `shape` with each part added at its place. */
function placeInto(
  shape: Shape,
  places: readonly { part: Tensor; strides: readonly number[]; offset: number }[],
  backward: (gradient: Tensor) => readonly Tensor[] = () => [],
): Tensor {
  return record({
    name: "place",
    shape,
    inputs: places.map(({ part }) => part),
    forward: (out, engine) => {
      for (const { part, strides, offset } of places) {
        engine.run("stridedAdd", { x: part.buffer, out, shape: part.shape, strides, offset });
      }
    },
    backward,
  });
}
