import type { Expression } from "../../expression/expression.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Positions grouped in rows: row `i` owns the positions from `offsets[i]` to `offsets[i + 1] - 1`. */
export interface PositionRows {
  /** `rows + 1` ascending starts. */
  readonly offsets: Uint32Array;
}

/** How each weight follows from its own logit, in the language of scores. */
export interface WeightExpression {
  /** The weight of a logit; 0 for -Infinity. */
  readonly weight: (logit: Expression) => Expression;
  /** Whether weights, which are then not negative, are divided by their sum over the row; those of a row of zeros stay zeros. Default false. */
  readonly isShare?: boolean;
}

/** The third of the four choices: how relevance becomes weight. */
export interface Normalizer {
  /** The name of the family, such as `"softmax"`: engines with a fused kernel look at it. */
  readonly name: string;
  /** Numbers that engines with a fused kernel need, such as the temperature. */
  readonly options: Readonly<Record<string, number>>;
  /**
   * Weights `[positions, heads]` from logits `[positions, heads]`, each row and head by itself. A logit of -Infinity has no weight, and a row without a
   * finite logit has none at all. `seed` is given while training, for what is drawn; without it the answer is the same every time.
   */
  normalize(logits: Tensor, rows: PositionRows, seed?: number): Tensor;
  /**
   * The same as {@link Normalizer.normalize}, where each weight follows from its own logit, up to a division by the sum of the row: what engines
   * make fused kernels from. {@link elementwiseNormalizer} makes both from one expression.
   */
  readonly expression?: WeightExpression;
  /**
   * For weights that were drawn: the logarithm of the probability of what each row drew, `[rows, heads]`, from logits and weights `[positions, heads]` of the same shape, differentiable in the
   * logits. What an estimator of the gradient needs when none flows through the weights.
   */
  logProbability?(logits: Tensor, weights: Tensor, rows: PositionRows): Tensor;
}
