// Softmax over the positions of CSR rows. Ranges are of rows.

import { expBounded } from "./functions";
import { demote, loadLanes, promoteHigh, promoteLow, storeLanes, sumLanes } from "./lanes";

// Positions whose exponentials are added in float32 before they join the float64 sum.
const BLOCK: u32 = 256;

@inline
export function rowBegin(offsets: usize, row: u32): u32 {
  return load<u32>(offsets + (row << 2));
}

@inline
export function rowEnd(offsets: usize, row: u32): u32 {
  return load<u32>(offsets + (row << 2), 4);
}

/** A row of -Infinity has no maximum to subtract: exp(-Infinity - 0) is the 0 that is wanted. */
@inline
function finiteMax(max: v128): v128 {
  return v128.andnot(max, f32x4.eq(max, f32x4.splat(-Infinity)));
}

/** 1 / sum, and 0 for the sum 0 of a row of -Infinity. */
@inline
function inverse(sum: v128): v128 {
  return v128.andnot(f32x4.div(f32x4.splat(1), sum), f32x4.eq(sum, f32x4.splat(0)));
}

/** `kept` is 0, or gets of each row and head what its parts are merged by: `[rows, 2, heads]`, the maximum and the sum of exponentials. */
export function segmentSoftmax(
  logits: usize, offsets: usize, out: usize, heads: u32, kept: usize, start: u32, end: u32,
): void {
  for (let row = start; row < end; row++) {
    const first = rowBegin(offsets, row);
    const count = rowEnd(offsets, row) - first;
    const at = (first * heads) << 2;
    const keep = kept != 0 ? kept + ((row * heads) << 3) : 0;
    if (heads == 1) softmaxAlong(logits + at, out + at, count, keep);
    else softmaxAcross(logits + at, out + at, count, heads, keep);
  }
}

/** One head: four positions a vector. */
@inline
function softmaxAlong(logits: usize, out: usize, count: u32, kept: usize): void {
  const lowest = f32x4.splat(-Infinity);
  let m = lowest;
  for (let p: u32 = 0; p < count; p += 4) m = f32x4.pmax(m, loadLanes(logits + (p << 2), count - p, lowest));
  m = f32x4.pmax(m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
  m = finiteMax(f32x4.pmax(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2)));
  let total: f64 = 0;
  for (let p: u32 = 0; p < count; ) {
    const blockEnd = min(count, p + BLOCK * 4);
    let sum = f32x4.splat(0);
    for (; p < blockEnd; p += 4) {
      const weight = expBounded(f32x4.sub(loadLanes(logits + (p << 2), blockEnd - p, lowest), m));
      sum = f32x4.add(sum, weight);
      storeLanes(out + (p << 2), weight, blockEnd - p);
    }
    p = blockEnd;
    total += <f64>sumLanes(sum);
  }
  if (kept != 0) {
    v128.store_lane<u32>(kept, m, 0);
    store<f32>(kept, <f32>total, 4);
  }
  const scale = inverse(f32x4.splat(<f32>total));
  for (let p: u32 = 0; p < count; p += 4) {
    storeLanes(out + (p << 2), f32x4.mul(v128.load(out + (p << 2)), scale), count - p);
  }
}

/** Several heads: four heads a vector. */
@inline
function softmaxAcross(logits: usize, out: usize, count: u32, heads: u32, kept: usize): void {
  const pitch = heads << 2;
  for (let h: u32 = 0; h < heads; h += 4) {
    const lanes = heads - h;
    const bytes = h << 2;
    let m = f32x4.splat(-Infinity);
    let from = logits + bytes;
    for (let p: u32 = 0; p < count; p++) {
      m = f32x4.pmax(m, v128.load(from));
      from += pitch;
    }
    m = finiteMax(m);
    let low = f64x2.splat(0);
    let high = low;
    from = logits + bytes;
    let to = out + bytes;
    for (let p: u32 = 0; p < count; ) {
      const blockEnd = min(count, p + BLOCK);
      let sum = f32x4.splat(0);
      for (; p < blockEnd; p++) {
        const weight = expBounded(f32x4.sub(v128.load(from), m));
        sum = f32x4.add(sum, weight);
        storeLanes(to, weight, lanes);
        from += pitch;
        to += pitch;
      }
      low = f64x2.add(low, promoteLow(sum));
      high = f64x2.add(high, promoteHigh(sum));
    }
    const total = demote(low, high);
    if (kept != 0) {
      storeLanes(kept + bytes, m, lanes);
      storeLanes(kept + pitch + bytes, total, lanes);
    }
    const scale = inverse(total);
    to = out + bytes;
    for (let p: u32 = 0; p < count; p++) {
      storeLanes(to, f32x4.mul(v128.load(to), scale), lanes);
      to += pitch;
    }
  }
}

/**
 * `means` is 0, or `[rows, heads]`, the sums of weights times gradients of rows in parts: written when `out` is 0, and else read in place of those of
 * each row.
 */
export function segmentSoftmaxGradient(
  weights: usize, gradient: usize, offsets: usize, out: usize, heads: u32, means: usize, start: u32, end: u32,
): void {
  for (let row = start; row < end; row++) {
    const first = rowBegin(offsets, row);
    const count = rowEnd(offsets, row) - first;
    const at = (first * heads) << 2;
    const ofRow = means + ((row * heads) << 2);
    for (let h: u32 = 0; h < heads; h += 4) {
      const by = at + (h << 2);
      const lanes = heads - h;
      let mean: v128;
      if (means != 0 && out != 0) mean = v128.load(ofRow + (h << 2));
      else if (heads == 1) mean = f32x4.splat(meanAlong(weights + by, gradient + by, count));
      else mean = meanAcross(weights + by, gradient + by, count, heads << 2);
      if (out == 0) storeLanes(ofRow + (h << 2), mean, lanes);
      else if (heads == 1) changesAlong(weights + by, gradient + by, out + by, count, v128.shuffle<f32>(mean, mean, 0, 0, 0, 0));
      else changesAcross(weights + by, gradient + by, out + by, count, heads << 2, lanes, mean);
    }
  }
}

/** The sum of weights times gradients, of one head: four positions a vector. */
@inline
function meanAlong(weights: usize, gradient: usize, count: u32): f32 {
  const zero = f32x4.splat(0);
  let total: f64 = 0;
  for (let p: u32 = 0; p < count; ) {
    const blockEnd = min(count, p + BLOCK * 4);
    let sum = zero;
    for (; p < blockEnd; p += 4) {
      const w = loadLanes(weights + (p << 2), blockEnd - p, zero);
      sum = f32x4.add(sum, f32x4.mul(w, loadLanes(gradient + (p << 2), blockEnd - p, zero)));
    }
    p = blockEnd;
    total += <f64>sumLanes(sum);
  }
  return <f32>total;
}

@inline
function changesAlong(weights: usize, gradient: usize, out: usize, count: u32, mean: v128): void {
  for (let p: u32 = 0; p < count; p += 4) {
    const change = f32x4.sub(v128.load(gradient + (p << 2)), mean);
    storeLanes(out + (p << 2), f32x4.mul(v128.load(weights + (p << 2)), change), count - p);
  }
}

/** The sums of weights times gradients, of four heads. */
@inline
function meanAcross(weights: usize, gradient: usize, count: u32, pitch: u32): v128 {
  let at: usize = 0;
  let low = f64x2.splat(0);
  let high = low;
  for (let p: u32 = 0; p < count; ) {
    const blockEnd = min(count, p + BLOCK);
    let sum = f32x4.splat(0);
    for (; p < blockEnd; p++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(weights + at), v128.load(gradient + at)));
      at += pitch;
    }
    low = f64x2.add(low, promoteLow(sum));
    high = f64x2.add(high, promoteHigh(sum));
  }
  return demote(low, high);
}

@inline
function changesAcross(
  weights: usize, gradient: usize, out: usize, count: u32, pitch: u32, lanes: u32, mean: v128,
): void {
  let at: usize = 0;
  for (let p: u32 = 0; p < count; p++) {
    const change = f32x4.sub(v128.load(gradient + at), mean);
    storeLanes(out + at, f32x4.mul(v128.load(weights + at), change), lanes);
    at += pitch;
  }
}
