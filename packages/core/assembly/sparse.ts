// Weighted sums of rows of a dense operand over CSR rows, row gathers, and dot products along edges. Ranges are of rows, or
// of edges.

import { storeLanes, sumFour, sumLanes } from "./lanes";

export function gatherRows(x: usize, index: usize, out: usize, width: u32, start: u32, end: u32): void {
  const pitch = width << 2;
  for (let r = start; r < end; r++) {
    const from = x + load<u32>(index + (r << 2)) * pitch;
    const to = out + r * pitch;
    for (let c: u32 = 0; c < width; c += 4) storeLanes(to + (c << 2), v128.load(from + (c << 2)), width - c);
  }
}

@inline
function entryOf(permutation: usize, p: u32): u32 {
  return permutation == 0 ? p : load<u32>(permutation + (p << 2));
}

/** The rows of values of four edges, times their weights, added to the row of the result: `channels` numbers from `at` on. */
@inline
function addFour(
  to: usize, v0: usize, v1: usize, v2: usize, v3: usize, w0: v128, w1: v128, w2: v128, w3: v128,
  hasWeights: bool, count: u32,
): void {
  let a = v128.load(v0);
  let b = v128.load(v1);
  let c = v128.load(v2);
  let d = v128.load(v3);
  if (hasWeights) {
    a = f32x4.mul(a, w0);
    b = f32x4.mul(b, w1);
    c = f32x4.mul(c, w2);
    d = f32x4.mul(d, w3);
  }
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  storeLanes(to, f32x4.add(v128.load(to), sum), count);
}

@inline
function addOne(to: usize, v: usize, w: v128, hasWeights: bool, count: u32): void {
  let a = v128.load(v);
  if (hasWeights) a = f32x4.mul(a, w);
  storeLanes(to, f32x4.add(v128.load(to), a), count);
}

/**
 * `out[row, h, :]` is the sum over the row's positions of `weights[entry, h] * values[column, h, :]`; the weight is 1
 * without weights, the column is the entry without columns. Four edges at a time, so that the row of the result, which stays in
 * the nearest cache, is read and written once for four rows of values.
 */
@inline
function weightedRows(
  offsets: usize, columns: usize, permutation: usize, weights: usize, values: usize, out: usize,
  heads: u32, channels: u32, hasWeights: bool, hasColumns: bool, start: u32, end: u32,
): void {
  const one = f32x4.splat(1);
  const span = channels << 2;
  // What whole vectors cover of a head's channels.
  const whole = span & ~15;
  const rest = channels & 3;
  const pitch = heads * span;
  const weightPitch = heads << 2;
  for (let row = start; row < end; row++) {
    const to = out + row * pitch;
    for (let c: u32 = 0; c < pitch; c += 16) storeLanes(to + c, f32x4.splat(0), (pitch - c) >> 2);
    let p = load<u32>(offsets + (row << 2));
    const stop = load<u32>(offsets + (row << 2), 4);
    for (; p + 4 <= stop; p += 4) {
      const e0 = entryOf(permutation, p);
      const e1 = entryOf(permutation, p + 1);
      const e2 = entryOf(permutation, p + 2);
      const e3 = entryOf(permutation, p + 3);
      const v0 = values + (hasColumns ? load<u32>(columns + (p << 2)) : e0) * pitch;
      const v1 = values + (hasColumns ? load<u32>(columns + (p << 2), 4) : e1) * pitch;
      const v2 = values + (hasColumns ? load<u32>(columns + (p << 2), 8) : e2) * pitch;
      const v3 = values + (hasColumns ? load<u32>(columns + (p << 2), 12) : e3) * pitch;
      const u0 = weights + e0 * weightPitch;
      const u1 = weights + e1 * weightPitch;
      const u2 = weights + e2 * weightPitch;
      const u3 = weights + e3 * weightPitch;
      let at: usize = 0;
      for (let h: u32 = 0; h < weightPitch; h += 4) {
        const w0 = hasWeights ? v128.load_splat<f32>(u0 + h) : one;
        const w1 = hasWeights ? v128.load_splat<f32>(u1 + h) : one;
        const w2 = hasWeights ? v128.load_splat<f32>(u2 + h) : one;
        const w3 = hasWeights ? v128.load_splat<f32>(u3 + h) : one;
        if (channels == 8) {
          addFour(to + at, v0 + at, v1 + at, v2 + at, v3 + at, w0, w1, w2, w3, hasWeights, 4);
          addFour(to + at + 16, v0 + at + 16, v1 + at + 16, v2 + at + 16, v3 + at + 16, w0, w1, w2, w3, hasWeights, 4);
          at += 32;
          continue;
        }
        for (const last = at + whole; at < last; at += 16) {
          addFour(to + at, v0 + at, v1 + at, v2 + at, v3 + at, w0, w1, w2, w3, hasWeights, 4);
        }
        if (rest != 0) {
          addFour(to + at, v0 + at, v1 + at, v2 + at, v3 + at, w0, w1, w2, w3, hasWeights, rest);
          at += rest << 2;
        }
      }
    }
    for (; p < stop; p++) {
      const e = entryOf(permutation, p);
      const v = values + (hasColumns ? load<u32>(columns + (p << 2)) : e) * pitch;
      let at: usize = 0;
      for (let h: u32 = 0; h < heads; h++) {
        const w = hasWeights ? v128.load_splat<f32>(weights + e * weightPitch + (h << 2)) : one;
        for (const last = at + whole; at < last; at += 16) addOne(to + at, v + at, w, hasWeights, 4);
        if (rest != 0) {
          addOne(to + at, v + at, w, hasWeights, rest);
          at += rest << 2;
        }
      }
    }
  }
}

export function edgeWeightedSum(
  weights: usize, offsets: usize, columns: usize, permutation: usize, values: usize, out: usize,
  heads: u32, channels: u32, start: u32, end: u32,
): void {
  weightedRows(offsets, columns, permutation, weights, values, out, heads, channels, true, true, start, end);
}

// Numbers of a row that are listed at a time, eight bytes each.
const LISTED: u32 = 512;

/**
 * CSR times dense. What is stored and zero is passed over: dropout makes most of a matrix zero. What is left is listed first, so that no branch
 * depends on it. `scratch` has room for {@link LISTED} addresses and weights.
 */
export function weightedNeighborSum(
  weights: usize, offsets: usize, columns: usize, permutation: usize, dense: usize, out: usize,
  width: u32, scratch: usize, start: u32, end: u32,
): void {
  const pitch = width << 2;
  for (let row = start; row < end; row++) {
    let p = load<u32>(offsets + (row << 2));
    const stop = load<u32>(offsets + (row << 2), 4);
    let isFirst = true;
    do {
      const last = min(stop, p + LISTED);
      let listed = scratch;
      for (; p < last; p++) {
        const weight = load<f32>(weights + (entryOf(permutation, p) << 2));
        store<u32>(listed, <u32>dense + load<u32>(columns + (p << 2)) * pitch);
        store<f32>(listed, weight, 4);
        listed += <usize>(weight != 0) << 3;
      }
      sumListed(scratch, listed, out + row * pitch, width, isFirst);
      isFirst = false;
    } while (p < stop);
  }
}

/** The weighted sum of the rows that are listed, added to what is there already unless they are the first. */
function sumListed(from: usize, end: usize, to: usize, width: u32, isFirst: bool): void {
  let c: u32 = 0;
  for (; c + 32 <= width; c += 32) {
    const at = to + (c << 2);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    for (let l = from; l < end; l += 8) {
      const v = load<u32>(l) + (c << 2);
      const w = v128.load_splat<f32>(l, 4);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(v), w));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(v, 16), w));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(v, 32), w));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(v, 48), w));
      s4 = f32x4.add(s4, f32x4.mul(v128.load(v, 64), w));
      s5 = f32x4.add(s5, f32x4.mul(v128.load(v, 80), w));
      s6 = f32x4.add(s6, f32x4.mul(v128.load(v, 96), w));
      s7 = f32x4.add(s7, f32x4.mul(v128.load(v, 112), w));
    }
    storeSum(at, s0, 4, isFirst);
    storeSum(at + 16, s1, 4, isFirst);
    storeSum(at + 32, s2, 4, isFirst);
    storeSum(at + 48, s3, 4, isFirst);
    storeSum(at + 64, s4, 4, isFirst);
    storeSum(at + 80, s5, 4, isFirst);
    storeSum(at + 96, s6, 4, isFirst);
    storeSum(at + 112, s7, 4, isFirst);
  }
  for (; c < width; c += 4) {
    let sum = f32x4.splat(0);
    for (let l = from; l < end; l += 8) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(load<u32>(l) + (c << 2)), v128.load_splat<f32>(l, 4)));
    }
    storeSum(to + (c << 2), sum, width - c, isFirst);
  }
}

@inline
function storeSum(to: usize, sum: v128, count: u32, isFirst: bool): void {
  storeLanes(to, isFirst ? sum : f32x4.add(v128.load(to), sum), count);
}

/** CSR of ones times dense. */
export function neighborSum(
  offsets: usize, columns: usize, dense: usize, out: usize, width: u32, start: u32, end: u32,
): void {
  weightedRows(offsets, columns, 0, 0, dense, out, 1, width, false, true, start, end);
}

export function segmentSum(
  x: usize, offsets: usize, permutation: usize, out: usize, width: u32, start: u32, end: u32,
): void {
  weightedRows(offsets, 0, permutation, 0, x, out, 1, width, false, false, start, end);
}

/** The dot product of two rows of `channels` numbers. */
@inline
function dot(a: usize, b: usize, channels: u32): f32 {
  let sum = f32x4.splat(0);
  const last = a + ((channels << 2) & ~15);
  while (a < last) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  if ((channels & 3) != 0) sum = f32x4.add(sum, v128.and(f32x4.mul(v128.load(a), v128.load(b)), restMask(channels)));
  return sumLanes(sum);
}

/** Four dot products at once, each with the same arithmetic as {@link dot}. */
@inline
function fourDots(
  a0: usize, b0: usize, a1: usize, b1: usize, a2: usize, b2: usize, a3: usize, b3: usize, channels: u32,
): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const whole: usize = (channels << 2) & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a0 + at), v128.load(b0 + at)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a1 + at), v128.load(b1 + at)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a2 + at), v128.load(b2 + at)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a3 + at), v128.load(b3 + at)));
  }
  if ((channels & 3) != 0) {
    const mask = restMask(channels);
    s0 = f32x4.add(s0, v128.and(f32x4.mul(v128.load(a0 + at), v128.load(b0 + at)), mask));
    s1 = f32x4.add(s1, v128.and(f32x4.mul(v128.load(a1 + at), v128.load(b1 + at)), mask));
    s2 = f32x4.add(s2, v128.and(f32x4.mul(v128.load(a2 + at), v128.load(b2 + at)), mask));
    s3 = f32x4.add(s3, v128.and(f32x4.mul(v128.load(a3 + at), v128.load(b3 + at)), mask));
  }
  return sumFour(s0, s1, s2, s3);
}

/** The lanes that remain beyond whole vectors. */
@inline
function restMask(channels: u32): v128 {
  return i32x4.lt_u(i32x4(0, 1, 2, 3), i32x4.splat(channels & 3));
}

/** The range is of edges. */
export function edgeDot(
  a: usize, aRows: usize, b: usize, bRows: usize, out: usize, heads: u32, channels: u32, start: u32, end: u32,
): void {
  if (heads == 1) dotsOfEdges(a, aRows, b, bRows, out, channels, start, end);
  else dotsOfHeads(a, aRows, b, bRows, out, heads, channels, start, end);
}

/** One head: four edges at a time. */
@inline
function dotsOfEdges(
  a: usize, aRows: usize, b: usize, bRows: usize, out: usize, channels: u32, start: u32, end: u32,
): void {
  const pitch = channels << 2;
  let p = start;
  for (; p + 4 <= end; p += 4) {
    const i = aRows + (p << 2);
    const j = bRows + (p << 2);
    const dots = fourDots(
      a + load<u32>(i) * pitch, b + load<u32>(j) * pitch,
      a + load<u32>(i, 4) * pitch, b + load<u32>(j, 4) * pitch,
      a + load<u32>(i, 8) * pitch, b + load<u32>(j, 8) * pitch,
      a + load<u32>(i, 12) * pitch, b + load<u32>(j, 12) * pitch, channels,
    );
    v128.store(out + (p << 2), dots);
  }
  for (; p < end; p++) {
    const i = load<u32>(aRows + (p << 2));
    const j = load<u32>(bRows + (p << 2));
    store<f32>(out + (p << 2), dot(a + i * pitch, b + j * pitch, channels));
  }
}

/** Several heads: four heads of an edge at a time. */
@inline
function dotsOfHeads(
  a: usize, aRows: usize, b: usize, bRows: usize, out: usize, heads: u32, channels: u32, start: u32, end: u32,
): void {
  const span = channels << 2;
  const pitch = heads * span;
  for (let p = start; p < end; p++) {
    let from = a + load<u32>(aRows + (p << 2)) * pitch;
    let other = b + load<u32>(bRows + (p << 2)) * pitch;
    let to = out + ((p * heads) << 2);
    let h = heads;
    for (; h >= 4; h -= 4) {
      const dots = fourDots(
        from, other, from + span, other + span, from + 2 * span, other + 2 * span, from + 3 * span, other + 3 * span,
        channels,
      );
      v128.store(to, dots);
      from += 4 * span;
      other += 4 * span;
      to += 16;
    }
    for (; h > 0; h--) {
      store<f32>(to, dot(from, other, channels));
      from += span;
      other += span;
      to += 4;
    }
  }
}
