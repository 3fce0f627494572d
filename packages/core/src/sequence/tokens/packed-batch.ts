import { DataError, ShapeError } from "../../errors.ts";

/** Sequences of token numbers, one after the other and without padding. Its arrays must not be written to. */
export interface PackedBatch {
  /** The tokens of all sequences, `[elements]`. */
  readonly tokens: Uint32Array;
  /** Count of tokens of each sequence. */
  readonly lengths: Uint32Array;
}

/** Sequences of token numbers: one list for each sequence, or packed already. */
export type TokenSequences = PackedBatch | readonly ArrayLike<number>[];

/**
 * Packs sequences of token numbers, each of any length. A batch that is used in many steps is packed once so.
 *
 * @throws DataError `index-out-of-range` for a token that is no whole number from 0, below 2^32.
 */
export function packSequences(sequences: readonly ArrayLike<number>[]): PackedBatch {
  const lengths = Uint32Array.from(sequences, ({ length }) => length);
  const tokens = new Uint32Array(lengths.reduce((total, length) => total + length, 0));
  let at = 0;
  sequences.forEach((sequence, b) => {
    for (let k = 0; k < sequence.length; k++) {
      const token = sequence[k]!;
      tokens[at + k] = token;
      if (tokens[at + k] === token) continue;
      throw new DataError(
        "index-out-of-range",
        `packSequences: got the token ${token} at ${k} of sequence ${b}; expected whole numbers from 0, below 2^32.`,
      );
    }
    at += sequence.length;
  });
  return { tokens, lengths };
}

/** What a model demands of sequences. */
export interface SequenceDemands {
  /** Count of tokens that the model knows. */
  readonly tokens: number;
  /** Whether a sequence may have no tokens. Default false. */
  readonly mayBeEmpty?: boolean;
}

/**
 * The sequences packed, and fit for a model.
 *
 * @throws DataError `empty-sequence`, or `index-out-of-range` for a token that the model does not know; ShapeError `shapes-differ` for a packed
 * batch whose lengths do not sum to its tokens.
 */
export function checkedBatch(where: string, given: TokenSequences, demands: SequenceDemands): PackedBatch {
  const batch = "tokens" in given ? given : packSequences(given);
  const { tokens, lengths } = batch;
  const elements = lengths.reduce((total, length) => total + length, 0);
  if (elements !== tokens.length) {
    throw new ShapeError(
      "shapes-differ",
      `${where}: got a packed batch of ${tokens.length} tokens and lengths that sum to ${elements}; expected equally many.`,
    );
  }
  splitByLengths(tokens, lengths).forEach((sequence, b) => {
    if (sequence.length === 0 && demands.mayBeEmpty !== true) {
      throw new DataError(
        "empty-sequence",
        `${where}: sequence ${b} has no tokens; expected at least one. Leave empty sequences out.`,
      );
    }
    sequence.forEach((token, k) => {
      if (token < demands.tokens) return;
      throw new DataError(
        "index-out-of-range",
        `${where}: got the token ${token} at ${k} of sequence ${b}; expected numbers below ${demands.tokens}, the count of tokens ` +
          "that the model was made for.",
      );
    });
  });
  return batch;
}

/** The values of each sequence of a packed batch, views of `values`. */
export function splitByLengths<Values extends { subarray(start: number, end: number): Values }>(
  values: Values,
  lengths: Uint32Array,
): Values[] {
  let end = 0;
  return Array.from(lengths, (length) => {
    end += length;
    return values.subarray(end - length, end);
  });
}

/** What a model of the next token reads, and what it is to say. */
export interface NextTokens {
  /** The sequences without their last tokens. */
  readonly inputs: PackedBatch;
  /** For each input the token that follows it. */
  readonly targets: Uint32Array;
}

/** Tokens that are put around every sequence. */
export interface SequenceFrame {
  /** Put before the first token; undefined puts none. */
  readonly begin?: number | undefined;
  /** Put after the last token; undefined puts none. */
  readonly end?: number | undefined;
}

/** Each token of the framed sequences but the last, and the token that follows it. */
export function nextTokens({ tokens, lengths }: PackedBatch, { begin, end }: SequenceFrame): NextTokens {
  const before = begin === undefined ? [] : [begin];
  const after = end === undefined ? [] : [end];
  const framed = splitByLengths(tokens, lengths).map((sequence) => [...before, ...sequence, ...after]);
  return {
    inputs: packSequences(framed.map((sequence) => sequence.slice(0, -1))),
    targets: packSequences(framed.map((sequence) => sequence.slice(1))).tokens,
  };
}
