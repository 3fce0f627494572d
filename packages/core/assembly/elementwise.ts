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

// In memory for the reason that functions.ts gives: written in the code they take a third of the time of dropout.
const HASH_INDEX = memory.data<u32>([0x9e3779b9]);
const HASH_FIRST = memory.data<u32>([0x7feb352d]);
const HASH_SECOND = memory.data<u32>([0x846ca68b]);
// From one vector of elements to the next.
const HASH_STEP = memory.data<u32>([0x78dde6e4]);

/** The hash of `hashElement` but for its first step, the index times {@link HASH_INDEX} plus the seed. */
@inline
function mixed(element: v128): v128 {
  let x = v128.xor(element, i32x4.shr_u(element, 16));
  x = i32x4.mul(x, v128.load_splat<u32>(HASH_FIRST));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, v128.load_splat<u32>(HASH_SECOND));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

@inline
function numbered(index: v128, seed: v128): v128 {
  return i32x4.add(i32x4.mul(index, v128.load_splat<u32>(HASH_INDEX)), seed);
}

/** The hash of `hashElement`, for four elements at once. */
@inline
export function hash(index: v128, seed: v128): v128 {
  return mixed(numbered(index, seed));
}

export function dropout(x: usize, out: usize, seed: u32, threshold: u32, scale: f32, start: u32, end: u32): void {
  const least = i32x4.splat(threshold);
  const factor = f32x4.splat(scale);
  let element = numbered(i32x4.add(i32x4.splat(start), i32x4(0, 1, 2, 3)), i32x4.splat(seed));
  for (let i = start; i < end; i += 4) {
    const kept = f32x4.mul(v128.load(x + (i << 2)), factor);
    storeLanes(out + (i << 2), v128.and(kept, i32x4.ge_u(mixed(element), least)), end - i);
    element = i32x4.add(element, v128.load_splat<u32>(HASH_STEP));
  }
}
