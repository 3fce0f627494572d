// Runs of senders, one a receiver, and the sizes of the blocks and tiles in which receivers meet them.

/** Numbers of a packed tile that the nearest cache holds beside what passes through it. */
const TILE_NUMBERS: u32 = 8192;
/** Numbers of a block that the second cache holds beside a tile. */
const BLOCK_NUMBERS: u32 = 65536;

/** Rows of a block, of `numbers` numbers each: a multiple of eight. */
export function blockRows(numbers: u32): u32 {
  return max<u32>(16, min<u32>(256, (BLOCK_NUMBERS / max(1, numbers)) & ~7));
}

/** Columns of a tile, of `numbers` numbers each: a multiple of eight. */
export function tileColumns(numbers: u32): u32 {
  return max<u32>(16, min<u32>(64, (TILE_NUMBERS / max(1, numbers)) & ~7));
}

/** Whole panels of eight. */
@inline
export function paddedWidth(width: u32): u32 {
  return (width + 7) & ~7;
}

/**
 * Copies runs up to a multiple of eight of them. One that is empty, or beyond the last, starts after and ends before everything, so that it neither
 * widens what others need nor lets a tile pass as needed whole.
 */
export function copyRuns(starts: usize, ends: usize, count: u32, toStarts: usize, toEnds: usize): void {
  for (let r: u32 = 0; r < paddedWidth(count); r++) {
    const at = r << 2;
    const start = r < count ? load<u32>(starts + at) : 0;
    const end = r < count ? load<u32>(ends + at) : 0;
    store<u32>(toStarts + at, start < end ? start : <u32>-1);
    store<u32>(toEnds + at, start < end ? end : 0);
  }
}

/** The least of `count` numbers. */
export function least(numbers: usize, count: u32): u32 {
  let result: u32 = -1;
  for (let r: u32 = 0; r < count; r++) result = min(result, load<u32>(numbers + (r << 2)));
  return result;
}

/** The largest of `count` numbers. */
export function largest(numbers: usize, count: u32): u32 {
  let result: u32 = 0;
  for (let r: u32 = 0; r < count; r++) result = max(result, load<u32>(numbers + (r << 2)));
  return result;
}

/** For each group of four runs: where the first begins, where the last ends, where all have begun, where the first ends. */
export function groupBounds(starts: usize, ends: usize, count: u32, bounds: usize): void {
  for (let at: u32 = 0; at < count << 2; at += 16) {
    store<u32>(bounds + at, least(starts + at, 4));
    store<u32>(bounds + at, largest(ends + at, 4), 4);
    store<u32>(bounds + at, largest(starts + at, 4), 8);
    store<u32>(bounds + at, least(ends + at, 4), 12);
  }
}

/** Whether one run holds a sender from `from` to `to - 1`. */
@inline
export function meets(starts: usize, ends: usize, r: u32, from: u32, to: u32): bool {
  return load<u32>(starts + (r << 2)) < to && load<u32>(ends + (r << 2)) > from;
}

/** Whether one of `count` runs may hold a sender from `from` to `to - 1`. Looks at whole vectors of runs, so at some beyond the last. */
export function anyMeets(starts: usize, ends: usize, count: u32, from: u32, to: u32): bool {
  const before = i32x4.splat(to);
  const after = i32x4.splat(from);
  let met = i32x4.splat(0);
  for (let at: u32 = 0; at < count << 2; at += 16) {
    const begins = i32x4.lt_u(v128.load(starts + at), before);
    met = v128.or(met, v128.and(begins, i32x4.gt_u(v128.load(ends + at), after)));
  }
  return v128.any_true(met);
}
