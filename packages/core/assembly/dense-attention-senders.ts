// The gradients of key and value of attention over runs of senders: four senders at a time meet the columns of a tile of receivers.

import { addTile, Backward, copyLogSums, copyNumbers, prepare } from "./dense-attention-backward";
import { anyMeets, blockRows, copyRuns, largest, least, meets, paddedWidth, tileColumns } from "./runs";
import { clear, drop, markRuns, slopesOfSender } from "./tile-rows";
import { packAcross, packAlong, products, ROW, writeRow } from "./tiles";

/** The gradients of key and value, each left out where its address is 0. The range is of senders. */
export function denseAttentionSenderGradients(
  query: usize, key: usize, value: usize, gradient: usize, starts: usize, ends: usize, logSum: usize, mean: usize,
  keyGradient: usize, valueGradient: usize, receivers: u32, senders: u32, heads: u32, channels: u32, valueChannels: u32,
  scale: f32, seed: u32, threshold: u32, keptScale: f32, scratch: usize, start: u32, end: u32,
): void {
  const width = paddedWidth(channels);
  const valueWidth = paddedWidth(valueChannels);
  const rows = blockRows(2 * (width + valueWidth));
  const columns = tileColumns(2 * (width + valueWidth));
  const plan = prepare(scratch, senders, heads, channels, valueChannels, seed, threshold, rows, columns);
  const pitch = plan.pitch;
  const valuePitch = plan.valuePitch;
  for (let h: u32 = 0; h < heads; h++) {
    plan.head = h;
    const bytes = (h * channels) << 2;
    const valueBytes = (h * valueChannels) << 2;
    for (let j = start; j < end; j += rows) {
      const count = min(rows, end - j);
      packAcross(key + j * pitch + bytes, pitch, count, channels, 4, 1, plan.rows);
      packAcross(value + j * valuePitch + valueBytes, valuePitch, count, valueChannels, 4, 1, plan.valueRows);
      memory.fill(plan.sums, 0, (rows * width) << 2);
      memory.fill(plan.valueSums, 0, (rows * valueWidth) << 2);
      for (let i: u32 = 0; i < receivers; i += columns) {
        const met = min(columns, receivers - i);
        const starting = starts + (i << 2);
        const ending = ends + (i << 2);
        if (!anyMeets(starting, ending, met, j, j + count)) continue;
        plan.column = i;
        copyRuns(starting, ending, met, plan.starts, plan.ends);
        copyLogSums(logSum + ((i * heads + h) << 2), heads << 2, met, plan.logSums);
        copyNumbers(mean + ((i * heads + h) << 2), heads << 2, met, plan.means);
        const queries = query + i * pitch + bytes;
        const gradients = gradient + i * valuePitch + valueBytes;
        packAcross(queries, pitch, met, channels, 8, scale, plan.columnsAcross);
        plan.valueFinite = packAlong(gradients, valuePitch, met, columns, valueChannels, keptScale, plan.valueColumnsAlong);
        if (keyGradient != 0) {
          packAcross(gradients, valuePitch, met, valueChannels, 8, keptScale, plan.valueColumnsAcross);
          plan.finite = packAlong(queries, pitch, met, columns, channels, scale, plan.columnsAlong);
        }
        sendersMeetTile(plan, j, count, met, keyGradient != 0, valueGradient != 0);
      }
      const one = f32x4.splat(1);
      for (let r: u32 = 0; r < count; r++) {
        if (keyGradient != 0) writeRow(plan.sums, r, keyGradient + (j + r) * pitch + bytes, channels, one);
        if (valueGradient != 0) {
          writeRow(plan.valueSums, r, valueGradient + (j + r) * valuePitch + valueBytes, valueChannels, one);
        }
      }
    }
  }
}

function sendersMeetTile(
  plan: Backward, sender: u32, count: u32, receivers: u32, wantsKey: bool, wantsValue: bool,
): void {
  const begin = least(plan.starts, receivers);
  const end = largest(plan.ends, receivers);
  // What all columns hold, if no column is missing.
  const isWhole = receivers % 8 == 0;
  const sharedBegin = largest(plan.starts, receivers);
  const sharedEnd = least(plan.ends, receivers);
  for (let g: u32 = 0; g < count; g += 4) {
    const from = sender + g;
    const to = from + min(4, count - g);
    if (from >= end || to <= begin) continue;
    const isMasked = !isWhole || from < sharedBegin || to > sharedEnd;
    let first: u32 = 0;
    let last = paddedWidth(receivers);
    if (isMasked) {
      while (first < receivers && !meets(plan.starts, plan.ends, first, from, to)) first++;
      if (first == receivers) continue;
      last = receivers;
      while (!meets(plan.starts, plan.ends, last - 1, from, to)) last--;
      first &= ~7;
      last = paddedWidth(last);
    }
    sendersMeetColumns(plan, sender, g, first, last, isMasked, wantsKey, wantsValue);
  }
}

/** Four senders, from `group` on in the block that begins with `sender`, meet the columns `first` to `last` of the tile. */
function sendersMeetColumns(
  plan: Backward, sender: u32, group: u32, first: u32, last: u32, isMasked: bool, wantsKey: bool, wantsValue: bool,
): void {
  products(plan.rows + ((group * plan.channels) << 2), plan.columnsAcross, plan.channels, plan.logits, first, last);
  if (wantsKey) {
    products(
      plan.valueRows + ((group * plan.valueChannels) << 2), plan.valueColumnsAcross, plan.valueChannels, plan.slopes, first, last,
    );
  }
  for (let r: u32 = 0; r < 4; r++) {
    const row = sender + group + r;
    const logits = plan.logits + r * ROW;
    const slopes = plan.slopes + r * ROW;
    const index = (plan.column * plan.senders + row) * plan.heads + plan.head;
    const step = plan.senders * plan.heads;
    if (plan.threshold != 0) drop(slopes, first, last, index, step, plan.seed, plan.threshold);
    slopesOfSender(logits, slopes, first, last, plan.logSums, plan.means, plan.starts, plan.ends);
    if (plan.threshold != 0) drop(logits, first, last, index, step, plan.seed, plan.threshold);
    if (isMasked) {
      const mask = plan.mask + r * ROW;
      markRuns(mask, first, last, row, plan.starts, plan.ends);
      clear(logits, mask, first, last);
      clear(slopes, mask, first, last);
    }
  }
  if (wantsKey) {
    const sums = plan.sums + ((group * paddedWidth(plan.channels)) << 2);
    addTile(plan, plan.slopes, plan.columnsAlong, first, last, sums, plan.channels, plan.finite || !isMasked);
  }
  if (wantsValue) {
    const sums = plan.valueSums + ((group * paddedWidth(plan.valueChannels)) << 2);
    addTile(plan, plan.logits, plan.valueColumnsAlong, first, last, sums, plan.valueChannels, plan.valueFinite || !isMasked);
  }
}
