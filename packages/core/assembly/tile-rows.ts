// What attention does to the rows of a tile of logits between its products: masks, exponentials, dropout, and the slope of the
// softmax. `first` and `last` are columns, multiples of eight.

import { hash } from "./elementwise";

/** Four times the number at a constant's address: see functions.ts for why constants are in memory. */
@inline
function four(address: usize): v128 {
  return v128.load_splat<f32>(address);
}

const LOG2_E = memory.data<f32>([1.4426950408889634]);
// Adding this rounds to an integer and leaves it, plus 127, in the low bits.
const ROUND = memory.data<f32>([12583039]);
// Below this 2^x has no normal float32.
const LOWEST = memory.data<f32>([-126]);
// 2^r = 1 + r (POWER_1 + ... + POWER_5 r^4) for |r| <= 1/2, to 1e-7: minimax of the relative error.
const ONE = memory.data<f32>([1]);
const POWER_1 = memory.data<f32>([0.6931470036506653]);
const POWER_2 = memory.data<f32>([0.24022242426872253]);
const POWER_3 = memory.data<f32>([0.05550733953714371]);
const POWER_4 = memory.data<f32>([0.009671534411609173]);
const POWER_5 = memory.data<f32>([0.001326470053754747]);

/**
 * exp(x) for x <= 88, with fewer operations than the function of all kernels: its relative error grows with |x|, from 2e-7 to 4e-6 at -80, where
 * that is nothing beside the largest weight.
 */
@inline
export function weightOf(x: v128): v128 {
  const y = f32x4.mul(x, four(LOG2_E));
  const t = f32x4.add(y, four(ROUND));
  const r = f32x4.sub(y, f32x4.sub(t, four(ROUND)));
  let p = four(POWER_5);
  p = f32x4.add(f32x4.mul(p, r), four(POWER_4));
  p = f32x4.add(f32x4.mul(p, r), four(POWER_3));
  p = f32x4.add(f32x4.mul(p, r), four(POWER_2));
  p = f32x4.add(f32x4.mul(p, r), four(POWER_1));
  p = f32x4.add(f32x4.mul(p, r), four(ONE));
  return v128.andnot(f32x4.mul(p, i32x4.shl(t, 23)), f32x4.lt(y, four(LOWEST)));
}

/** Marks the columns whose number, `column` at column 0, is one of the run's. */
export function markRun(mask: usize, first: u32, last: u32, column: u32, start: u32, end: u32): void {
  const from = i32x4.splat(start);
  const to = i32x4.splat(end);
  for (let c = first; c < last; c += 4) {
    const at = i32x4.add(i32x4.splat(column + c), i32x4(0, 1, 2, 3));
    v128.store(mask + (c << 2), v128.and(i32x4.ge_u(at, from), i32x4.lt_u(at, to)));
  }
}

/** Marks the columns whose own run holds `row`. */
export function markRuns(mask: usize, first: u32, last: u32, row: u32, starts: usize, ends: usize): void {
  const at = i32x4.splat(row);
  for (let c = first << 2; c < last << 2; c += 16) {
    v128.store(mask + c, v128.and(i32x4.ge_u(at, v128.load(starts + c)), i32x4.lt_u(at, v128.load(ends + c))));
  }
}

/** -Infinity in the columns that are not marked. */
export function hide(row: usize, mask: usize, first: u32, last: u32): void {
  const lowest = f32x4.splat(-Infinity);
  for (let c = first << 2; c < last << 2; c += 16) {
    v128.store(row + c, v128.bitselect(v128.load(row + c), lowest, v128.load(mask + c)));
  }
}

/** 0 in the columns that are not marked. */
export function clear(row: usize, mask: usize, first: u32, last: u32): void {
  for (let c = first << 2; c < last << 2; c += 16) {
    v128.store(row + c, v128.and(v128.load(row + c), v128.load(mask + c)));
  }
}

/** 0 in the columns that dropout drops: the element of column c is `index + c * step`. */
export function drop(row: usize, first: u32, last: u32, index: u32, step: u32, seed: u32, threshold: u32): void {
  const seeds = i32x4.splat(seed);
  const least = i32x4.splat(threshold);
  const steps = i32x4.splat(step);
  for (let c = first; c < last; c += 4) {
    const element = i32x4.add(i32x4.splat(index), i32x4.mul(i32x4.add(i32x4.splat(c), i32x4(0, 1, 2, 3)), steps));
    const at = row + (c << 2);
    v128.store(at, v128.and(v128.load(at), i32x4.ge_u(hash(element, seeds), least)));
  }
}

/** The maximum of `least` and a row. NaN is passed over: its exponential is NaN. */
export function rowMaximum(row: usize, first: u32, last: u32, least: f32): f32 {
  let most = f32x4.splat(least);
  for (let c = first << 2; c < last << 2; c += 16) most = f32x4.pmax(most, v128.load(row + c));
  most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2)), 0);
}

/** Puts exp(x - shift) for each x of a row, no x being above `shift`, and returns four partial sums of them. */
export function exponentials(row: usize, first: u32, last: u32, shift: f32): v128 {
  const shifts = f32x4.splat(shift);
  let sum = f32x4.splat(0);
  for (let c = first << 2; c < last << 2; c += 16) {
    const weight = weightOf(f32x4.sub(v128.load(row + c), shifts));
    v128.store(row + c, weight);
    sum = f32x4.add(sum, weight);
  }
  return sum;
}

/**
 * From the logits of a sender and the slopes of its weights, one receiver a column: the weights in the place of the logits, and the slopes of
 * logits, `weight (slope - mean)`. A receiver with one sender gives it all of its weight, whatever the logit: `free` is 0 there, and 1
 * elsewhere, for of a slope of 0 two sums that cancel would leave their rounding.
 */
export function slopesOfSender(
  logits: usize, slopes: usize, first: u32, last: u32, logSums: usize, means: usize, free: usize,
): void {
  for (let c = first << 2; c < last << 2; c += 16) {
    const weight = weightOf(f32x4.sub(v128.load(logits + c), v128.load(logSums + c)));
    v128.store(logits + c, weight);
    const slope = f32x4.mul(weight, f32x4.sub(v128.load(slopes + c), v128.load(means + c)));
    v128.store(slopes + c, f32x4.mul(slope, v128.load(free + c)));
  }
}
