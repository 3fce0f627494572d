// 1 at the largest number of each CSR row, 0 elsewhere. Ranges are of rows.

import { loadLanes, maxLanes, storeLanes } from "./lanes";
import { rowBegin, rowEnd } from "./segment";

export function segmentHardmax(logits: usize, offsets: usize, out: usize, heads: u32, start: u32, end: u32): void {
  for (let row = start; row < end; row++) {
    const first = rowBegin(offsets, row);
    const count = rowEnd(offsets, row) - first;
    const at = (first * heads) << 2;
    if (heads == 1) hardmaxAlong(logits + at, out + at, count);
    else hardmaxAcross(logits + at, out + at, count, heads);
  }
}

/** What is not the largest gets 0, and NaN where the largest is NaN. */
@inline
function zeroOrNaN(max: v128): v128 {
  return v128.andnot(max, f32x4.eq(max, max));
}

/** One head: four positions a vector. */
@inline
function hardmaxAlong(logits: usize, out: usize, count: u32): void {
  const lowest = f32x4.splat(-Infinity);
  let m = lowest;
  for (let p: u32 = 0; p < count; p += 4) m = f32x4.max(m, loadLanes(logits + (p << 2), count - p, lowest));
  const max = maxLanes(m);
  const others = zeroOrNaN(f32x4.splat(max));
  for (let p: u32 = 0; p < count; p += 4) storeLanes(out + (p << 2), others, count - p);
  if (!(max > -Infinity)) return;
  let p: u32 = 0;
  while (load<f32>(logits + (p << 2)) != max) p++;
  store<f32>(out + (p << 2), 1);
}

/** Several heads: four heads a vector. */
@inline
function hardmaxAcross(logits: usize, out: usize, count: u32, heads: u32): void {
  const pitch = heads << 2;
  const lowest = f32x4.splat(-Infinity);
  const one = f32x4.splat(1);
  for (let h: u32 = 0; h < heads; h += 4) {
    const bytes = h << 2;
    let m = lowest;
    let from = logits + bytes;
    for (let p: u32 = 0; p < count; p++) {
      m = f32x4.max(m, v128.load(from));
      from += pitch;
    }
    const others = zeroOrNaN(m);
    // A row of -Infinity has none to find.
    let found = f32x4.eq(m, lowest);
    from = logits + bytes;
    let to = out + bytes;
    for (let p: u32 = 0; p < count; p++) {
      const isFirst = v128.andnot(f32x4.eq(v128.load(from), m), found);
      found = v128.or(found, isFirst);
      storeLanes(to, v128.bitselect(one, others, isFirst), heads - h);
      from += pitch;
      to += pitch;
    }
  }
}
