import { groups } from "../attention/neighborhood/groups.ts";
import type { Neighborhood } from "../attention/neighborhood/neighborhood.ts";
import { checkCounts } from "../check-options.ts";
import { concatenate } from "../tensor/arrange.ts";
import { gatherRows } from "../tensor/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * What is attended to, projected once so that it can be attended to many times: the key/value cache of generation. Made by
 * {@link MultiHeadAttention.remember}.
 */
export interface KeyValue {
  /** Turned by position already where the attention is rotary, `[senders, keyValueHeads, channels]`. */
  readonly key: Tensor;
  /** `[senders, keyValueHeads, valueChannels]`. */
  readonly value: Tensor;
}

/**
 * Remembers more elements after those that are remembered; undefined remembers none yet.
 *
 * In generation every step adds one element to each of `batch` sequences that are equally long. The cache keeps them by time: sender
 * `t * batch + b` is element `t` of sequence `b`, so that a step appends its `batch` elements and moves nothing. {@link overTime} says
 * who attends to whom there.
 */
export function extendKeyValue(remembered: KeyValue | undefined, more: KeyValue): KeyValue {
  if (remembered === undefined) return more;
  return {
    key: concatenate([remembered.key, more.key], 0),
    value: concatenate([remembered.value, more.value], 0),
  };
}

/**
 * A cache by time for other sequences: sequence `b` of the result remembers what sequence `order[b]` remembered. A beam search keeps
 * the best hypotheses so; an element of `order` may occur several times or not at all.
 *
 * @param batch Count of sequences in the cache that is given.
 */
export function selectKeyValue({ key, value }: KeyValue, batch: number, order: Uint32Array): KeyValue {
  const steps = (key.shape[0] ?? 0) / batch;
  const rows = new Uint32Array(steps * order.length).map(
    (_, row) => Math.floor(row / order.length) * batch + order[row % order.length]!,
  );
  return { key: gatherRows(key, rows), value: gatherRows(value, rows) };
}

/**
 * Who attends to whom in a cache by time, `[steps * batch]`: receiver `b` to the senders `b`, `batch + b`, `2 batch + b`, ..., the
 * elements of its sequence so far.
 *
 * @throws OptionError `out-of-range` unless both are whole numbers above 0.
 */
export function overTime(batch: number, steps: number): Neighborhood {
  checkCounts("overTime", { batch, steps });
  const senders = new Uint32Array(batch * steps).map((_, sender) => sender % batch);
  return groups(senders.subarray(0, batch), { senders });
}
