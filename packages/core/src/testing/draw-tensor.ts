import { type Draw, drawRandom, floats } from "../engine/conformance/draw.ts";
import type { Engine } from "../engine/engine.ts";
import { parameter } from "../tensor/create.ts";
import { type Shape, sizeOf } from "../tensor/shapes.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Numbers that float32 holds exactly, in a shape: the same on every engine. */
export interface Numbers {
  readonly values: Float32Array;
  readonly shape: Shape;
}

/** Numbers from `low` to `high`. */
export function drawNumbers(draw: Draw, shape: Shape, low = -2, high = 2): Numbers {
  return { values: floats(drawRandom(draw), sizeOf(shape), low, high), shape };
}

/** Dimensions of length 0 to 4, mostly not 0. */
export function drawShape(draw: Draw, leastRank = 0, mostRank = 4): number[] {
  return Array.from({ length: draw.integer(leastRank, mostRank) }, () => drawLength(draw));
}

export function drawLength(draw: Draw): number {
  return draw.integer(0, 9) === 0 ? 0 : draw.integer(1, 4);
}

/** A leaf that requires a gradient. */
export function leafOf({ values, shape }: Numbers, engine: Engine): Tensor {
  return parameter(values, shape, { engine });
}

/** Every index of a shape, the last dimension fastest: the order in which a tensor's numbers lie. */
export function* indicesOf(shape: Shape): Generator<readonly number[]> {
  if (shape.length === 0) {
    yield [];
    return;
  }
  const [length, ...rest] = shape;
  for (let i = 0; i < length!; i++) for (const index of indicesOf(rest)) yield [i, ...index];
}

/** The number at an index. */
export function at(
  { values, shape }: { readonly values: ArrayLike<number>; readonly shape: Shape },
  index: Shape,
): number {
  return values[index.reduce((position, i, d) => position * shape[d]! + i, 0)]!;
}
