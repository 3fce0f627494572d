// The gradients of attention over runs of senders, all in one pass: the weights are computed again, once, from the logarithms of the sums of
// exponentials. Blocks of senders meet tiles of receivers, and add to the rows of both.

import { addToReceivers, addToSenders, Backward, copyLogSums, copyNumbers, markFree, place } from "./dense-attention-backward";
import { ROW } from "./micro-kernel";
import { anyMeets, blockRows, copyRuns, largest, least, meets, paddedWidth, tileColumns } from "./runs";
import { clear, drop, markRuns, slopesOfSender } from "./tile-rows";
import { FOUR_ROWS, MOST_COLUMNS, packAcross, packAlong, products } from "./tiles";

/** Where a part of `count` rows begins, all parts but the last being multiples of a tile. */
@inline
function partStart(count: u32, parts: u32, part: u32): u32 {
  const size = ((count + parts - 1) / parts + MOST_COLUMNS - 1) & ~(MOST_COLUMNS - 1);
  return min(count, part * size);
}

/**
 * Adds to the gradients of query, key and value, each left out where its address is 0. The range is of parts of the senders, and of heads: in
 * round r the part p of the senders meets the part `(p + r) % parts` of the receivers, so that no row is added to twice in a round; rounds follow each other.
 */
export function denseAttentionGradients(
  query: usize, key: usize, value: usize, gradient: usize, starts: usize, ends: usize, logSum: usize, mean: usize,
  queryGradient: usize, keyGradient: usize, valueGradient: usize,
  receivers: u32, senders: u32, heads: u32, channels: u32, valueChannels: u32,
  scale: f32, seed: u32, threshold: u32, keptScale: f32, parts: u32, round: u32, scratch: usize, start: u32, end: u32,
): void {
  const width = paddedWidth(channels);
  const valueWidth = paddedWidth(valueChannels);
  const plan = changetype<Backward>(scratch);
  plan.senders = senders;
  plan.heads = heads;
  plan.channels = channels;
  plan.valueChannels = valueChannels;
  plan.seed = seed;
  plan.threshold = threshold;
  plan.rows = blockRows(2 * (width + valueWidth));
  plan.columns = tileColumns(width + valueWidth);
  plan.pitch = (heads * channels) << 2;
  plan.valuePitch = (heads * valueChannels) << 2;
  place(plan);
  const pitch = plan.pitch;
  const valuePitch = plan.valuePitch;
  for (let task = start; task < end; task++) {
    const part = task / heads;
    const head = task - part * heads;
    plan.head = head;
    const bytes = (head * channels) << 2;
    const valueBytes = (head * valueChannels) << 2;
    const lastSender = partStart(senders, parts, part + 1);
    const met = (part + round) % parts;
    const firstReceiver = partStart(receivers, parts, met);
    const lastReceiver = partStart(receivers, parts, met + 1);
    for (let j = partStart(senders, parts, part); j < lastSender; j += plan.rows) {
      const count = min(plan.rows, lastSender - j);
      const from = j * pitch + bytes;
      const valueFrom = j * valuePitch + valueBytes;
      let isPacked = false;
      for (let i = firstReceiver; i < lastReceiver; i += plan.columns) {
        const columns = min(plan.columns, lastReceiver - i);
        const starting = starts + (i << 2);
        const ending = ends + (i << 2);
        if (!anyMeets(starting, ending, columns, j, j + count)) continue;
        if (!isPacked) {
          packAcross(key + from, pitch, count, channels, 4, 1, plan.key);
          packAcross(value + valueFrom, valuePitch, count, valueChannels, 4, 1, plan.value);
          plan.keyFinite = packAlong(key + from, pitch, count, plan.rows, channels, scale, plan.keyAlong);
          isPacked = true;
        }
        plan.receiver = i;
        plan.receivers = columns;
        copyRuns(starting, ending, columns, plan.starts, plan.ends);
        markFree(plan.starts, plan.ends, paddedWidth(columns), plan.free);
        const at = (i * heads + head) << 2;
        copyLogSums(logSum + at, heads << 2, columns, plan.logSums);
        copyNumbers(mean + at, heads << 2, columns, plan.means);
        const queries = query + i * pitch + bytes;
        const gradients = gradient + i * valuePitch + valueBytes;
        packAcross(queries, pitch, columns, channels, 8, scale, plan.query);
        packAcross(gradients, valuePitch, columns, valueChannels, 8, keptScale, plan.gradient);
        plan.queryFinite = packAlong(queries, pitch, columns, plan.columns, channels, scale, plan.queryAlong);
        plan.gradientFinite = packAlong(gradients, valuePitch, columns, plan.columns, valueChannels, keptScale, plan.gradientAlong);
        plan.queryTarget = queryGradient == 0 ? 0 : queryGradient + i * pitch + bytes;
        for (let row: u32 = 0; row < count; row += MOST_COLUMNS) {
          plan.keyTarget = keyGradient == 0 ? 0 : keyGradient + from + row * pitch;
          plan.valueTarget = valueGradient == 0 ? 0 : valueGradient + valueFrom + row * valuePitch;
          meet(plan, j + row, row, min(MOST_COLUMNS, count - row));
        }
      }
    }
  }
}

/** `count` senders, a tile's rows at most, from `sender` on, which are `row` and on in their block, meet the receivers of the tile. */
function meet(plan: Backward, sender: u32, row: u32, count: u32): void {
  const receivers = plan.receivers;
  const end = sender + count;
  if (sender >= largest(plan.ends, receivers) || end <= least(plan.starts, receivers)) return;
  // Whether a column is missing, or does not hold all senders.
  const isMasked = receivers % 8 != 0 || sender < largest(plan.starts, receivers) || end > least(plan.ends, receivers);
  for (let g: u32 = 0; g < count; g += 4) meetFour(plan, sender + g, row, g, min(4, count - g), isMasked);
  const isPlain = !isMasked;
  if (plan.valueTarget != 0) {
    addToSenders(
      plan, plan.logits, plan.gradientAlong, isPlain || plan.gradientFinite, plan.valueTarget, plan.valuePitch, count, plan.valueChannels,
    );
  }
  if (plan.keyTarget != 0) {
    addToSenders(plan, plan.slopes, plan.queryAlong, isPlain || plan.queryFinite, plan.keyTarget, plan.pitch, count, plan.channels);
  }
  if (plan.queryTarget != 0) addToReceivers(plan, sender, row, count, isPlain || plan.keyFinite);
}

/** The weights and slopes of up to four senders, from `group` on in those that meet the tile. */
function meetFour(plan: Backward, sender: u32, row: u32, group: u32, count: u32, isMasked: bool): void {
  const logits = plan.logits + group * ROW;
  const slopes = plan.slopes + group * ROW;
  const mask = plan.mask + group * ROW;
  let first: u32 = 0;
  let last = paddedWidth(plan.receivers);
  if (isMasked) {
    // What lies beside the columns that these senders meet may be added to receivers that meet others.
    memory.fill(slopes, 0, FOUR_ROWS);
    memory.fill(mask, 0, FOUR_ROWS);
    while (last > first && !meets(plan.starts, plan.ends, last - 1, sender, sender + count)) last--;
    while (first < last && !meets(plan.starts, plan.ends, first, sender, sender + count)) first++;
    first &= ~7;
    last = paddedWidth(last);
  }
  store<u32>(plan.hulls + (group << 1), first);
  store<u32>(plan.hulls + (group << 1), last, 4);
  tileOf(plan.key, row + group, plan.query, plan.channels, logits, first, last);
  if (plan.queryTarget != 0 || plan.keyTarget != 0) {
    tileOf(plan.value, row + group, plan.gradient, plan.valueChannels, slopes, first, last);
  }
  for (let r: u32 = 0; r < 4; r++) {
    const at = r * ROW;
    const index = (plan.receiver * plan.senders + sender + r) * plan.heads + plan.head;
    const step = plan.senders * plan.heads;
    if (plan.threshold != 0) drop(slopes + at, first, last, index, step, plan.seed, plan.threshold);
    slopesOfSender(logits + at, slopes + at, first, last, plan.logSums, plan.means, plan.free);
    if (plan.threshold != 0) drop(logits + at, first, last, index, step, plan.seed, plan.threshold);
    if (isMasked) {
      markRuns(mask + at, first, last, sender + r, plan.starts, plan.ends);
      clear(logits + at, mask + at, first, last);
      clear(slopes + at, mask + at, first, last);
    }
  }
}

/** The inner products of four rows, `row` and on of those packed, and of the columns `first` to `last`. */
function tileOf(rows: usize, row: u32, columns: usize, depth: u32, tile: usize, first: u32, last: u32): void {
  const panelBytes = depth << 5;
  const panels = columns + (first >> 3) * panelBytes;
  products(rows + ((row * depth) << 2), 16, panels, panelBytes, depth, tile + (first << 2), ROW, 4, last - first, true);
}
