// Dense products: `out = A B`, 4 rows by 8 columns at a time held in registers. B is packed, a block of it at a time, into panels of 8
// columns, and A, 64 rows at a time, into groups of 4 rows: so any width and either orientation take one path, and the innermost loop reads what
// follows each other. Each number of the result is the sum over blocks of the inner dimension of sums in order within the block.

import { loadLanes } from "./lanes";
import { multiplyPacked, multiplyRows } from "./micro-kernel";
import { OVERHANG, packAcross } from "./tiles";

// The inner dimension and the columns of a packed block of B: 512 kB, which the second cache holds.
const BLOCK_K: u32 = 256;
const BLOCK_N: u32 = 512;
// Rows of A that are packed together: of a transposed A neighboring cache lines of each of its columns,
const BLOCK_M: u32 = 64;
// and rows of these that stay in the first cache while they meet all panels.
const HOT_M: u32 = 16;

const PACKED_B_BYTES: u32 = ((BLOCK_K * BLOCK_N) << 2) + OVERHANG;
const PACKED_A_BYTES: u32 = ((BLOCK_K * BLOCK_M) << 2) + OVERHANG;

/** Bytes that `matmul` needs for itself at `scratch`. */
export function matmulScratchBytes(): u32 {
  return PACKED_B_BYTES + PACKED_A_BYTES;
}

/** Writes `depth` rows of `columns` columns of B as panels of 8 columns, row after row within a panel. */
function packRight(b: usize, packed: usize, rowPitch: u32, columnPitch: u32, depth: u32, columns: u32): void {
  if (columnPitch != 4) {
    packAcross(b, columnPitch, columns, depth, 8, 1, packed);
    return;
  }
  const zero = f32x4.splat(0);
  for (let j: u32 = 0; j < columns; j += 8) {
    // What lies beyond the last column must not be multiplied, though it is not stored: as a number it may be subnormal, which is slow.
    const count = columns - j;
    let from = b + (j << 2);
    for (let l: u32 = 0; l < depth; l++) {
      v128.store(packed, loadLanes(from, count, zero));
      v128.store(packed, count > 4 ? loadLanes(from + 16, count - 4, zero) : zero, 16);
      from += rowPitch;
      packed += 32;
    }
  }
}

/** Writes up to {@link BLOCK_M} rows of a transposed A in groups of 4: column after column within a group. */
function packLeft(a: usize, packed: usize, columnPitch: u32, depth: u32, rows: u32): void {
  for (let l: u32 = 0; l < depth; l++) {
    let to = packed;
    for (let i: u32 = 0; i < rows; i += 4) {
      v128.store(to, loadLanes(a + (i << 2), rows - i, f32x4.splat(0)));
      to += depth << 4;
    }
    a += columnPitch;
    packed += 16;
  }
}

/** `rows` rows of A, packed, times the `columns` columns of packed panels. */
function multiplyBlock(
  packedA: usize, panels: usize, depth: u32, out: usize, outPitch: u32, rows: u32, columns: u32, first: bool,
): void {
  const step = depth << 4;
  // A panel stays in the first cache while it meets all rows of the block.
  for (let j: u32 = 0; j < columns; j += 8) {
    let from = packedA;
    let to = out + (j << 2);
    for (let r: u32 = 0; r < rows; r += 4) {
      multiplyPacked(from, 16, panels, depth, to, outPitch, rows - r, columns - j, first);
      from += step;
      to += outPitch << 2;
    }
    panels += depth << 5;
  }
}

/** `rows` rows of A as they are stored times one panel: packing them would take longer than it saves. */
function multiplyByPanel(
  a: usize, rowPitch: u32, panel: usize, depth: u32, out: usize, outPitch: u32, rows: u32, count: u32, first: bool,
): void {
  for (let r: u32 = 0; r < rows; r += 4) {
    // Rows beyond the last are computed as copies of another and not stored.
    const last = rows - r - 1;
    multiplyRows(a, a + min(1, last) * rowPitch, a + min(2, last) * rowPitch, a + min(3, last) * rowPitch, panel, depth,
      out, outPitch, rows - r, count, first);
    a += rowPitch << 2;
    out += outPitch << 2;
  }
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
      const target = out + (n0 << 2);
      const block = a + (transposeA != 0 ? k0 * aPitch : k0 << 2);
      if (transposeA == 0 && columns <= 8) {
        const left = block + start * aPitch;
        multiplyByPanel(left, aPitch, scratch, depth, target + start * outPitch, outPitch, end - start, columns, first);
        continue;
      }
      for (let i = start; i < end; i += BLOCK_M) {
        const rows = min(BLOCK_M, end - i);
        if (transposeA != 0) packLeft(block + (i << 2), packedA, aPitch, depth, rows);
        else packAcross(block + i * aPitch, aPitch, rows, depth, 4, 1, packedA);
        for (let r: u32 = 0; r < rows; r += HOT_M) {
          const to = target + (i + r) * outPitch;
          multiplyBlock(packedA + r * (depth << 2), scratch, depth, to, outPitch, min(HOT_M, rows - r), columns, first);
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
