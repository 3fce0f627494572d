import { ShapeError } from "../errors.ts";
import { groupBy, groupByColumn, groupsOfPositions } from "./group-by.ts";
import { indexBuffer } from "./indices.ts";
import { record } from "./record.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";

/** Rows grouped in compressed form: group `i` owns the positions from `offsets[i]` to `offsets[i + 1] - 1`. */
export interface Grouping {
  /** `groups + 1` ascending starts. */
  readonly offsets: Uint32Array;
  /** The row at each position; undefined where positions are rows. */
  readonly permutation?: Uint32Array | undefined;
}

/** The groupings of index arrays by value, kept because the same index is used in every training step. */
const inverses = new WeakMap<Uint32Array, Grouping>();

/**
 * Rows of `x` by number: `[rows, ...] -> [index.length, ...]`, `out[r] = x[index[r]]`. `inverse`, the positions grouped by the row
 * they name, is what the gradient sums over; it is computed and kept when not given.
 *
 * @throws ShapeError `no-such-axis` for a single number.
 */
export function gatherRows(x: Tensor, index: Uint32Array, inverse?: Grouping): Tensor {
  const [rows, ...rest] = x.shape;
  if (rows === undefined) {
    throw new ShapeError("no-such-axis", "gatherRows: got a single number; expected at least one dimension.");
  }
  const width = sizeOf(rest);
  return record({
    name: "gatherRows",
    shape: [index.length, ...rest],
    inputs: [x],
    forward: (out, engine) => engine.run("gatherRows", { x: x.buffer, index: indexBuffer(engine, index), out, width }),
    backward: (gradient) => [segmentSum(gradient, inverse ?? inverseOf(index, rows))],
  });
}

/**
 * Sums of grouped rows: `[rows, ...] -> [groups, ...]`. A group without rows gives zeros. A row may belong to no group, or to several.
 */
export function segmentSum(x: Tensor, grouping: Grouping): Tensor {
  const { offsets, permutation } = grouping;
  const rest: Shape = x.shape.slice(1);
  const width = sizeOf(rest);
  return record({
    name: "segmentSum",
    shape: [offsets.length - 1, ...rest],
    inputs: [x],
    forward: (out, engine) =>
      engine.run("segmentSum", {
        x: x.buffer,
        offsets: indexBuffer(engine, offsets),
        permutation: permutation === undefined ? null : indexBuffer(engine, permutation),
        out,
        width,
      }),
    backward: (gradient) => [segmentSum(gradient, groupsOfRows(grouping, x.shape[0] ?? 0))],
  });
}

function inverseOf(index: Uint32Array, rows: number): Grouping {
  let inverse = inverses.get(index);
  if (inverse === undefined || inverse.offsets.length !== rows + 1) {
    inverse = groupBy(index, rows);
    inverses.set(index, inverse);
  }
  return inverse;
}

const transposed = new WeakMap<Grouping, Grouping>();

/** For each row the groups that it belongs to: what its gradient sums over. */
function groupsOfRows(grouping: Grouping, rows: number): Grouping {
  let groups = transposed.get(grouping);
  if (groups === undefined || groups.offsets.length !== rows + 1) {
    const { offsets, permutation } = grouping;
    const groupOf = groupsOfPositions(offsets);
    const { offsets: starts, rows: groupsOfRow } = groupByColumn(
      groupOf,
      permutation ?? groupOf.map((_, p) => p),
      rows,
    );
    groups = { offsets: starts, permutation: groupsOfRow };
    transposed.set(grouping, groups);
  }
  return groups;
}
