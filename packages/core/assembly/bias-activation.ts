// What follows a linear layer, a block at a time: the bias, a function of each number, dropout. A block stays in the first cache from one to the
// next, so that memory is read and written once, and any function will do. Ranges are of elements.

import { affine, dropout } from "./elementwise";
import { storeLanes } from "./lanes";
import { unary, unaryGradient } from "./unary";

const BLOCK: u32 = 1024;

/** `x` plus the bias of each column. */
function addBias(x: usize, bias: usize, out: usize, width: u32, start: u32, end: u32): void {
  let column = start % width;
  for (let i = start; i < end; ) {
    const count = min(width - column, end - i);
    const from = x + (i << 2);
    const to = out + (i << 2);
    const added = bias + (column << 2);
    for (let c: u32 = 0; c < count; c += 4) {
      storeLanes(to + (c << 2), f32x4.add(v128.load(from + (c << 2)), v128.load(added + (c << 2))), count - c);
    }
    i += count;
    column = 0;
  }
}

/** `operation` is negative for none, `bias` 0 for none, `threshold` 0 for no dropout; one of them is not none. */
export function biasActivation(
  operation: i32, x: usize, bias: usize, out: usize, width: u32, parameter: f32,
  seed: u32, threshold: u32, scale: f32, start: u32, end: u32,
): void {
  for (let first = start; first < end; first += BLOCK) {
    const last = min(end, first + BLOCK);
    let from = x;
    if (bias != 0) {
      addBias(x, bias, out, width, first, last);
      from = out;
    }
    if (operation >= 0) {
      unary(operation, from, out, parameter, first, last);
      from = out;
    }
    if (threshold != 0) dropout(from, out, seed, threshold, scale, first, last);
  }
}

/** `y` is what {@link biasActivation} gave. `scratch` has room for a block. `operation` is not none. */
export function biasActivationGradient(
  operation: i32, x: usize, bias: usize, y: usize, gradient: usize, out: usize, width: u32, parameter: f32,
  seed: u32, threshold: u32, scale: f32, scratch: usize, start: u32, end: u32,
): void {
  for (let first = start; first < end; first += BLOCK) {
    const last = min(end, first + BLOCK);
    let from = x;
    if (bias != 0) {
      addBias(x, bias, out, width, first, last);
      from = out;
    }
    let value = y;
    if (threshold != 0) {
      // What was kept was scaled; what was dropped has no gradient, whatever its value.
      value = scratch - (first << 2);
      affine(y, value, 1 / scale, 0, first, last);
    }
    unaryGradient(operation, from, value, gradient, out, parameter, first, last);
    if (threshold != 0) dropout(out, out, seed, threshold, scale, first, last);
  }
}
