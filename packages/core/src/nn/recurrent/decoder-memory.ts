import { byRuns } from "../../attention/neighborhood/computed.ts";
import type { Neighborhood } from "../../attention/neighborhood/neighborhood.ts";
import { sequenceStarts } from "../../attention/neighborhood/sequence-starts.ts";
import { DataError } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sameNumbers } from "./same-numbers.ts";

/** What an {@link AttentionDecoder} attends to, prepared once for all steps. */
export interface DecoderMemory {
  /** `[elements, 1, channels]`: the elements that were encoded, as the score sees them. */
  readonly key: Tensor;
  /** `[elements, 1, memoryWidth]`: the elements that were encoded. */
  readonly value: Tensor;
  /** Count of sequences. */
  readonly sequences: number;
  /**
   * Who attends to whom in a step: receiver `r` to the elements of sequence `sequences[r]`. A sequence may have several receivers, as in beam
   * search, or none, as one that has ended. Default: one receiver for each sequence, in order.
   *
   * @throws DataError `index-out-of-range`.
   */
  neighborhood(sequences?: Uint32Array): Neighborhood;
}

/** The memory of packed sequences of these lengths, which sum to the rows of `key` and `value`. */
export function decoderMemory(key: Tensor, value: Tensor, lengths: ArrayLike<number>): DecoderMemory {
  const starts = sequenceStarts("AttentionDecoder", lengths);
  const everyone = Uint32Array.from({ length: lengths.length }, (_, b) => b);
  // Most steps have the receivers of the step before.
  let latest: { readonly sequences: Uint32Array; readonly neighborhood: Neighborhood } | undefined;
  return {
    key,
    value,
    sequences: lengths.length,
    neighborhood(sequences = everyone) {
      if (latest === undefined || !sameNumbers(latest.sequences, sequences)) {
        const own = sequences.slice();
        latest = { sequences: own, neighborhood: neighborhoodOf(own, starts) };
      }
      return latest.neighborhood;
    },
  };
}

function neighborhoodOf(sequences: Uint32Array, starts: Uint32Array): Neighborhood {
  const count = starts.length - 1;
  sequences.forEach((sequence, receiver) => {
    if (sequence < count) return;
    throw new DataError(
      "index-out-of-range",
      `AttentionDecoder: receiver ${receiver} attends to sequence ${sequence}; expected numbers from 0, below ${count}.`,
    );
  });
  return byRuns({
    kind: "memory",
    receivers: sequences.length,
    senders: starts[count]!,
    start: (receiver) => starts[sequences[receiver]!]!,
    end: (receiver) => starts[sequences[receiver]! + 1]!,
  });
}
