import type { Tensor } from "../../tensor/tensor.ts";

/** Positions grouped in rows: row `i` owns the positions from `offsets[i]` to `offsets[i + 1] - 1`. */
export interface PositionRows {
  /** `rows + 1` ascending starts. */
  readonly offsets: Uint32Array;
}

/** The third of the four choices: how relevance becomes weight. */
export interface Normalizer {
  /** The name of the family, such as `"softmax"`: engines with a fused kernel look at it. */
  readonly name: string;
  /** Numbers that engines with a fused kernel need, such as the temperature. */
  readonly options: Readonly<Record<string, number>>;
  /**
   * Weights from logits, both `[positions, heads]`, each row and head by itself. A logit of -Infinity has no weight, and a row without a
   * finite logit has none at all. `seed` is given while training, for what is drawn; without it the answer is the same every time.
   */
  normalize(logits: Tensor, rows: PositionRows, seed?: number): Tensor;
  /**
   * For weights that were drawn: the logarithm of the probability of what each row drew, `[rows, heads]`, differentiable in the
   * logits. What an estimator of the gradient needs when none flows through the weights.
   */
  logProbability?(logits: Tensor, weights: Tensor, rows: PositionRows): Tensor;
}
