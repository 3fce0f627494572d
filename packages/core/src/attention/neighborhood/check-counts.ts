import { OptionError, ShapeError } from "../../errors.ts";

/** Elements are numbered in 32 bits. */
const MOST_ELEMENTS = 2 ** 32 - 1;

/** Pairs that are listed take 4 to 20 bytes each: more than this many do not fit any machine that runs JavaScript. */
const MOST_PAIRS = 2 ** 31;

/** @throws OptionError `out-of-range` unless `count` is a whole number from `least` to 2^32 - 1. */
export function checkCount(where: string, what: string, count: number, least = 0): void {
  if (Number.isInteger(count) && count >= least && count <= MOST_ELEMENTS) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got ${what} ${count}; expected a whole number from ${least} to ${MOST_ELEMENTS}.`,
  );
}

/** @throws ShapeError `out-of-range` unless `first` and `last` bound a block of `receivers` elements. */
export function checkBlock(where: string, first: number, last: number, receivers: number): void {
  if (Number.isInteger(first) && Number.isInteger(last) && first >= 0 && first <= last && last <= receivers) return;
  throw new ShapeError(
    "out-of-range",
    `${where}: got the rows ${first} to ${last} of ${receivers} receivers; expected whole numbers, ` +
      `0 <= first <= last <= ${receivers}.`,
  );
}

/** @throws ShapeError `too-many-pairs` for more than can be listed. */
export function checkPairs(where: string, pairs: number): void {
  if (pairs <= MOST_PAIRS) return;
  throw new ShapeError(
    "too-many-pairs",
    `${where}: got at least ${pairs} pairs to list; expected at most ${MOST_PAIRS}. Take them in blocks, with blocksOf and rowsOf, or use a ` +
      "neighborhood that has runs where attention is computed in tiles: it is never listed.",
  );
}
