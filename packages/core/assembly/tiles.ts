// Products of small tiles, for attention, which never holds a whole matrix of logits: four rows at a time, by panels of eight
// columns, held in registers. What is multiplied is packed first, so that any width takes one path: rows across (the inner
// dimension is that of the row: four or eight rows side by side, one number of each after the other) or along (the inner dimension
// counts the rows: panels of eight of their numbers, row after row).

import { storeLanes } from "./lanes";
import { multiplyPacked, multiplyTile, ROW, storeRow } from "./micro-kernel";

/** The most columns of a tile. */
export const MOST_COLUMNS: u32 = ROW >> 2;
/** Bytes of four rows of a tile. */
export const FOUR_ROWS: u32 = ROW << 2;
/** Bytes that {@link packAcross} may write beyond what it packs. */
export const OVERHANG: u32 = 128;

/** The bytes of four numbers of each of four rows that are written as their transpose. */
@inline
function packFour(a: v128, b: v128, c: v128, d: v128, to: usize, step: u32): void {
  const low = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const high = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const low2 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const high2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low, low2, 0, 1, 4, 5));
  v128.store(to + step, v128.shuffle<f32>(low, low2, 2, 3, 6, 7));
  v128.store(to + 2 * step, v128.shuffle<f32>(high, high2, 0, 1, 4, 5));
  v128.store(to + 3 * step, v128.shuffle<f32>(high, high2, 2, 3, 6, 7));
}

/**
 * Packs `count` rows, `pitch` bytes apart, `factor` times their `width` numbers, in groups of `lanes` (4 or 8) rows. In the place of rows
 * beyond the last stands the last.
 */
export function packAcross(
  x: usize, pitch: u32, count: u32, width: u32, lanes: u32, factor: f32, packed: usize,
): void {
  const scale = f32x4.splat(factor);
  const step = lanes << 2;
  const last = count - 1;
  for (let i: u32 = 0; i < count; i += lanes) {
    for (let quad: u32 = 0; quad < lanes; quad += 4) {
      const row = i + quad;
      const r0 = x + min(row, last) * pitch;
      const r1 = x + min(row + 1, last) * pitch;
      const r2 = x + min(row + 2, last) * pitch;
      const r3 = x + min(row + 3, last) * pitch;
      let to = packed + (quad << 2);
      for (let l: u32 = 0; l < width << 2; l += 16) {
        packFour(
          f32x4.mul(v128.load(r0 + l), scale), f32x4.mul(v128.load(r1 + l), scale),
          f32x4.mul(v128.load(r2 + l), scale), f32x4.mul(v128.load(r3 + l), scale), to, step,
        );
        to += step << 2;
      }
    }
    packed += width * step;
  }
}

/**
 * Packs `count` rows, `pitch` bytes apart, `factor` times their `width` numbers, in panels of eight numbers of `rows` rows; zeros for
 * the rows beyond the last. Returns whether all numbers are finite; what lies beyond `width` may make this false.
 */
export function packAlong(
  x: usize, pitch: u32, count: u32, rows: u32, width: u32, factor: f32, packed: usize,
): bool {
  const scale = f32x4.splat(factor);
  const zero = f32x4.splat(0);
  const panelBytes = rows << 5;
  // 0 times a number is 0, or NaN where the number is not finite.
  let check = zero;
  for (let i: u32 = 0; i < rows; i++) {
    let to = packed + (i << 5);
    let from = x;
    for (let c: u32 = 0; c < width; c += 8) {
      const left = i < count ? f32x4.mul(v128.load(from), scale) : zero;
      const right = i < count ? f32x4.mul(v128.load(from, 16), scale) : zero;
      v128.store(to, left);
      v128.store(to, right, 16);
      check = f32x4.add(check, f32x4.add(f32x4.mul(left, zero), f32x4.mul(right, zero)));
      from += 32;
      to += panelBytes;
    }
    x += pitch;
  }
  return !v128.any_true(f32x4.ne(check, check));
}

/**
 * Four rows times the columns of panels: `out[r, c] = sum over l of rows[r, l] panels[l, c]`, or added to what is there unless they are the `first`.
 * The rows are side by side, one number of each, and `step` bytes on the next of each. A panel has `panelBytes`, of which `depth` rows of eight count.
 * `width` columns of `count` rows, `pitch` bytes apart, are written.
 */
export function products(
  rows: usize, step: u32, panels: usize, panelBytes: u32, depth: u32, out: usize, pitch: u32, count: u32, width: u32, first: bool,
): void {
  for (let c: u32 = 0; c < width; c += 8) {
    multiplyPacked(rows, step, panels, depth, out, pitch, count, width - c, first);
    panels += panelBytes;
    out += 32;
  }
}

/** Adds {@link products} of four rows of a tile. */
export function addProducts(
  tile: usize, panels: usize, panelBytes: u32, depth: u32, out: usize, pitch: u32, count: u32, width: u32,
): void {
  for (let c: u32 = 0; c < width; c += 8) {
    multiplyTile(tile, panels, depth, out, pitch, count, width - c, false);
    panels += panelBytes;
    out += 32;
  }
}

/**
 * Adds products of the pairs that a mask leaves alone, for panels that hold NaN or infinities: 0 times those would reach rows that do not
 * attend to them. Of row r the number l is at `tile + r * rowStep + l * step`, and so is the mask.
 */
export function addMaskedProducts(
  tile: usize, mask: usize, rowStep: u32, step: u32, panels: usize, panelBytes: u32, depth: u32,
  out: usize, pitch: u32, count: u32, width: u32,
): void {
  for (let c: u32 = 0; c < width; c += 8) {
    for (let r: u32 = 0; r < count; r++) {
      let c0 = f32x4.splat(0);
      let c1 = c0;
      for (let l: u32 = 0; l < depth; l++) {
        const at = r * rowStep + l * step;
        if (load<u32>(mask + at) == 0) continue;
        const a = v128.load_splat<f32>(tile + at);
        const panel = panels + (l << 5);
        c0 = f32x4.add(c0, f32x4.mul(a, v128.load(panel)));
        c1 = f32x4.add(c1, f32x4.mul(a, v128.load(panel, 16)));
      }
      storeRow(out + r * pitch, c0, c1, width - c, false);
    }
    panels += panelBytes;
    out += 32;
  }
}

/** Writes `width` numbers times a factor. */
export function writeRow(row: usize, out: usize, width: u32, factor: v128): void {
  for (let c: u32 = 0; c < width; c += 4) {
    storeLanes(out, f32x4.mul(v128.load(row), factor), width - c);
    row += 16;
    out += 16;
  }
}
