import { ShapeError } from "../errors.ts";
import { isIndex } from "../is-index.ts";

/** Sizes of a tensor's dimensions, outermost first. `[]` is a single number. */
export type Shape = readonly number[];

/** Count of numbers in a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** @throws ShapeError `not-a-shape` unless every length is a whole number that is not negative. */
export function checkShape(name: string, shape: Shape): void {
  if (shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return;
  throw new ShapeError(
    "not-a-shape",
    `${name}: got the shape [${shape.join(", ")}]; expected whole numbers that are not negative.`,
  );
}

/**
 * The shape that two shapes broadcast to, by NumPy's rule: aligned at the end, lengths equal or 1.
 *
 * @throws ShapeError `cannot-broadcast` naming both shapes.
 */
export function broadcastShape(name: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let d = 0; d < rank; d++) {
    const left = a[d - rank + a.length] ?? 1;
    const right = b[d - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(
        "cannot-broadcast",
        `${name}: got shapes [${a.join(", ")}] and [${b.join(", ")}]; expected equal lengths, or 1, in every dimension ` +
          "counted from the last.",
      );
    }
    shape.push(left === 1 ? right : left);
  }
  return shape;
}

/** Steps in a row-major buffer of shape `from`, for each dimension of `to`; 0 where `from` is broadcast. */
export function stridesFor(from: Shape, to: Shape): number[] {
  const strides = new Array<number>(to.length).fill(0);
  let step = 1;
  for (let d = from.length - 1; d >= 0; d--) {
    strides[d + to.length - from.length] = from[d] === 1 ? 0 : step;
    step *= from[d]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, d) => length === b[d]);
}

/** Steps in a row-major buffer for each dimension of `shape`. */
export function rowMajorStrides(shape: Shape): number[] {
  return shape.map((_, d) => sizeOf(shape.slice(d + 1)));
}

/**
 * The dimension that `axis` names, counted from the last when negative.
 *
 * @throws ShapeError `no-such-axis`.
 */
export function axisOf(name: string, shape: Shape, axis: number): number {
  const rank = shape.length;
  const dimension = axis < 0 ? axis + rank : axis;
  if (!isIndex(dimension, rank)) {
    throw new ShapeError(
      "no-such-axis",
      `${name}: got axis ${axis} for shape [${shape.join(", ")}]; expected a whole number from ${-rank} to ${rank - 1}.`,
    );
  }
  return dimension;
}
