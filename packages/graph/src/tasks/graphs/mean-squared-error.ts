import { add, multiply, OptionError, ShapeError, square, sum, type Tensor, tensor } from "@vicinal/core";

/** Options of {@link meanSquaredError}. */
export interface MeanSquaredErrorOptions {
  /** How much each element counts, one number for each; 0 leaves it out, and its gradient is exactly 0. Default 1 each. */
  readonly weights?: ArrayLike<number>;
}

/**
 * The weighted mean of `(x - y)^2` over all elements. With all weights 1 it is `torch.nn.functional.mse_loss`; with others the sum is divided by the
 * sum of the weights. If no element counts the loss is 0.
 *
 * @param predictions Of any shape.
 * @param targets One for each prediction, row after row.
 * @throws ShapeError `shapes-differ` when there are not as many targets or weights as predictions; OptionError `out-of-range` for a weight that is
 * negative or not finite.
 */
export function meanSquaredError(
  predictions: Tensor,
  targets: ArrayLike<number>,
  { weights }: MeanSquaredErrorOptions = {},
): Tensor {
  const { shape, size, engine } = predictions;
  if (targets.length !== size || (weights !== undefined && weights.length !== size)) {
    throw new ShapeError(
      "shapes-differ",
      `meanSquaredError: got ${size} predictions, ${targets.length} targets and ${weights?.length ?? "no"} weights; expected one target, and one ` +
        "weight if any, for each prediction.",
    );
  }
  let total = 0;
  for (let i = 0; i < size; i++) {
    const weight = weights?.[i] ?? 1;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new OptionError(
        "out-of-range",
        `meanSquaredError: got the weight ${weight} at ${i}; expected finite numbers that are not negative.`,
      );
    }
    total += weight;
  }
  const scale = total === 0 ? 0 : 1 / total;
  const negative = Float64Array.from({ length: size }, (_, i) => -targets[i]!);
  const shares = Float64Array.from({ length: size }, (_, i) => (weights?.[i] ?? 1) * scale);
  const errors = square(add(predictions, tensor(negative, shape, { engine })));
  return sum(multiply(errors, tensor(shares, shape, { engine })));
}
