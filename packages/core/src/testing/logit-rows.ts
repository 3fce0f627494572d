import { Matrix } from "ml-matrix";
import { type Draw, drawFrom, drawRandom, drawRows, floats } from "../engine/conformance/draw.ts";
import type { Engine } from "../engine/engine.ts";
import { parameter } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Logits of each position and head, and the rows that the positions fall into. */
export interface LogitRows {
  /** `[positions, heads]`, numbers that float32 holds. */
  readonly logits: Matrix;
  /** `rows + 1` ascending starts. */
  readonly offsets: Uint32Array;
}

/** Rows of no, one and many positions, up to ± `magnitude`; equal logits occur, some are -Infinity, and some rows have no other. */
export function drawLogitRows(draw: Draw, magnitude = drawFrom(draw, [1, 5, 1e4])): LogitRows {
  const random = drawRandom(draw);
  const { offsets, positions, rows } = drawRows(draw, random);
  const heads = draw.integer(1, 5);
  const values = floats(random, positions * heads, -magnitude, magnitude).map((value) => {
    if (random.integer(8) === 0) return Number.NEGATIVE_INFINITY;
    return random.integer(3) === 0 ? (Math.round((4 * value) / magnitude) * magnitude) / 4 : value;
  });
  for (let row = 0; row < rows; row++) {
    if (random.integer(6) === 0)
      values.fill(Number.NEGATIVE_INFINITY, offsets[row]! * heads, offsets[row + 1]! * heads);
  }
  return { logits: Matrix.from1DArray(positions, heads, Array.from(values)), offsets };
}

/** One row of logits for one head. */
export function oneRow(...logits: readonly number[]): LogitRows {
  return { logits: Matrix.columnVector([...logits]), offsets: Uint32Array.of(0, logits.length) };
}

/** The logits as a leaf that requires a gradient. */
export function logitLeaf({ logits }: LogitRows, engine: Engine): Tensor {
  return parameter(logits.to1DArray(), [logits.rows, logits.columns], { engine });
}

/**
 * What `formula` makes of each row and head, in place: given the finite logits of a row, one weight each. Logits of -Infinity weigh 0. Row-major, as a tensor's
 * numbers lie.
 */
export function weightsByRow(
  { logits, offsets }: LogitRows,
  formula: (finite: readonly number[]) => readonly number[],
): number[] {
  const weights = Matrix.zeros(logits.rows, logits.columns);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let h = 0; h < logits.columns; h++) {
      const positions: number[] = [];
      for (let p = offsets[row]!; p < offsets[row + 1]!; p++) if (Number.isFinite(logits.get(p, h))) positions.push(p);
      const ofRow = positions.length === 0 ? [] : formula(positions.map((p) => logits.get(p, h)));
      for (const [k, p] of positions.entries()) weights.set(p, h, ofRow[k]!);
    }
  }
  return weights.to1DArray();
}
