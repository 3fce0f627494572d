// The innermost loops of all dense products: four rows times a panel of eight columns, whose 32 sums stay in registers. A panel holds
// eight numbers of each column's depth, one after the other. Each sum adds its products in their order.
//
// A sum is written `product + sum`, which gives the instructions that build.mjs looks for: where relaxed SIMD is asked for they are replaced by
// one that multiplies and adds.

import { storeLanes } from "./lanes";

/** Stores `count` of eight numbers, or adds them to what is there. */
@inline
export function storeRow(out: usize, left: v128, right: v128, count: u32, first: bool): void {
  if (!first) {
    left = f32x4.add(v128.load(out), left);
    right = f32x4.add(v128.load(out, 16), right);
  }
  storeLanes(out, left, count);
  if (count > 4) storeLanes(out + 16, right, count - 4);
}

/**
 * Four rows side by side, one number of each, and `step` bytes on the next of each, times one panel. The sums are stored at `out`, its rows
 * `pitch` bytes apart, or, unless they are the `first`, added to what is there: `count` columns of the first `rows` rows.
 */
@inline
export function multiplyPacked(
  at: usize, step: u32, panel: usize, depth: u32, out: usize, pitch: u32, rows: u32, count: u32, first: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = panel + (depth << 5);
  while (panel < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let a = v128.load_splat<f32>(at);
    c00 = f32x4.add(f32x4.mul(a, b0), c00);
    c01 = f32x4.add(f32x4.mul(a, b1), c01);
    a = v128.load_splat<f32>(at, 4);
    c10 = f32x4.add(f32x4.mul(a, b0), c10);
    c11 = f32x4.add(f32x4.mul(a, b1), c11);
    a = v128.load_splat<f32>(at, 8);
    c20 = f32x4.add(f32x4.mul(a, b0), c20);
    c21 = f32x4.add(f32x4.mul(a, b1), c21);
    a = v128.load_splat<f32>(at, 12);
    c30 = f32x4.add(f32x4.mul(a, b0), c30);
    c31 = f32x4.add(f32x4.mul(a, b1), c31);
    at += step;
    panel += 32;
  }
  storeRow(out, c00, c01, count, first);
  if (rows > 1) storeRow(out + pitch, c10, c11, count, first);
  if (rows > 2) storeRow(out + 2 * pitch, c20, c21, count, first);
  if (rows > 3) storeRow(out + 3 * pitch, c30, c31, count, first);
}

/** Bytes from a row of a tile to the next: constant, so that an instruction holds the offset of the row. */
export const ROW: u32 = 256;

/** {@link multiplyPacked} of four rows of a tile, the numbers of each following each other. */
@inline
export function multiplyTile(
  at: usize, panel: usize, depth: u32, out: usize, pitch: u32, rows: u32, count: u32, first: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = panel + (depth << 5);
  while (panel < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let a = v128.load_splat<f32>(at);
    c00 = f32x4.add(f32x4.mul(a, b0), c00);
    c01 = f32x4.add(f32x4.mul(a, b1), c01);
    a = v128.load_splat<f32>(at, ROW);
    c10 = f32x4.add(f32x4.mul(a, b0), c10);
    c11 = f32x4.add(f32x4.mul(a, b1), c11);
    a = v128.load_splat<f32>(at, 2 * ROW);
    c20 = f32x4.add(f32x4.mul(a, b0), c20);
    c21 = f32x4.add(f32x4.mul(a, b1), c21);
    a = v128.load_splat<f32>(at, 3 * ROW);
    c30 = f32x4.add(f32x4.mul(a, b0), c30);
    c31 = f32x4.add(f32x4.mul(a, b1), c31);
    at += 4;
    panel += 32;
  }
  storeRow(out, c00, c01, count, first);
  if (rows > 1) storeRow(out + pitch, c10, c11, count, first);
  if (rows > 2) storeRow(out + 2 * pitch, c20, c21, count, first);
  if (rows > 3) storeRow(out + 3 * pitch, c30, c31, count, first);
}

/**
 * {@link multiplyPacked} of four rows that start at `a0` to `a3`, the numbers of each following each other. One number counts through all of them: V8
 * extends each address that a loop carries to 64 bits in every turn, but none that is a sum.
 */
@inline
export function multiplyRows(
  a0: usize, a1: usize, a2: usize, a3: usize, panel: usize, depth: u32,
  out: usize, pitch: u32, rows: u32, count: u32, first: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let l: u32 = 0; l < depth << 2; l += 4) {
    const row = panel + (l << 3);
    const b0 = v128.load(row);
    const b1 = v128.load(row, 16);
    let a = v128.load_splat<f32>(a0 + l);
    c00 = f32x4.add(f32x4.mul(a, b0), c00);
    c01 = f32x4.add(f32x4.mul(a, b1), c01);
    a = v128.load_splat<f32>(a1 + l);
    c10 = f32x4.add(f32x4.mul(a, b0), c10);
    c11 = f32x4.add(f32x4.mul(a, b1), c11);
    a = v128.load_splat<f32>(a2 + l);
    c20 = f32x4.add(f32x4.mul(a, b0), c20);
    c21 = f32x4.add(f32x4.mul(a, b1), c21);
    a = v128.load_splat<f32>(a3 + l);
    c30 = f32x4.add(f32x4.mul(a, b0), c30);
    c31 = f32x4.add(f32x4.mul(a, b1), c31);
  }
  storeRow(out, c00, c01, count, first);
  if (rows > 1) storeRow(out + pitch, c10, c11, count, first);
  if (rows > 2) storeRow(out + 2 * pitch, c20, c21, count, first);
  if (rows > 3) storeRow(out + 3 * pitch, c30, c31, count, first);
}
