// Weighted sums of rows of a dense operand over CSR rows, row gathers, and dot products along edges and with one row. Ranges are
// of rows, or of edges.

import { storeLanes, sumFour, sumLanes } from "./lanes";

export function gatherRows(x: usize, index: usize, out: usize, width: u32, start: u32, end: u32): void {
  const pitch = width << 2;
  for (let r = start; r < end; r++) {
    const from = x + load<u32>(index + (r << 2)) * pitch;
    const to = out + r * pitch;
    for (let c: u32 = 0; c < width; c += 4) storeLanes(to + (c << 2), v128.load(from + (c << 2)), width - c);
  }
}

/** What a position stands for: itself where there is no permutation. */
@inline
function entryOf(permutation: usize, p: u32): u32 {
  return permutation == 0 ? p : load<u32>(permutation + (p << 2));
}

/** The rows of values of four edges, times their weights, added to the row of the result: `count` numbers. */
@inline
function addFour(
  to: usize, v0: usize, v1: usize, v2: usize, v3: usize, w0: v128, w1: v128, w2: v128, w3: v128, count: u32,
): void {
  const a = f32x4.mul(v128.load(v0), w0);
  const b = f32x4.mul(v128.load(v1), w1);
  const c = f32x4.mul(v128.load(v2), w2);
  const d = f32x4.mul(v128.load(v3), w3);
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  storeLanes(to, f32x4.add(v128.load(to), sum), count);
}

/** `w` times `count` numbers from `v` on, added to those from `to` on. */
@inline
function addOne(to: usize, v: usize, w: v128, count: u32): void {
  storeLanes(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(v), w)), count);
}

/**
 * `out[row, h, :]` is the sum over the row's positions of `weights[entry, h] * values[column, h, :]`. Four edges at a time, so that the row of the
 * result, which stays in the nearest cache, is read and written once for four rows of values.
 */
export function edgeWeightedSum(
  weights: usize, offsets: usize, columns: usize, permutation: usize, values: usize, out: usize,
  heads: u32, channels: u32, start: u32, end: u32,
): void {
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
      const v0 = values + load<u32>(columns + (p << 2)) * pitch;
      const v1 = values + load<u32>(columns + (p << 2), 4) * pitch;
      const v2 = values + load<u32>(columns + (p << 2), 8) * pitch;
      const v3 = values + load<u32>(columns + (p << 2), 12) * pitch;
      const u0 = weights + e0 * weightPitch;
      const u1 = weights + e1 * weightPitch;
      const u2 = weights + e2 * weightPitch;
      const u3 = weights + e3 * weightPitch;
      let at: usize = 0;
      for (let h: u32 = 0; h < weightPitch; h += 4) {
        const w0 = v128.load_splat<f32>(u0 + h);
        const w1 = v128.load_splat<f32>(u1 + h);
        const w2 = v128.load_splat<f32>(u2 + h);
        const w3 = v128.load_splat<f32>(u3 + h);
        if (channels == 8) {
          addFour(to + at, v0 + at, v1 + at, v2 + at, v3 + at, w0, w1, w2, w3, 4);
          addFour(to + at + 16, v0 + at + 16, v1 + at + 16, v2 + at + 16, v3 + at + 16, w0, w1, w2, w3, 4);
          at += 32;
          continue;
        }
        for (const last = at + whole; at < last; at += 16) {
          addFour(to + at, v0 + at, v1 + at, v2 + at, v3 + at, w0, w1, w2, w3, 4);
        }
        if (rest != 0) {
          addFour(to + at, v0 + at, v1 + at, v2 + at, v3 + at, w0, w1, w2, w3, rest);
          at += rest << 2;
        }
      }
    }
    for (; p < stop; p++) {
      const e = entryOf(permutation, p);
      const v = values + load<u32>(columns + (p << 2)) * pitch;
      let at: usize = 0;
      for (let h: u32 = 0; h < heads; h++) {
        const w = v128.load_splat<f32>(weights + e * weightPitch + (h << 2));
        for (const last = at + whole; at < last; at += 16) addOne(to + at, v + at, w, 4);
        if (rest != 0) {
          addOne(to + at, v + at, w, rest);
          at += rest << 2;
        }
      }
    }
  }
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

/** Sums of rows of `x`: those that the positions of each row name, or those of the positions' own numbers where `permutation` is 0. */
export function segmentSum(
  x: usize, offsets: usize, permutation: usize, out: usize, width: u32, start: u32, end: u32,
): void {
  const pitch = width << 2;
  for (let row = start; row < end; row++) {
    const first = load<u32>(offsets + (row << 2));
    const stop = load<u32>(offsets + (row << 2), 4);
    const to = out + row * pitch;
    let c: u32 = 0;
    for (; c + 32 <= width; c += 32) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let s4 = s0;
      let s5 = s0;
      let s6 = s0;
      let s7 = s0;
      for (let p = first; p < stop; p++) {
        const v = x + entryOf(permutation, p) * pitch + (c << 2);
        s0 = f32x4.add(s0, v128.load(v));
        s1 = f32x4.add(s1, v128.load(v, 16));
        s2 = f32x4.add(s2, v128.load(v, 32));
        s3 = f32x4.add(s3, v128.load(v, 48));
        s4 = f32x4.add(s4, v128.load(v, 64));
        s5 = f32x4.add(s5, v128.load(v, 80));
        s6 = f32x4.add(s6, v128.load(v, 96));
        s7 = f32x4.add(s7, v128.load(v, 112));
      }
      const at = to + (c << 2);
      v128.store(at, s0);
      v128.store(at, s1, 16);
      v128.store(at, s2, 32);
      v128.store(at, s3, 48);
      v128.store(at, s4, 64);
      v128.store(at, s5, 80);
      v128.store(at, s6, 96);
      v128.store(at, s7, 112);
    }
    for (; c < width; c += 8) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      for (let p = first; p < stop; p++) {
        const v = x + entryOf(permutation, p) * pitch + (c << 2);
        s0 = f32x4.add(s0, v128.load(v));
        s1 = f32x4.add(s1, v128.load(v, 16));
      }
      storeTwo(to + (c << 2), s0, s1, width - c);
    }
  }
}

/** Stores the first `count` lanes of two vectors. */
@inline
function storeTwo(to: usize, a: v128, b: v128, count: u32): void {
  storeLanes(to, a, count);
  if (count > 4) storeLanes(to + 16, b, count - 4);
}

/** `out[r, h, :] += weights[r, h] * one[h, :]`. The range is of rows. */
export function addHeadProducts(
  weights: usize, one: usize, out: usize, heads: u32, channels: u32, start: u32, end: u32,
): void {
  const pitch = (heads * channels) << 2;
  for (let r = start; r < end; r++) {
    let from = one;
    let to = out + r * pitch;
    for (let h: u32 = 0; h < heads; h++) {
      const w = v128.load_splat<f32>(weights + ((r * heads + h) << 2));
      for (let c: u32 = 0; c < channels; c += 4) addOne(to + (c << 2), from + (c << 2), w, channels - c);
      from += channels << 2;
      to += channels << 2;
    }
  }
}

/** `out[chunk, h, :]` is the sum over `size` rows of `weights[r, h] * x[r, h, :]`. The range is of chunks. */
export function headSums(
  weights: usize, x: usize, out: usize, heads: u32, channels: u32, size: u32, start: u32, end: u32,
): void {
  const pitch = (heads * channels) << 2;
  for (let chunk = start; chunk < end; chunk++) {
    for (let h: u32 = 0; h < heads; h++) {
      const head = (h * channels) << 2;
      for (let c: u32 = 0; c < channels; c += 8) {
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let w = weights + ((chunk * size * heads + h) << 2);
        let v = x + chunk * size * pitch + head + (c << 2);
        for (let r: u32 = 0; r < size; r++) {
          const weight = v128.load_splat<f32>(w);
          s0 = f32x4.add(s0, f32x4.mul(v128.load(v), weight));
          s1 = f32x4.add(s1, f32x4.mul(v128.load(v, 16), weight));
          w += heads << 2;
          v += pitch;
        }
        storeTwo(out + chunk * pitch + head + (c << 2), s0, s1, channels - c);
      }
    }
  }
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
  dots(a, aRows, b, bRows, (heads * channels) << 2, out, heads, channels, start, end);
}

/** The dot products of each row of `a` with the row of `b` that starts as many times `pitch` bytes after the first; 0 where there is one. The range is of rows. */
export function headDots(
  a: usize, b: usize, pitch: u32, out: usize, heads: u32, channels: u32, start: u32, end: u32,
): void {
  dots(a, 0, b, 0, pitch, out, heads, channels, start, end);
}

function dots(
  a: usize, aRows: usize, b: usize, bRows: usize, bPitch: u32, out: usize, heads: u32, channels: u32, start: u32, end: u32,
): void {
  if (heads == 1) dotsOfEdges(a, aRows, b, bRows, bPitch, out, channels, start, end);
  else dotsOfHeads(a, aRows, b, bRows, bPitch, out, heads, channels, start, end);
}

/** One head: four edges at a time. */
@inline
function dotsOfEdges(
  a: usize, aRows: usize, b: usize, bRows: usize, bPitch: u32, out: usize, channels: u32, start: u32, end: u32,
): void {
  const pitch = channels << 2;
  let p = start;
  for (; p + 4 <= end; p += 4) {
    const dots = fourDots(
      a + entryOf(aRows, p) * pitch, b + entryOf(bRows, p) * bPitch,
      a + entryOf(aRows, p + 1) * pitch, b + entryOf(bRows, p + 1) * bPitch,
      a + entryOf(aRows, p + 2) * pitch, b + entryOf(bRows, p + 2) * bPitch,
      a + entryOf(aRows, p + 3) * pitch, b + entryOf(bRows, p + 3) * bPitch, channels,
    );
    v128.store(out + (p << 2), dots);
  }
  for (; p < end; p++) {
    store<f32>(out + (p << 2), dot(a + entryOf(aRows, p) * pitch, b + entryOf(bRows, p) * bPitch, channels));
  }
}

/** Several heads: four heads of an edge at a time. */
@inline
function dotsOfHeads(
  a: usize, aRows: usize, b: usize, bRows: usize, bPitch: u32, out: usize, heads: u32, channels: u32, start: u32, end: u32,
): void {
  const span = channels << 2;
  const pitch = heads * span;
  for (let p = start; p < end; p++) {
    let from = a + entryOf(aRows, p) * pitch;
    let other = b + entryOf(bRows, p) * bPitch;
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
