import { checkOptionNames, DataError, ShapeError } from "../../errors.ts";
import { byRuns } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { sequenceStarts } from "./sequence-starts.ts";

/** Options of {@link sequences}. */
export interface SequencesOptions {
  /** Each element attends to itself and to what comes before it in its sequence. Default false. */
  readonly causal?: boolean;
  /**
   * The length of each sequence that is attended to: those of sequence `b` are the senders of the receivers of sequence `b`
   * (encoder-decoder attention in a batch). If `causal`, the receivers of a sequence are the last of its senders. Default: `lengths`.
   */
  readonly senders?: ArrayLike<number>;
}

/**
 * A packed batch of sequences, one after the other and without padding: sequence `b` has `lengths[b]` elements, and each of them attends to the
 * elements of its own sequence. A sequence may be empty. Has runs.
 *
 * @throws DataError `out-of-range` for a length that is not a whole number, is negative, or, if `causal`, is longer than its senders.
 * @throws ShapeError `shapes-differ` when `senders` are not as many sequences.
 * @throws OptionError `unknown-option`; `out-of-range` for more than 2^32 - 1 elements.
 */
export function sequences(lengths: ArrayLike<number>, options: SequencesOptions = {}): Neighborhood {
  checkOptionNames("sequences", options, ["causal", "senders"]);
  const { causal = false, senders: senderLengths = lengths } = options;
  if (senderLengths.length !== lengths.length) {
    throw new ShapeError(
      "shapes-differ",
      `sequences: got ${lengths.length} sequences of receivers and ${senderLengths.length} of senders; expected equally many.`,
    );
  }
  const firstReceivers = sequenceStarts("sequences, receivers", lengths);
  const firstSenders = sequenceStarts("sequences, senders", senderLengths);
  const [receivers, senders] = [firstReceivers[lengths.length]!, firstSenders[lengths.length]!];
  const starts = new Uint32Array(receivers);
  const ends = new Uint32Array(receivers);
  for (let b = 0; b < lengths.length; b++) {
    const [length, available] = [lengths[b]!, senderLengths[b]!];
    if (causal && length > available) {
      throw new DataError(
        "out-of-range",
        `sequences: got ${length} receivers and ${available} senders in sequence ${b}; expected, if causal, no more receivers ` +
          "than senders, because the receivers are the last of them.",
      );
    }
    const [first, end] = [firstReceivers[b]!, firstSenders[b + 1]!];
    starts.fill(firstSenders[b]!, first, first + length);
    for (let k = 0; k < length; k++) ends[first + k] = causal ? end - length + k + 1 : end;
  }
  return byRuns({ kind: "sequences", receivers, senders, start: (r) => starts[r]!, end: (r) => ends[r]! });
}
