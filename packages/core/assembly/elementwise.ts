// Kernels on numbers one by one. Ranges are of elements.

import { storeLanes } from "./lanes";

export function fill(out: usize, value: f32, start: u32, end: u32): void {
  const v = f32x4.splat(value);
  for (let i = start; i < end; i += 4) storeLanes(out + (i << 2), v, end - i);
}

export function affine(x: usize, out: usize, scale: f32, shift: f32, start: u32, end: u32): void {
  const a = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  for (let i = start; i < end; i += 4) {
    storeLanes(out + (i << 2), f32x4.add(f32x4.mul(a, v128.load(x + (i << 2))), b), end - i);
  }
}

export function accumulate(x: usize, out: usize, scale: f32, start: u32, end: u32): void {
  const a = f32x4.splat(scale);
  for (let i = start; i < end; i += 4) {
    const at = out + (i << 2);
    storeLanes(at, f32x4.add(v128.load(at), f32x4.mul(a, v128.load(x + (i << 2)))), end - i);
  }
}

/** The hash of `hashElement`, for four elements at once. */
@inline
export function hash(index: v128, seed: v128): v128 {
  let x = i32x4.add(i32x4.mul(index, i32x4.splat(0x9e3779b9)), seed);
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

export function dropout(x: usize, out: usize, seed: u32, threshold: u32, scale: f32, start: u32, end: u32): void {
  const seeds = i32x4.splat(seed);
  const least = i32x4.splat(threshold);
  const factor = f32x4.splat(scale);
  for (let i = start; i < end; i += 4) {
    const h = hash(i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)), seeds);
    const kept = f32x4.mul(v128.load(x + (i << 2)), factor);
    storeLanes(out + (i << 2), v128.and(kept, i32x4.ge_u(h, least)), end - i);
  }
}
