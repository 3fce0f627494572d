// Sums, maxima and log-softmax. Long sums are made of float32 sums of blocks, which are added in float64: one running
// float32 sum over a million numbers would have lost its last three digits.

import { expBounded, log } from "./functions";
import { demote, loadLanes, maxLanes, promoteHigh, promoteLow, storeLanes, sumLanes } from "./lanes";

// Vectors, or rows of vectors, that make a block.
const BLOCK: u32 = 256;

function sumRow(x: usize, length: u32): f32 {
  const zero = f32x4.splat(0);
  let total: f64 = 0;
  for (let i: u32 = 0; i < length; ) {
    const blockEnd = min(length, i + BLOCK * 4);
    let s0 = zero;
    let s1 = zero;
    let s2 = zero;
    let s3 = zero;
    for (; i + 16 <= blockEnd; i += 16) {
      const at = x + (i << 2);
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    for (; i < blockEnd; i += 4) s0 = f32x4.add(s0, loadLanes(x + (i << 2), blockEnd - i, zero));
    i = blockEnd;
    total += <f64>sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  }
  return <f32>total;
}

function maxRow(x: usize, length: u32): f32 {
  const lowest = f32x4.splat(-Infinity);
  let most = lowest;
  for (let i: u32 = 0; i < length; i += 4) most = f32x4.max(most, loadLanes(x + (i << 2), length - i, lowest));
  return maxLanes(most);
}

/** x is [outer, length, 1]. The range is of outputs. */
export function sumRows(x: usize, out: usize, length: u32, start: u32, end: u32): void {
  for (let o = start; o < end; o++) store<f32>(out + (o << 2), sumRow(x + ((o * length) << 2), length));
}

/** x is [outer, length, 1]. The range is of outputs. */
export function maxRows(x: usize, out: usize, length: u32, start: u32, end: u32): void {
  for (let o = start; o < end; o++) store<f32>(out + (o << 2), maxRow(x + ((o * length) << 2), length));
}

@inline
function columnRange(x: usize, out: usize, length: u32, inner: u32, start: u32, end: u32, isMax: bool): void {
  for (let o = start; o < end; ) {
    const group = o / inner;
    const column = o - group * inner;
    const count = min(inner - column, end - o);
    const from = x + ((group * length * inner + column) << 2);
    const to = out + (o << 2);
    for (let c: u32 = 0; c < count; c += 16) {
      if (isMax) maxColumns(from + (c << 2), to + (c << 2), length, inner << 2, count - c);
      else sumColumns(from + (c << 2), to + (c << 2), length, inner << 2, count - c);
    }
    o += count;
  }
}

/** x is [outer, length, inner]. The range is of outputs. */
export function sumColumnRanges(x: usize, out: usize, length: u32, inner: u32, start: u32, end: u32): void {
  columnRange(x, out, length, inner, start, end, false);
}

/** x is [outer, length, inner]. The range is of outputs. */
export function maxColumnRanges(x: usize, out: usize, length: u32, inner: u32, start: u32, end: u32): void {
  columnRange(x, out, length, inner, start, end, true);
}

/** Up to sixteen neighboring columns: a cache line of each row. */
function sumColumns(x: usize, out: usize, length: u32, pitch: usize, count: u32): void {
  let t0 = f64x2.splat(0);
  let t1 = t0;
  let t2 = t0;
  let t3 = t0;
  let t4 = t0;
  let t5 = t0;
  let t6 = t0;
  let t7 = t0;
  for (let l: u32 = 0; l < length; ) {
    const blockEnd = min(length, l + BLOCK);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (; l < blockEnd; l++) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
      x += pitch;
    }
    t0 = f64x2.add(t0, promoteLow(s0));
    t1 = f64x2.add(t1, promoteHigh(s0));
    t2 = f64x2.add(t2, promoteLow(s1));
    t3 = f64x2.add(t3, promoteHigh(s1));
    t4 = f64x2.add(t4, promoteLow(s2));
    t5 = f64x2.add(t5, promoteHigh(s2));
    t6 = f64x2.add(t6, promoteLow(s3));
    t7 = f64x2.add(t7, promoteHigh(s3));
  }
  storeColumns(out, demote(t0, t1), demote(t2, t3), demote(t4, t5), demote(t6, t7), count);
}

function maxColumns(x: usize, out: usize, length: u32, pitch: usize, count: u32): void {
  let m0 = f32x4.splat(-Infinity);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  for (let l: u32 = 0; l < length; l++) {
    m0 = f32x4.max(m0, v128.load(x));
    m1 = f32x4.max(m1, v128.load(x, 16));
    m2 = f32x4.max(m2, v128.load(x, 32));
    m3 = f32x4.max(m3, v128.load(x, 48));
    x += pitch;
  }
  storeColumns(out, m0, m1, m2, m3, count);
}

@inline
function storeColumns(out: usize, a: v128, b: v128, c: v128, d: v128, count: u32): void {
  storeLanes(out, a, count);
  if (count > 4) storeLanes(out + 16, b, count - 4);
  if (count > 8) storeLanes(out + 32, c, count - 8);
  if (count > 12) storeLanes(out + 48, d, count - 12);
}

/** The range is of rows. */
export function logSoftmax(x: usize, out: usize, width: u32, start: u32, end: u32): void {
  const lowest = f32x4.splat(-Infinity);
  for (let row = start; row < end; row++) {
    const from = x + ((row * width) << 2);
    const to = out + ((row * width) << 2);
    const max = f32x4.splat(maxRow(from, width));
    let total: f64 = 0;
    for (let i: u32 = 0; i < width; ) {
      const blockEnd = min(width, i + BLOCK * 4);
      let sum = f32x4.splat(0);
      for (; i < blockEnd; i += 4) {
        const shifted = f32x4.sub(v128.load(from + (i << 2)), max);
        const lanes = i32x4.lt_u(i32x4(0, 1, 2, 3), i32x4.splat(blockEnd - i));
        sum = f32x4.add(sum, v128.and(expBounded(shifted), lanes));
      }
      i = blockEnd;
      total += <f64>sumLanes(sum);
    }
    const logSum = log(f32x4.splat(<f32>total));
    for (let i: u32 = 0; i < width; i += 4) {
      const shifted = f32x4.sub(v128.load(from + (i << 2)), max);
      storeLanes(to + (i << 2), f32x4.sub(shifted, logSum), width - i);
    }
  }
}

/** The range is of rows. */
export function logSoftmaxGradient(
  y: usize, gradient: usize, out: usize, width: u32, start: u32, end: u32,
): void {
  for (let row = start; row < end; row++) {
    const from = (row * width) << 2;
    const sum = f32x4.splat(sumRow(gradient + from, width));
    for (let i: u32 = 0; i < width; i += 4) {
      const o = from + (i << 2);
      const change = f32x4.mul(expBounded(v128.load(y + o)), sum);
      storeLanes(out + o, f32x4.sub(v128.load(gradient + o), change), width - i);
    }
  }
}
