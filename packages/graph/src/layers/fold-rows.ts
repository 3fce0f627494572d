import { concatenate, full, gatherRows, slice, type Tensor } from "@vicinal/core";

/** Rows `left` and `right` are combined pair by pair, rows `alone` stay as they are; the pairs come first in the result. */
interface Round {
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  readonly alone: Uint32Array;
}

interface Pairing {
  readonly rounds: readonly Round[];
  /** The row that each group has become after the last round; for an empty group the number of rows there are. */
  readonly last: Uint32Array;
}

const pairings = new WeakMap<Uint32Array, Pairing>();

/**
 * One row for each group, by an operation of two: `x[p] op x[p + 1] op ...` over the rows from `offsets[i]` to `offsets[i + 1] - 1`, and
 * `empty` where there are none. Neighbors are combined in pairs, and the results again, so that the work grows with the rows, however
 * many of them one group has; gradients follow from those of the operation.
 */
export function foldRows(
  x: Tensor,
  offsets: Uint32Array,
  combine: (a: Tensor, b: Tensor) => Tensor,
  empty: number,
): Tensor {
  let pairing = pairings.get(offsets);
  if (pairing === undefined) {
    pairing = pairUp(offsets);
    pairings.set(offsets, pairing);
  }
  let rows = slice(x, 0, 0, offsets[offsets.length - 1] ?? 0);
  for (const { left, right, alone } of pairing.rounds) {
    rows = concatenate([combine(gatherRows(rows, left), gatherRows(rows, right)), gatherRows(rows, alone)], 0);
  }
  const padding = full([1, ...x.shape.slice(1)], empty, { engine: x.engine });
  return gatherRows(concatenate([rows, padding], 0), pairing.last);
}

function pairUp(offsets: Uint32Array): Pairing {
  const groups = offsets.length - 1;
  let starts = offsets;
  let rowAt = Uint32Array.from({ length: offsets[groups] ?? 0 }, (_, position) => position);
  const rounds: Round[] = [];
  while (rowAt.length > countWhere(groups, (i) => starts[i]! < starts[i + 1]!)) {
    const next = halve(starts, rowAt);
    rounds.push(next.round);
    ({ starts, rowAt } = next);
  }
  const last = Uint32Array.from({ length: groups }, (_, i) =>
    starts[i]! < starts[i + 1]! ? rowAt[starts[i]!]! : rowAt.length,
  );
  return { rounds, last };
}

/** Combines the rows of every group in pairs: the row at each position, and where groups start, before and after. */
function halve(
  starts: Uint32Array,
  rowAt: Uint32Array,
): { readonly round: Round; readonly starts: Uint32Array; readonly rowAt: Uint32Array<ArrayBuffer> } {
  const groups = starts.length - 1;
  const lengthOf = (i: number): number => starts[i + 1]! - starts[i]!;
  const single = countWhere(groups, (i) => lengthOf(i) % 2 === 1);
  const pairs = (rowAt.length - single) / 2;
  const round = { left: new Uint32Array(pairs), right: new Uint32Array(pairs), alone: new Uint32Array(single) };
  const nextStarts = new Uint32Array(groups + 1);
  const nextRowAt = new Uint32Array(pairs + single);
  let [pair, lone, position] = [0, 0, 0];
  for (let i = 0; i < groups; i++) {
    let p = starts[i]!;
    for (; p + 1 < starts[i + 1]!; p += 2) {
      round.left[pair] = rowAt[p]!;
      round.right[pair] = rowAt[p + 1]!;
      nextRowAt[position++] = pair++;
    }
    if (p < starts[i + 1]!) {
      round.alone[lone] = rowAt[p]!;
      nextRowAt[position++] = pairs + lone++;
    }
    nextStarts[i + 1] = position;
  }
  return { round, starts: nextStarts, rowAt: nextRowAt };
}

function countWhere(count: number, holds: (i: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < count; i++) if (holds(i)) found++;
  return found;
}
