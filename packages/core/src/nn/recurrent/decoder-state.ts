import { slice } from "../../tensor/arrange.ts";
import { gatherRows } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What an {@link AttentionDecoder} carries from step to step, one row for each receiver. */
export interface DecoderState {
  /** The state of each layer, `[receivers, hidden]`. */
  readonly hidden: readonly Tensor[];
  /** The output of the last step, `[receivers, hidden]`, where it is fed into the next one. */
  readonly fed?: Tensor;
}

/**
 * The state of other receivers: row `r` is row `rows[r]` of `state`. Beam search continues with the receivers that it chose, and a batch
 * with those that have not ended. Differentiable.
 *
 * @param rows Must not be written to afterwards: engines keep a copy of it by its identity.
 */
export function reorderState(state: DecoderState, rows: Uint32Array): DecoderState {
  return mapState(state, (part) => gatherRows(part, rows));
}

/** The state of the first `count` receivers. */
export function firstOfState(state: DecoderState, count: number): DecoderState {
  return mapState(state, (part) => (part.shape[0] === count ? part : slice(part, 0, 0, count)));
}

function mapState({ hidden, fed }: DecoderState, change: (part: Tensor) => Tensor): DecoderState {
  return { hidden: hidden.map(change), ...(fed && { fed: change(fed) }) };
}
