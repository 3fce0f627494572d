// Softmax attention over runs of senders, in tiles (Dao et al., 2022: FlashAttention; Rabe and Staats, 2021). Four receivers at a
// time meet the columns of a packed tile of senders; their maximum, their sum of exponentials and their weighted sum of values
// are carried from tile to tile. Ranges are of receivers. Tiles start at multiples of their width, so that the sums of a receiver do not
// depend on the others in its range.

import { log } from "./functions";
import { sumFour } from "./lanes";
import { ROW } from "./micro-kernel";
import { blockRows, copyRuns, groupBounds, largest, least, paddedWidth, tileColumns } from "./runs";
import { drop, exponentials, hide, markRun, rowMaximum, weightOf } from "./tile-rows";
import {
  addMaskedProducts, addProducts, FOUR_ROWS, MOST_COLUMNS, OVERHANG, packAcross, packAlong, products, writeRow,
} from "./tiles";

/** What a block of receivers and a tile of senders share while they meet. It stands at the beginning of the scratch memory. */
@unmanaged
class Forward {
  senders: u32;
  heads: u32;
  head: u32;
  channels: u32;
  valueChannels: u32;
  seed: u32;
  threshold: u32;
  /** Columns of a tile. */
  columns: u32;
  /** The first sender of the tile. */
  column: u32;
  /** Whether the values of the tile are finite. */
  finite: bool;
  tile: usize;
  mask: usize;
  starts: usize;
  ends: usize;
  bounds: usize;
  maxima: usize;
  sums: usize;
  query: usize;
  out: usize;
  key: usize;
  value: usize;
}

/** Bytes at the scratch address that `denseAttention` needs, and its gradients: for any count of elements. */
export function denseAttentionScratchBytes(channels: u32, valueChannels: u32): u32 {
  const numbers = 2 * (paddedWidth(channels) + paddedWidth(valueChannels));
  const rows = blockRows(numbers);
  return (((rows + MOST_COLUMNS) * (numbers + 8)) << 2) + 3 * MOST_COLUMNS * ROW + 16 * OVERHANG;
}

export function denseAttention(
  query: usize, key: usize, value: usize, starts: usize, ends: usize, out: usize, logSum: usize,
  senders: u32, heads: u32, channels: u32, valueChannels: u32, scale: f32,
  seed: u32, threshold: u32, keptScale: f32, scratch: usize, start: u32, end: u32,
): void {
  const width = paddedWidth(valueChannels);
  const rows = blockRows(2 * (paddedWidth(channels) + width));
  const plan = changetype<Forward>(scratch);
  plan.senders = senders;
  plan.heads = heads;
  plan.channels = channels;
  plan.valueChannels = valueChannels;
  plan.seed = seed;
  plan.threshold = threshold;
  plan.columns = tileColumns(paddedWidth(channels) + width);
  plan.tile = scratch + OVERHANG;
  plan.mask = plan.tile + FOUR_ROWS;
  plan.starts = plan.mask + FOUR_ROWS;
  plan.ends = plan.starts + (rows << 2);
  plan.bounds = plan.ends + (rows << 2);
  plan.maxima = plan.bounds + (rows << 2);
  plan.sums = plan.maxima + (rows << 2);
  plan.query = plan.sums + (rows << 2);
  plan.out = plan.query + ((rows * channels) << 2) + OVERHANG;
  plan.key = plan.out + ((rows * width) << 2);
  plan.value = plan.key + ((plan.columns * channels) << 2) + OVERHANG;
  const pitch = (heads * channels) << 2;
  const valuePitch = (heads * valueChannels) << 2;
  for (let h: u32 = 0; h < heads; h++) {
    plan.head = h;
    const keys = key + ((h * channels) << 2);
    const values = value + ((h * valueChannels) << 2);
    for (let i = start; i < end; i += rows) {
      const count = min(rows, end - i);
      packAcross(query + i * pitch + ((h * channels) << 2), pitch, count, channels, 4, scale, plan.query);
      copyRuns(starts + (i << 2), ends + (i << 2), count, plan.starts, plan.ends);
      groupBounds(plan.starts, plan.ends, count, plan.bounds);
      const lowest = f32x4.splat(-Infinity);
      for (let r: u32 = 0; r < count << 2; r += 16) v128.store(plan.maxima + r, lowest);
      memory.fill(plan.sums, 0, rows << 2);
      memory.fill(plan.out, 0, (rows * width) << 2);
      const last = largest(plan.ends, count);
      const first = min(last, least(plan.starts, count));
      for (let j = first - (first % plan.columns); j < last; j += plan.columns) {
        plan.column = j;
        meetTile(plan, i, count, keys + j * pitch, pitch, values + j * valuePitch, valuePitch, min(plan.columns, senders - j));
      }
      const at = i * heads + h;
      finish(plan, count, out + ((at * valueChannels) << 2), valuePitch, logSum + (at << 2), keptScale);
    }
  }
}

/** A block of receivers meets one tile of senders, which is packed when the first of them attends to it. */
function meetTile(
  plan: Forward, receiver: u32, count: u32, keys: usize, pitch: u32, values: usize, valuePitch: u32, senders: u32,
): void {
  const groupBytes = plan.channels << 4;
  const pitchOut = paddedWidth(plan.valueChannels) << 2;
  let isPacked = false;
  for (let g: u32 = 0; g < count; g += 4) {
    const bounds = plan.bounds + (g << 2);
    const from = max(plan.column, load<u32>(bounds));
    const to = min(plan.column + senders, load<u32>(bounds, 4));
    if (from >= to) continue;
    if (!isPacked) {
      packAcross(keys, pitch, senders, plan.channels, 8, 1, plan.key);
      plan.finite = packAlong(values, valuePitch, senders, plan.columns, plan.valueChannels, 1, plan.value);
      isPacked = true;
    }
    const first = (from - plan.column) & ~7;
    const last = (to - plan.column + 7) & ~7;
    const isMasked = load<u32>(bounds, 8) > plan.column + first || load<u32>(bounds, 12) < plan.column + last;
    const query = plan.query + (g >> 2) * groupBytes;
    meetGroup(plan, receiver + g, g << 2, query, plan.out + g * pitchOut, pitchOut, first, last, isMasked);
  }
}

/** Four receivers meet the columns `first` to `last` of the tile. `group` is the offset of their numbers in the block. */
function meetGroup(
  plan: Forward, receiver: u32, group: u32, query: usize, out: usize, pitch: u32, first: u32, last: u32, isMasked: bool,
): void {
  const tile = plan.tile;
  const depth = plan.channels;
  products(query, 16, plan.key + ((first * depth) << 2), depth << 5, depth, tile + (first << 2), ROW, 4, last - first, true);
  if (isMasked) {
    for (let r: u32 = 0; r < 4; r++) {
      const at = group + (r << 2);
      const mask = plan.mask + r * ROW;
      markRun(mask, first, last, plan.column, load<u32>(plan.starts + at), load<u32>(plan.ends + at));
      hide(tile + r * ROW, mask, first, last);
    }
  }
  const maxima = plan.maxima + group;
  const before = v128.load(maxima);
  for (let r: u32 = 0; r < 4; r++) {
    const at = maxima + (r << 2);
    store<f32>(at, rowMaximum(tile + r * ROW, first, last, load<f32>(at)));
  }
  const after = v128.load(maxima);
  // A receiver that has met nothing but -Infinity has no maximum to subtract: exp(-Infinity - 0) is the 0 that is wanted.
  const shifts = v128.andnot(after, f32x4.eq(after, f32x4.splat(-Infinity)));
  const sum = sumFour(
    exponentials(tile, first, last, f32x4.extract_lane(shifts, 0)),
    exponentials(tile + ROW, first, last, f32x4.extract_lane(shifts, 1)),
    exponentials(tile + 2 * ROW, first, last, f32x4.extract_lane(shifts, 2)),
    exponentials(tile + 3 * ROW, first, last, f32x4.extract_lane(shifts, 3)),
  );
  const sums = plan.sums + group;
  if (v128.any_true(f32x4.ne(before, after))) {
    const shrink = weightOf(f32x4.sub(before, shifts));
    v128.store(sums, f32x4.mul(v128.load(sums), shrink));
    writeRow(out, out, pitch >> 2, f32x4.splat(f32x4.extract_lane(shrink, 0)));
    writeRow(out + pitch, out + pitch, pitch >> 2, f32x4.splat(f32x4.extract_lane(shrink, 1)));
    writeRow(out + 2 * pitch, out + 2 * pitch, pitch >> 2, f32x4.splat(f32x4.extract_lane(shrink, 2)));
    writeRow(out + 3 * pitch, out + 3 * pitch, pitch >> 2, f32x4.splat(f32x4.extract_lane(shrink, 3)));
  }
  v128.store(sums, f32x4.add(v128.load(sums), sum));
  if (plan.threshold != 0) {
    for (let r: u32 = 0; r < 4; r++) {
      const index = ((receiver + r) * plan.senders + plan.column) * plan.heads + plan.head;
      drop(tile + r * ROW, first, last, index, plan.heads, plan.seed, plan.threshold);
    }
  }
  const panelBytes = plan.columns << 5;
  const values = plan.value + (first << 5);
  const weights = tile + (first << 2);
  if (isMasked && !plan.finite) {
    addMaskedProducts(weights, plan.mask + (first << 2), ROW, 4, values, panelBytes, last - first, out, pitch, 4, pitch >> 2);
  } else {
    addProducts(weights, values, panelBytes, last - first, out, pitch, 4, pitch >> 2);
  }
}

/** Divides by the sums of exponentials, and writes the results of a block. */
function finish(plan: Forward, count: u32, out: usize, pitch: u32, logSum: usize, keptScale: f32): void {
  for (let r: u32 = 0; r < count; r++) {
    const sum = load<f32>(plan.sums + (r << 2));
    const total = log(f32x4.splat(sum));
    store<f32>(logSum + ((r * plan.heads) << 2), load<f32>(plan.maxima + (r << 2)) + f32x4.extract_lane(total, 0));
    const factor = f32x4.splat(sum == 0 ? 0 : keptScale / sum);
    writeRow(plan.out + r * (paddedWidth(plan.valueChannels) << 2), out, plan.valueChannels, factor);
    out += pitch;
  }
}
