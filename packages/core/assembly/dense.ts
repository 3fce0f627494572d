// Dense products: `out = A B`, 4 rows by 8 columns at a time held in registers. B is packed, a block of it at a time, into
// panels of 8 columns, padded with zeros: so any width and either orientation take one path. A transposed A is packed as well,
// 16 rows at a time: its columns are far apart. Each number of the result is the sum over blocks of the inner dimension of
// sums in order within the block.

import { storeLanes } from "./lanes";

// The inner dimension and the columns of a packed block of B: 512 kB, which the second cache holds.
const BLOCK_K: u32 = 256;
const BLOCK_N: u32 = 512;
// Rows of a transposed A that are packed together: a cache line of each of its columns.
const BLOCK_M: u32 = 16;

const PACKED_B_BYTES: u32 = (BLOCK_K * BLOCK_N) << 2;
const PACKED_A_BYTES: u32 = (BLOCK_K * BLOCK_M) << 2;

/** Bytes that `matmul` needs for itself at `scratch`. */
export function matmulScratchBytes(): u32 {
  return PACKED_B_BYTES + PACKED_A_BYTES;
}

/** Writes `depth` rows of `columns` columns of B as panels of 8 columns, row after row within a panel. */
function packRight(
  b: usize, packed: usize, rowPitch: u32, columnPitch: u32, depth: u32, columns: u32,
): void {
  for (let j: u32 = 0; j < columns; j += 8) {
    const count = min(8, columns - j);
    let from = b + j * columnPitch;
    for (let l: u32 = 0; l < depth; l++) {
      if (count == 8 && columnPitch == 4) {
        v128.store(packed, v128.load(from));
        v128.store(packed, v128.load(from, 16), 16);
      } else {
        v128.store(packed, f32x4.splat(0));
        v128.store(packed, f32x4.splat(0), 16);
        for (let c: u32 = 0; c < count; c++) store<f32>(packed + (c << 2), load<f32>(from + c * columnPitch));
      }
      from += rowPitch;
      packed += 32;
    }
  }
}

/** Writes up to 16 rows of a transposed A in groups of 4: column after column within a group. */
function packLeft(a: usize, packed: usize, columnPitch: u32, depth: u32, rows: u32): void {
  for (let l: u32 = 0; l < depth; l++) {
    let to = packed;
    for (let i: u32 = 0; i < rows; i += 4) {
      v128.store(to, v128.load(a + (i << 2)));
      to += depth << 4;
    }
    a += columnPitch;
    packed += 16;
  }
}

@inline
function storeRow(out: usize, left: v128, right: v128, count: u32, first: bool): void {
  if (!first) {
    left = f32x4.add(v128.load(out), left);
    right = f32x4.add(v128.load(out, 16), right);
  }
  storeLanes(out, left, count);
  if (count > 4) storeLanes(out + 16, right, count - 4);
}

/**
 * Four rows of A, which start at `a0` to `a3` and go on by `step` bytes, times one panel. `rows` of the results and `count`
 * columns are stored.
 */
@inline
function tile(
  a0: usize, a1: usize, a2: usize, a3: usize, step: u32, panel: usize, depth: u32,
  out: usize, outPitch: u32, rows: u32, count: u32, first: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const panelEnd = panel + (depth << 5);
  while (panel < panelEnd) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let a = v128.load_splat<f32>(a0);
    c00 = f32x4.add(c00, f32x4.mul(a, b0));
    c01 = f32x4.add(c01, f32x4.mul(a, b1));
    a = v128.load_splat<f32>(a1);
    c10 = f32x4.add(c10, f32x4.mul(a, b0));
    c11 = f32x4.add(c11, f32x4.mul(a, b1));
    a = v128.load_splat<f32>(a2);
    c20 = f32x4.add(c20, f32x4.mul(a, b0));
    c21 = f32x4.add(c21, f32x4.mul(a, b1));
    a = v128.load_splat<f32>(a3);
    c30 = f32x4.add(c30, f32x4.mul(a, b0));
    c31 = f32x4.add(c31, f32x4.mul(a, b1));
    panel += 32;
    a0 += step;
    a1 += step;
    a2 += step;
    a3 += step;
  }
  storeRow(out, c00, c01, count, first);
  if (rows > 1) storeRow(out + outPitch, c10, c11, count, first);
  if (rows > 2) storeRow(out + 2 * outPitch, c20, c21, count, first);
  if (rows > 3) storeRow(out + 3 * outPitch, c30, c31, count, first);
}

/** Tiles of rows that are stored one after the other. */
function tileOfRows(
  a: usize, rowPitch: u32, panel: usize, depth: u32, out: usize, outPitch: u32, rows: u32, count: u32, first: bool,
): void {
  // Rows beyond the last are computed as copies of the first and not stored.
  const a1 = rows > 1 ? a + rowPitch : a;
  const a2 = rows > 2 ? a + 2 * rowPitch : a;
  const a3 = rows > 3 ? a + 3 * rowPitch : a;
  tile(a, a1, a2, a3, 4, panel, depth, out, outPitch, rows, count, first);
}

/** Tiles of rows that {@link packLeft} wrote. */
function tileOfPacked(
  a: usize, panel: usize, depth: u32, out: usize, outPitch: u32, rows: u32, count: u32, first: bool,
): void {
  tile(a, a + 4, a + 8, a + 12, 16, panel, depth, out, outPitch, rows, count, first);
}

/** The rows `start` to `end` of one product. */
function product(
  a: usize, b: usize, out: usize, k: u32, n: u32,
  transposeA: u32, aPitch: u32, bRowPitch: u32, bColumnPitch: u32, scratch: usize, start: u32, end: u32,
): void {
  const outPitch = n << 2;
  const packedA = scratch + PACKED_B_BYTES;
  for (let n0: u32 = 0; n0 < n; n0 += BLOCK_N) {
    const columns = min(BLOCK_N, n - n0);
    for (let k0: u32 = 0; k0 < k; k0 += BLOCK_K) {
      const depth = min(BLOCK_K, k - k0);
      const first = k0 == 0;
      packRight(b + k0 * bRowPitch + n0 * bColumnPitch, scratch, bRowPitch, bColumnPitch, depth, columns);
      for (let i = start; i < end; i += 4) {
        const rows = min(4, end - i);
        const to = out + i * outPitch + (n0 << 2);
        if (transposeA != 0) {
          const within = (i - start) % BLOCK_M;
          if (within == 0) packLeft(a + (i << 2) + k0 * aPitch, packedA, aPitch, depth, min(BLOCK_M, end - i));
          const from = packedA + within * (depth << 2);
          for (let j: u32 = 0; j < columns; j += 8) {
            tileOfPacked(from, scratch + j * (depth << 2), depth, to + (j << 2), outPitch, rows, columns - j, first);
          }
        } else {
          const from = a + i * aPitch + (k0 << 2);
          for (let j: u32 = 0; j < columns; j += 8) {
            tileOfRows(from, aPitch, scratch + j * (depth << 2), depth, to + (j << 2), outPitch, rows, columns - j, first);
          }
        }
      }
    }
  }
}

/**
 * The rows `start` to `end` of products that follow each other in memory, counted through: each has `m` rows. `aPitch` is the bytes from a
 * row of A, as it is stored, to the next. The pitches of B are the bytes from a row, and from a column, to the next, as the product
 * sees it. `k` is not 0.
 */
export function matmul(
  a: usize, b: usize, out: usize, m: u32, k: u32, n: u32,
  transposeA: u32, aPitch: u32, bRowPitch: u32, bColumnPitch: u32, scratch: usize, start: u32, end: u32,
): void {
  for (let row = start; row < end; ) {
    const batch = row / m;
    const first = row - batch * m;
    const last = min(m, first + (end - row));
    const left = a + ((batch * m * k) << 2);
    const right = b + ((batch * k * n) << 2);
    const to = out + ((batch * m * n) << 2);
    product(left, right, to, k, n, transposeA, aPitch, bRowPitch, bColumnPitch, scratch, first, last);
    row += last - first;
  }
}
