// What a block of senders and a tile of receivers share while they meet for the gradients of attention over runs of senders.

import { ROW } from "./micro-kernel";
import { paddedWidth } from "./runs";
import { addMaskedProducts, addProducts, MOST_COLUMNS, OVERHANG, products } from "./tiles";

/** It stands at the beginning of the scratch memory. */
@unmanaged
export class Backward {
  senders: u32;
  heads: u32;
  head: u32;
  channels: u32;
  valueChannels: u32;
  seed: u32;
  threshold: u32;
  /** Senders of a block, and receivers of a tile, at most. */
  rows: u32;
  columns: u32;
  /** Bytes of one element as it is stored, and of its value. */
  pitch: u32;
  valuePitch: u32;
  /** The receivers of the tile: the first, and how many. */
  receiver: u32;
  receivers: u32;
  /** Whether what is packed along is finite. */
  keyFinite: bool;
  queryFinite: bool;
  gradientFinite: bool;
  /** Of as many senders as a tile has rows: logits, then weights; slopes of weights, then of logits; pairs that attend. */
  logits: usize;
  slopes: usize;
  mask: usize;
  /** Of four of these senders each: the first of the columns that they meet, and the one after the last. */
  hulls: usize;
  /** Of each receiver of the tile. */
  starts: usize;
  ends: usize;
  logSums: usize;
  means: usize;
  free: usize;
  /** Of the block, packed across and along. */
  key: usize;
  value: usize;
  keyAlong: usize;
  /** Of the tile. */
  query: usize;
  gradient: usize;
  queryAlong: usize;
  gradientAlong: usize;
  /** Rows of the gradients that are added to, those of the first sender and receiver; 0 where they are not wanted. */
  keyTarget: usize;
  valueTarget: usize;
  queryTarget: usize;
}

/** Places everything, once `rows`, `columns` and the widths are there. */
export function place(plan: Backward): void {
  const width = paddedWidth(plan.channels);
  const rows = plan.rows << 2;
  const columns = plan.columns << 2;
  plan.logits = changetype<usize>(plan) + 2 * OVERHANG;
  plan.slopes = plan.logits + MOST_COLUMNS * ROW;
  plan.mask = plan.slopes + MOST_COLUMNS * ROW;
  plan.hulls = plan.mask + MOST_COLUMNS * ROW;
  plan.starts = plan.hulls + OVERHANG;
  plan.ends = plan.starts + columns;
  plan.logSums = plan.ends + columns;
  plan.means = plan.logSums + columns;
  plan.free = plan.means + columns;
  plan.key = plan.free + columns;
  plan.value = plan.key + rows * plan.channels + OVERHANG;
  plan.keyAlong = plan.value + rows * plan.valueChannels + OVERHANG;
  plan.query = plan.keyAlong + rows * width;
  plan.gradient = plan.query + columns * plan.channels + OVERHANG;
  plan.queryAlong = plan.gradient + columns * plan.valueChannels + OVERHANG;
  plan.gradientAlong = plan.queryAlong + columns * width;
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

/** 0 for each receiver that has one sender, 1 for others. */
export function markFree(starts: usize, ends: usize, count: u32, free: usize): void {
  for (let at: u32 = 0; at < count << 2; at += 4) {
    store<f32>(free + at, load<u32>(ends + at) - load<u32>(starts + at) == 1 ? 0 : 1);
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

/**
 * Adds to rows of senders what their part of a tile makes of rows of receivers that are packed along, four senders at a time; pair by
 * pair where a mask must keep what is not finite away.
 */
export function addToSenders(
  plan: Backward, tile: usize, along: usize, isPlain: bool, target: usize, pitch: u32, count: u32, width: u32,
): void {
  const panelBytes = plan.columns << 5;
  for (let g: u32 = 0; g < count; g += 4) {
    const first = load<u32>(plan.hulls + (g << 1));
    const depth = load<u32>(plan.hulls + (g << 1), 4) - first;
    const at = g * ROW + (first << 2);
    const to = target + g * pitch;
    const panels = along + (first << 5);
    if (isPlain) addProducts(tile + at, panels, panelBytes, depth, to, pitch, count - g, width);
    else addMaskedProducts(tile + at, plan.mask + at, ROW, 4, panels, panelBytes, depth, to, pitch, min(4, count - g), width);
  }
}

/** Adds to the rows of receivers what their slopes make of the keys of `count` senders from `sender` on, which are `row` and on in their block. */
export function addToReceivers(plan: Backward, sender: u32, row: u32, count: u32, isPlain: bool): void {
  const panelBytes = plan.rows << 5;
  for (let c: u32 = 0; c < plan.receivers; c += 4) {
    let from = sender + count;
    let to = sender;
    for (let r = c; r < c + 4; r++) {
      from = min(from, load<u32>(plan.starts + (r << 2)));
      to = max(to, load<u32>(plan.ends + (r << 2)));
    }
    from = max(from, sender) - sender;
    to = min(to, sender + count) - sender;
    if (from >= to) continue;
    const at = from * ROW + (c << 2);
    const panels = plan.keyAlong + ((row + from) << 5);
    const target = plan.queryTarget + c * plan.pitch;
    const left = plan.receivers - c;
    if (isPlain) products(plan.slopes + at, ROW, panels, panelBytes, to - from, target, plan.pitch, left, plan.channels, false);
    else {
      addMaskedProducts(
        plan.slopes + at, plan.mask + at, 4, ROW, panels, panelBytes, to - from, target, plan.pitch, min(4, left), plan.channels,
      );
    }
  }
}
