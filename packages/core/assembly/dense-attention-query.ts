// The gradient of the query of attention over runs of senders: four receivers at a time meet the columns of a tile of senders.

import { addTile, Backward, copyLogSums, copyNumbers, prepare } from "./dense-attention-backward";
import { blockRows, copyRuns, groupBounds, largest, least, paddedWidth, tileColumns } from "./runs";
import { clear, drop, markRun, slopesOfReceiver } from "./tile-rows";
import { packAcross, packAlong, products, ROW, writeRow } from "./tiles";

/** The gradient of the query. The range is of receivers. */
export function denseAttentionQueryGradient(
  query: usize, key: usize, value: usize, gradient: usize, starts: usize, ends: usize, logSum: usize, mean: usize,
  queryGradient: usize, senders: u32, heads: u32, channels: u32, valueChannels: u32, scale: f32,
  seed: u32, threshold: u32, keptScale: f32, scratch: usize, start: u32, end: u32,
): void {
  const width = paddedWidth(channels);
  const rows = blockRows(2 * (width + paddedWidth(valueChannels)));
  const columns = tileColumns(2 * width + paddedWidth(valueChannels));
  const plan = prepare(scratch, senders, heads, channels, valueChannels, seed, threshold, rows, columns);
  const pitch = plan.pitch;
  for (let h: u32 = 0; h < heads; h++) {
    plan.head = h;
    const bytes = (h * channels) << 2;
    const valueBytes = (h * valueChannels) << 2;
    for (let i = start; i < end; i += rows) {
      const count = min(rows, end - i);
      packAcross(query + i * pitch + bytes, pitch, count, channels, 4, scale, plan.rows);
      packAcross(gradient + i * plan.valuePitch + valueBytes, plan.valuePitch, count, valueChannels, 4, keptScale, plan.valueRows);
      copyRuns(starts + (i << 2), ends + (i << 2), count, plan.starts, plan.ends);
      groupBounds(plan.starts, plan.ends, count, plan.bounds);
      copyLogSums(logSum + ((i * heads + h) << 2), heads << 2, count, plan.logSums);
      copyNumbers(mean + ((i * heads + h) << 2), heads << 2, count, plan.means);
      memory.fill(plan.sums, 0, (rows * width) << 2);
      const last = largest(plan.ends, count);
      const first = min(last, least(plan.starts, count));
      for (let j = first - (first % columns); j < last; j += columns) {
        plan.column = j;
        receiversMeetTile(plan, i, count, key + j * pitch + bytes, value + j * plan.valuePitch + valueBytes, min(columns, senders - j));
      }
      const factor = f32x4.splat(scale);
      for (let r: u32 = 0; r < count; r++) {
        writeRow(plan.sums, r, queryGradient + (i + r) * pitch + bytes, channels, factor);
      }
    }
  }
}

function receiversMeetTile(plan: Backward, receiver: u32, count: u32, keys: usize, values: usize, senders: u32): void {
  let isPacked = false;
  for (let g: u32 = 0; g < count; g += 4) {
    const bounds = plan.bounds + (g << 2);
    const from = max(plan.column, load<u32>(bounds));
    const to = min(plan.column + senders, load<u32>(bounds, 4));
    if (from >= to) continue;
    if (!isPacked) {
      packAcross(keys, plan.pitch, senders, plan.channels, 8, 1, plan.columnsAcross);
      packAcross(values, plan.valuePitch, senders, plan.valueChannels, 8, 1, plan.valueColumnsAcross);
      plan.finite = packAlong(keys, plan.pitch, senders, plan.columns, plan.channels, 1, plan.columnsAlong);
      isPacked = true;
    }
    const first = (from - plan.column) & ~7;
    const last = (to - plan.column + 7) & ~7;
    const isMasked = load<u32>(bounds, 8) > plan.column + first || load<u32>(bounds, 12) < plan.column + last;
    receiversMeetColumns(plan, receiver, g, first, last, isMasked);
  }
}

/** Four receivers, from `group` on in the block that begins with `receiver`, meet the columns `first` to `last` of the tile. */
function receiversMeetColumns(
  plan: Backward, receiver: u32, group: u32, first: u32, last: u32, isMasked: bool,
): void {
  products(plan.rows + ((group * plan.channels) << 2), plan.columnsAcross, plan.channels, plan.logits, first, last);
  products(
    plan.valueRows + ((group * plan.valueChannels) << 2), plan.valueColumnsAcross, plan.valueChannels, plan.slopes, first, last,
  );
  for (let r: u32 = 0; r < 4; r++) {
    const at = (group + r) << 2;
    const slopes = plan.slopes + r * ROW;
    if (plan.threshold != 0) {
      const index = ((receiver + group + r) * plan.senders + plan.column) * plan.heads + plan.head;
      drop(slopes, first, last, index, plan.heads, plan.seed, plan.threshold);
    }
    const start = load<u32>(plan.starts + at);
    const end = load<u32>(plan.ends + at);
    const logSum = load<f32>(plan.logSums + at);
    slopesOfReceiver(plan.logits + r * ROW, slopes, first, last, logSum, load<f32>(plan.means + at), end - start == 1);
    if (isMasked) {
      const mask = plan.mask + r * ROW;
      markRun(mask, first, last, plan.column, start, end);
      clear(slopes, mask, first, last);
    }
  }
  const sums = plan.sums + ((group * paddedWidth(plan.channels)) << 2);
  addTile(plan, plan.slopes, plan.columnsAlong, first, last, sums, plan.channels, plan.finite || !isMasked);
}
