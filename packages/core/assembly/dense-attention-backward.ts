// What the gradients of attention over runs of senders share. The weights are computed again from the logarithms of the sums of
// exponentials. Receivers meet tiles of senders for the gradient of the query; senders meet tiles of receivers for those of key and
// value: so each result has one writer and one order of sums, however the ranges are split.

import { paddedWidth } from "./runs";
import { addMaskedProducts, addProducts, OVERHANG, TILE } from "./tiles";

/** What a block and a tile share while they meet. It stands at the beginning of the scratch memory. */
@unmanaged
export class Backward {
  senders: u32;
  heads: u32;
  head: u32;
  channels: u32;
  valueChannels: u32;
  seed: u32;
  threshold: u32;
  /** Columns of a tile. */
  columns: u32;
  /** The element of the tile's first column. */
  column: u32;
  /** Bytes of one head of all elements, as they are stored, and of values. */
  pitch: u32;
  valuePitch: u32;
  /** Logits, then the weights; slopes of weights, then of logits; pairs that attend. */
  logits: usize;
  slopes: usize;
  mask: usize;
  /** Of the receivers, which are rows in one pass and columns in the other. */
  starts: usize;
  ends: usize;
  logSums: usize;
  means: usize;
  bounds: usize;
  /** Packed: key and value, or query and gradient, of the rows and of the columns; of columns also along. */
  rows: usize;
  valueRows: usize;
  columnsAcross: usize;
  valueColumnsAcross: usize;
  columnsAlong: usize;
  valueColumnsAlong: usize;
  /** Whether what is packed along is finite. */
  finite: bool;
  valueFinite: bool;
  sums: usize;
  valueSums: usize;
}

@inline
export function prepare(
  scratch: usize, senders: u32, heads: u32, channels: u32, valueChannels: u32, seed: u32, threshold: u32,
  rows: u32, columns: u32,
): Backward {
  const width = paddedWidth(channels);
  const valueWidth = paddedWidth(valueChannels);
  const receivers = max(rows, columns) << 2;
  const plan = changetype<Backward>(scratch);
  plan.senders = senders;
  plan.heads = heads;
  plan.channels = channels;
  plan.valueChannels = valueChannels;
  plan.seed = seed;
  plan.threshold = threshold;
  plan.columns = columns;
  plan.pitch = (heads * channels) << 2;
  plan.valuePitch = (heads * valueChannels) << 2;
  plan.logits = scratch + 2 * OVERHANG;
  plan.slopes = plan.logits + TILE;
  plan.mask = plan.slopes + TILE;
  plan.starts = plan.mask + TILE;
  plan.ends = plan.starts + receivers;
  plan.logSums = plan.ends + receivers;
  plan.means = plan.logSums + receivers;
  plan.bounds = plan.means + receivers;
  plan.rows = plan.bounds + receivers;
  plan.valueRows = plan.rows + ((rows * channels) << 2) + OVERHANG;
  plan.columnsAcross = plan.valueRows + ((rows * valueChannels) << 2) + OVERHANG;
  plan.valueColumnsAcross = plan.columnsAcross + ((columns * channels) << 2) + OVERHANG;
  plan.columnsAlong = plan.valueColumnsAcross + ((columns * valueChannels) << 2) + OVERHANG;
  plan.valueColumnsAlong = plan.columnsAlong + ((columns * width) << 2);
  plan.sums = plan.valueColumnsAlong + ((columns * valueWidth) << 2);
  plan.valueSums = plan.sums + ((rows * width) << 2);
  return plan;
}

/** Copies one number of each receiver for one head, up to a multiple of eight of them. */
export function copyNumbers(from: usize, pitch: u32, count: u32, to: usize): void {
  for (let r: u32 = 0; r < paddedWidth(count); r++) {
    store<f32>(to + (r << 2), r < count ? load<f32>(from + r * pitch) : 0);
  }
}

/** {@link copyNumbers}, with Infinity for -Infinity: who attends to nothing but -Infinity has weights of 0 = exp(logit - Infinity). */
export function copyLogSums(from: usize, pitch: u32, count: u32, to: usize): void {
  copyNumbers(from, pitch, count, to);
  for (let at = to; at < to + (count << 2); at += 4) {
    if (load<f32>(at) == -Infinity) store<f32>(at, Infinity);
  }
}

/** `out[r] = sum over c of a[r, c] b[r, c]`: with the gradient of the output and the output, the means of the slopes of weights. */
export function rowDots(a: usize, b: usize, out: usize, width: u32, start: u32, end: u32): void {
  for (let r = start; r < end; r++) {
    const at = (r * width) << 2;
    let sum: f64 = 0;
    for (let c = at; c < at + (width << 2); c += 4) sum += <f64>load<f32>(a + c) * <f64>load<f32>(b + c);
    store<f32>(out + (r << 2), <f32>sum);
  }
}

/** Adds the products of a tile and of rows that were packed along; pair by pair where a mask must keep what is not finite away. */
@inline
export function addTile(
  plan: Backward, tile: usize, along: usize, first: u32, last: u32, sums: usize, width: u32, isPlain: bool,
): void {
  if (isPlain) addProducts(tile, along, plan.columns << 5, first, last, sums, width);
  else addMaskedProducts(tile, plan.mask, along, plan.columns << 5, first, last, sums, width);
}
