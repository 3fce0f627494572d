import { DataError, ShapeError } from "../errors.ts";
import { tensor } from "../tensor/create.ts";
import { add, multiply, negate, softplus } from "../tensor/elementwise.ts";
import { logSoftmax } from "../tensor/softmax.ts";
import { sum } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** How much each class counts, `[classes]`. Default 1 each. */
  readonly classWeights?: ArrayLike<number>;
  /** Rows with this target do not count. Default -1, an unknown label. */
  readonly ignoreIndex?: number;
  /** The share of the target that is spread evenly over all classes (Szegedy et al., 2016). Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * The mean of `-log softmax(logits)[target]`, as `torch.nn.functional.cross_entropy`: rows are weighted by the weight of their
 * class, and the sum is divided by the sum of those weights. If every row is ignored the loss is 0.
 *
 * @param logits `[rows, classes]`.
 * @param targets One class number a row.
 * @throws ShapeError `shapes-differ`; DataError `index-out-of-range` for a target that is no class.
 */
export function crossEntropy(
  logits: Tensor,
  targets: ArrayLike<number>,
  { classWeights, ignoreIndex = -1, labelSmoothing = 0 }: CrossEntropyOptions = {},
): Tensor {
  const [rows, classes] = logits.shape;
  if (logits.shape.length !== 2 || rows === undefined || classes === undefined || targets.length !== rows) {
    throw new ShapeError(
      "shapes-differ",
      `crossEntropy: got logits [${logits.shape.join(", ")}] and ${targets.length} targets; expected [rows, classes] and one target a row.`,
    );
  }
  let total = 0;
  const shares = new Float64Array(rows * classes);
  for (let r = 0; r < rows; r++) {
    const target = targets[r]!;
    if (target === ignoreIndex) continue;
    if (!Number.isInteger(target) || target < 0 || target >= classes) {
      throw new DataError(
        "index-out-of-range",
        `crossEntropy: got the target ${target} in row ${r}; expected a class from 0 to ${classes - 1}, or ${ignoreIndex} to ignore the row.`,
      );
    }
    for (let c = 0; c < classes; c++) {
      const share = labelSmoothing / classes + (c === target ? 1 - labelSmoothing : 0);
      shares[r * classes + c] = share * (classWeights?.[c] ?? 1);
    }
    total += classWeights?.[target] ?? 1;
  }
  const scale = total === 0 ? 0 : -1 / total;
  const weights = tensor(
    shares.map((share) => share * scale),
    [rows, classes],
    { engine: logits.engine },
  );
  return sum(multiply(logSoftmax(logits), weights));
}

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions {
  /** How much each element counts; 0 leaves it out. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** How much more a positive element counts than a negative one. Default 1. */
  readonly positiveWeight?: number;
}

/**
 * The weighted mean of `-(y log sigmoid(x) + (1 - y) log(1 - sigmoid(x)))` over all elements, from logits and without overflow. With all
 * weights 1 it is `torch.nn.functional.binary_cross_entropy_with_logits`; with others the sum is divided by the sum of the weights.
 *
 * @throws ShapeError `shapes-differ` when there are not as many targets or weights as logits.
 */
export function binaryCrossEntropy(
  logits: Tensor,
  targets: ArrayLike<number>,
  { weights, positiveWeight = 1 }: BinaryCrossEntropyOptions = {},
): Tensor {
  if (targets.length !== logits.size || (weights !== undefined && weights.length !== logits.size)) {
    throw new ShapeError(
      "shapes-differ",
      `binaryCrossEntropy: got ${logits.size} logits, ${targets.length} targets and ${weights?.length ?? "no"} weights; expected one target, ` +
        "and one weight if any, for each logit.",
    );
  }
  let total = 0;
  for (let i = 0; i < logits.size; i++) total += weights?.[i] ?? 1;
  const scale = total === 0 ? 0 : 1 / total;
  const ofSoftplus = new Float64Array(logits.size);
  const ofLogit = new Float64Array(logits.size);
  for (let i = 0; i < logits.size; i++) {
    const weight = (weights?.[i] ?? 1) * scale;
    ofSoftplus[i] = weight * (1 + (positiveWeight - 1) * targets[i]!);
    ofLogit[i] = weight * (1 - targets[i]!);
  }
  const { engine, shape } = logits;
  // (1 + (p - 1) y) softplus(-x) + (1 - y) x
  const positives = multiply(softplus(negate(logits)), tensor(ofSoftplus, shape, { engine }));
  const negatives = multiply(logits, tensor(ofLogit, shape, { engine }));
  return sum(add(positives, negatives));
}
