// What attention does to the rows of a tile of logits between its products: masks, exponentials, dropout, and the slope of the
// softmax. `first` and `last` are columns, multiples of eight.

import { hash } from "./elementwise";
import { expBounded } from "./functions";

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
    const weight = expBounded(f32x4.sub(v128.load(row + c), shifts));
    v128.store(row + c, weight);
    sum = f32x4.add(sum, weight);
  }
  return sum;
}

/**
 * From logits and the slopes of weights: weights, and the slopes of logits `weight (slope - mean)`, for one receiver. A receiver with
 * one sender gives it all of its weight, whatever the logit: its slope is 0, of which two sums that cancel would leave their rounding.
 */
export function slopesOfReceiver(
  logits: usize, slopes: usize, first: u32, last: u32, logSum: f32, mean: f32, isAlone: bool,
): void {
  const shifts = f32x4.splat(isAlone ? <f32>Infinity : logSum);
  const means = f32x4.splat(mean);
  for (let c = first << 2; c < last << 2; c += 16) {
    const weight = expBounded(f32x4.sub(v128.load(logits + c), shifts));
    v128.store(slopes + c, f32x4.mul(weight, f32x4.sub(v128.load(slopes + c), means)));
  }
}

/** {@link slopesOfReceiver} where each column is a receiver. The weights replace the logits. */
export function slopesOfSender(
  logits: usize, slopes: usize, first: u32, last: u32, logSums: usize, means: usize, starts: usize, ends: usize,
): void {
  const one = i32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let c = first << 2; c < last << 2; c += 16) {
    const weight = expBounded(f32x4.sub(v128.load(logits + c), v128.load(logSums + c)));
    v128.store(logits + c, weight);
    const slope = f32x4.mul(weight, f32x4.sub(v128.load(slopes + c), v128.load(means + c)));
    const isAlone = i32x4.eq(i32x4.sub(v128.load(ends + c), v128.load(starts + c)), one);
    v128.store(slopes + c, v128.bitselect(f32x4.mul(slope, zero), slope, isAlone));
  }
}
