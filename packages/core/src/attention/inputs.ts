import type { Tensor } from "../tensor/tensor.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import type { PositionBias } from "./position/position-bias.ts";
import type { ParameterRanks, Score } from "./score/score.ts";

/** What attention reads. */
export interface AttendInputs {
  /** Of the elements that attend, `[receivers, heads, channels]`. */
  readonly query: Tensor;
  /** Of the elements that are attended to, `[senders, heads, channels]`. */
  readonly key: Tensor;
  /** What is summed, `[senders, heads, valueChannels]`. */
  readonly value: Tensor;
  /** Of each pair, in the order of the neighborhood's positions: `[edges, heads, channels]` or `[edges, heads]`, as the score declares. */
  readonly edge?: Tensor | undefined;
}

/** The choices that make a mechanism. */
export interface AttendOptions<Parameters extends ParameterRanks> {
  /** How relevant a sender is to a receiver. */
  readonly score: Score<Parameters>;
  /** The score's parameters by name: `[heads, channels]` for a vector, `[heads]` for a scalar, `[heads, channels, channels]` for a matrix. */
  readonly parameters: { readonly [Name in keyof Parameters]: Tensor };
  /** Default: softmax. */
  readonly normalizer?: Normalizer | undefined;
  /** Terms added to the logits, by where the two of a pair stand. Default: none. */
  readonly bias?: readonly PositionBias[] | undefined;
  /** The probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number | undefined;
  /**
   * Given while training: what dropout and sampling draw from, a 32-bit number. Default: none, as in evaluation, where nothing is dropped, nothing is
   * drawn, and the answer is the same every time.
   */
  readonly seed?: number | undefined;
}

/** Attention with its weights. */
export interface Attention {
  /** `[receivers, heads, valueChannels]`. */
  readonly output: Tensor;
  /** `[edges, heads]` in the order of the neighborhood's positions, before dropout. */
  readonly weights: Tensor;
  /** Of what was drawn, the logarithm of the probability, `[receivers, heads]`; undefined unless the normalizer draws and `seed` was given. */
  readonly logProbability?: Tensor;
}
