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

export function segmentSoftmax(logits: usize, offsets: usize, out: usize, heads: u32, start: u32, end: u32): void {
  for (let row = start; row < end; row++) {
    const first = rowBegin(offsets, row);
    const count = rowEnd(offsets, row) - first;
    if (heads == 1) softmaxAlong(logits + (first << 2), out + (first << 2), count);
    else softmaxAcross(logits + ((first * heads) << 2), out + ((first * heads) << 2), count, heads);
  }
}

/** One head: four positions a vector. */
@inline
function softmaxAlong(logits: usize, out: usize, count: u32): void {
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
  const scale = inverse(f32x4.splat(<f32>total));
  for (let p: u32 = 0; p < count; p += 4) {
    storeLanes(out + (p << 2), f32x4.mul(v128.load(out + (p << 2)), scale), count - p);
  }
}

/** Several heads: four heads a vector. */
@inline
function softmaxAcross(logits: usize, out: usize, count: u32, heads: u32): void {
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
    const scale = inverse(demote(low, high));
    to = out + bytes;
    for (let p: u32 = 0; p < count; p++) {
      storeLanes(to, f32x4.mul(v128.load(to), scale), lanes);
      to += pitch;
    }
  }
}

export function segmentSoftmaxGradient(
  weights: usize, gradient: usize, offsets: usize, out: usize, heads: u32, start: u32, end: u32,
): void {
  for (let row = start; row < end; row++) {
    const first = rowBegin(offsets, row);
    const count = rowEnd(offsets, row) - first;
    const at = (first * heads) << 2;
    if (heads == 1) gradientAlong(weights + at, gradient + at, out + at, count);
    else gradientAcross(weights + at, gradient + at, out + at, count, heads);
  }
}

@inline
function gradientAlong(weights: usize, gradient: usize, out: usize, count: u32): void {
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
  const mean = f32x4.splat(<f32>total);
  for (let p: u32 = 0; p < count; p += 4) {
    const change = f32x4.sub(v128.load(gradient + (p << 2)), mean);
    storeLanes(out + (p << 2), f32x4.mul(v128.load(weights + (p << 2)), change), count - p);
  }
}

@inline
function gradientAcross(weights: usize, gradient: usize, out: usize, count: u32, heads: u32): void {
  const pitch = heads << 2;
  for (let h: u32 = 0; h < heads; h += 4) {
    let at = h << 2;
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
    const mean = demote(low, high);
    at = h << 2;
    for (let p: u32 = 0; p < count; p++) {
      const change = f32x4.sub(v128.load(gradient + at), mean);
      storeLanes(out + at, f32x4.mul(v128.load(weights + at), change), heads - h);
      at += pitch;
    }
  }
}
