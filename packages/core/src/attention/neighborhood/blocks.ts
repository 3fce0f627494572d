import { checkCount } from "./check-counts.ts";
import type { Neighborhood } from "./neighborhood.ts";
import type { SparseNeighborhood } from "./sparse.ts";

/** Receivers `first` to `last - 1`. */
export type ReceiverBlock = readonly [first: number, last: number];

/** How many pairs are listed at once, if a single receiver has no more, where rows are only looked through. */
const PAIRS_AT_ONCE = 2 ** 24;

/**
 * The pairs of the receivers from `first` to `last - 1`, as a neighborhood with `last - first` receivers and all senders. Where the
 * neighborhood computes its rows, no others are listed.
 *
 * @throws ShapeError `out-of-range` unless `0 <= first <= last <= receivers`.
 */
export function rowsOf(neighborhood: Neighborhood, first: number, last: number): SparseNeighborhood {
  return (neighborhood.computed ?? neighborhood.sparse()).rows(first, last);
}

/**
 * Cuts the receivers into blocks, in order, that have at most `pairsPerBlock` pairs each; a receiver with more is a block of its own. Of
 * a neighborhood that has runs nothing is listed, and of any other that computes its rows only a bounded part at a time.
 *
 * @throws OptionError `out-of-range` unless `pairsPerBlock` is a whole number above 0.
 */
export function blocksOf(neighborhood: Neighborhood, pairsPerBlock: number): Iterable<ReceiverBlock> {
  checkCount("blocksOf", "pairsPerBlock", pairsPerBlock, 1);
  return cut(degreesOf(neighborhood), pairsPerBlock);
}

/** Blocks that can be listed whatever their rows hold. */
export function* smallBlocks(
  { senders }: Neighborhood,
  first: number,
  last: number,
): Generator<ReceiverBlock, void, undefined> {
  const count = Math.max(1, Math.floor(PAIRS_AT_ONCE / Math.max(1, senders)));
  for (let start = first; start < last; start += count) yield [start, Math.min(last, start + count)];
}

function* cut(degrees: Iterable<number>, pairsPerBlock: number): Generator<ReceiverBlock, void, undefined> {
  let [first, next, pairs] = [0, 0, 0];
  for (const degree of degrees) {
    if (next > first && pairs + degree > pairsPerBlock) {
      yield [first, next];
      first = next;
      pairs = 0;
    }
    pairs += degree;
    next++;
  }
  if (next > first) yield [first, next];
}

function* degreesOf(neighborhood: Neighborhood): Generator<number, void, undefined> {
  const { runs, receivers } = neighborhood;
  if (runs !== undefined) {
    for (let i = 0; i < receivers; i++) yield runs.ends[i]! - runs.starts[i]!;
    return;
  }
  for (const [first, last] of smallBlocks(neighborhood, 0, receivers)) {
    const { offsets } = rowsOf(neighborhood, first, last);
    for (let k = 0; k < last - first; k++) yield offsets[k + 1]! - offsets[k]!;
  }
}
