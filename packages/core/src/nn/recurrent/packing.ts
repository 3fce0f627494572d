import { sequenceStarts } from "../../attention/neighborhood/sequence-starts.ts";
import { ShapeError } from "../../errors.ts";
import { sameNumbers } from "./same-numbers.ts";

/** How a recurrence walks: which rows each step works on, and what they follow. */
export interface Steps {
  /** Count of sequences that are still running at each step; never rising. */
  readonly running: readonly number[];
  /**
   * For each row of all steps, one step after the other, the row of the state before it, among the initial states followed by all
   * rows; undefined where there is one step, whose rows follow the initial states.
   */
  readonly previous: Uint32Array | undefined;
}

/**
 * A packed batch of sequences, seen step by step, as torch's `pack_padded_sequence` orders it: the sequences from the longest to the
 * shortest, so that those which are still running at a step are always the first, and no work is done for padding.
 */
export interface Packing {
  /** Count of sequences. */
  readonly sequences: number;
  /** Count of elements of all sequences. */
  readonly elements: number;
  /** What a recurrence over this batch walks. */
  readonly steps: Steps;
  /** The sequences from the longest to the shortest. */
  readonly longestFirst: Uint32Array;
  /** Each sequence from its first element to its last. */
  readonly forward: WalkOrder;
  /** Each sequence from its own last element to its first. */
  readonly backward: WalkOrder;
  /** The row of the last state of each sequence, among the initial states (longest sequence first) followed by all rows. */
  readonly last: Uint32Array;
}

/** In which order a walk meets the elements of a packed batch. */
export interface WalkOrder {
  /** The element at each row of the walk. */
  readonly elementOf: Uint32Array;
  /** The row of the walk at which each element stands. */
  readonly rowOf: Uint32Array;
}

/** One step of `batch` sequences: what a single cell walks. */
export function oneStep(batch: number): Steps {
  return { running: [batch], previous: undefined };
}

/** Kept with the lengths that they were made from: an array that was written to since gets a new packing. */
const packings = new WeakMap<ArrayLike<number>, { readonly lengths: Uint32Array; readonly packing: Packing }>();

/**
 * The packing of sequences of these lengths, kept for as long as the array of lengths is.
 *
 * @throws DataError `out-of-range` for a length that is negative or no whole number; ShapeError `shapes-differ` when the lengths do not
 * sum to `elements`.
 */
export function packingOf(where: string, lengths: ArrayLike<number>, elements: number): Packing {
  const kept = packings.get(lengths);
  const packing = kept !== undefined && sameNumbers(kept.lengths, lengths) ? kept.packing : pack(where, lengths);
  if (packing !== kept?.packing) packings.set(lengths, { lengths: Uint32Array.from(lengths), packing });
  if (packing.elements !== elements) {
    throw new ShapeError(
      "shapes-differ",
      `${where}: got ${elements} rows for ${lengths.length} sequences of ${packing.elements} elements in all; expected one row for each ` +
        "element, all sequences one after the other, without padding.",
    );
  }
  return packing;
}

function pack(where: string, lengths: ArrayLike<number>): Packing {
  const starts = sequenceStarts(where, lengths);
  const sequences = lengths.length;
  const elements = starts[sequences]!;
  const byLength = Array.from({ length: sequences }, (_, b) => b).sort((a, b) => lengths[b]! - lengths[a]!);
  const longestFirst = Uint32Array.from(byLength);

  const running: number[] = [];
  const [forward, backward] = [new Uint32Array(elements), new Uint32Array(elements)];
  const previous = new Uint32Array(elements);
  const last = new Uint32Array(sequences);
  longestFirst.forEach((sequence, k) => {
    last[sequence] = k;
  });
  for (let t = 0, row = 0; row < elements; t++) {
    const first = row;
    for (const sequence of longestFirst) {
      if (t >= lengths[sequence]!) break;
      forward[row] = starts[sequence]! + t;
      backward[row] = starts[sequence + 1]! - 1 - t;
      previous[row] = last[sequence]!;
      last[sequence] = sequences + row;
      row++;
    }
    running.push(row - first);
  }
  return {
    sequences,
    elements,
    steps: { running, previous },
    longestFirst,
    forward: walkOrder(forward),
    backward: walkOrder(backward),
    last,
  };
}

function walkOrder(elementOf: Uint32Array): WalkOrder {
  const rowOf = new Uint32Array(elementOf.length);
  elementOf.forEach((element, row) => {
    rowOf[element] = row;
  });
  return { elementOf, rowOf };
}
