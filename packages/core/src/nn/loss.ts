import { DataError, OptionError, ShapeError } from "../errors.ts";
import { expectShape } from "../expect-shape.ts";
import { isIndex } from "../is-index.ts";
import { tensor } from "../tensor/create.ts";
import { add, multiply, negate, softplus } from "../tensor/elementwise.ts";
import { gatherRows } from "../tensor/rows.ts";
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
 * The mean of `-log softmax(logits)[target]`, one number, as `torch.nn.functional.cross_entropy`: rows are weighted by the weight of their
 * class, and the sum is divided by the sum of those weights. If every row is ignored the loss is 0.
 *
 * ```math
 * \frac{\sum_r c_{t_r} \bigl(-\log \operatorname{softmax}(x_r)_{t_r}\bigr)}{\sum_r c_{t_r}} \qquad \text{with targets } t_r \text{ and class weights } c
 * ```
 *
 * @param logits `[rows, classes]`.
 * @param targets One class number for each row.
 * @throws ShapeError `shapes-differ`; DataError `index-out-of-range` for a target that is no class; OptionError `out-of-range` for a weight or
 * a smoothing that cannot be.
 */
export function crossEntropy(
  logits: Tensor,
  targets: ArrayLike<number>,
  { classWeights, ignoreIndex = -1, labelSmoothing = 0 }: CrossEntropyOptions = {},
): Tensor {
  const expected = [targets.length, "classes"] as const;
  const [rows, classes] = expectShape("crossEntropy", "logits", logits, expected, ", one row for each target");
  checkCrossEntropyOptions(classes, classWeights, labelSmoothing);
  let total = 0;
  const counted: number[] = [];
  const offsets = new Uint32Array(rows + 1);
  for (let r = 0; r < rows; r++) {
    offsets[r] = counted.length;
    const target = targets[r]!;
    if (target === ignoreIndex) continue;
    counted.push(r);
    if (!isIndex(target, classes)) {
      throw new DataError(
        "index-out-of-range",
        `crossEntropy: got the target ${target} in row ${r}; expected a class from 0 to ${classes - 1}, or ${ignoreIndex} to ignore the row.`,
      );
    }
    total += classWeights?.[target] ?? 1;
  }
  offsets[rows] = counted.length;
  const scale = total === 0 ? 0 : -1 / total;
  const { engine } = logits;
  const shares = new (engine.precision === "float32" ? Float32Array : Float64Array)(counted.length * classes);
  for (const [k, r] of counted.entries()) {
    for (let c = 0; c < classes; c++) {
      const share = labelSmoothing / classes + (c === targets[r] ? 1 - labelSmoothing : 0);
      shares[k * classes + c] = share * (classWeights?.[c] ?? 1) * scale;
    }
  }
  const weights = tensor(shares, [counted.length, classes], { engine });
  // Most nodes of a graph often have no label to learn: their rows are left out before anything is computed.
  const some = counted.length < rows;
  const known = some ? gatherRows(logits, Uint32Array.from(counted), { offsets, permutation: undefined }) : logits;
  return sum(multiply(logSoftmax(known), weights));
}

function checkCrossEntropyOptions(
  classes: number,
  classWeights: ArrayLike<number> | undefined,
  labelSmoothing: number,
): void {
  if (classWeights !== undefined && classWeights.length !== classes) {
    throw new ShapeError(
      "shapes-differ",
      `crossEntropy: got ${classWeights.length} class weights for ${classes} classes; expected one for each.`,
    );
  }
  if (classWeights !== undefined) checkWeights("crossEntropy: got the class weight", classWeights);
  if (labelSmoothing >= 0 && labelSmoothing <= 1) return;
  throw new OptionError(
    "out-of-range",
    `crossEntropy: got labelSmoothing ${labelSmoothing}; expected 0 <= labelSmoothing <= 1.`,
  );
}

/** @throws OptionError `out-of-range` unless all are finite and none is negative. */
function checkWeights(got: string, weights: ArrayLike<number>): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight >= 0 && weight < Number.POSITIVE_INFINITY) continue;
    throw new OptionError("out-of-range", `${got} ${weight} at ${i}; expected finite numbers that are not negative.`);
  }
}

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions {
  /** How much each element counts, one number for each logit; 0 leaves it out. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** How much more a positive element counts than a negative one. Default 1. */
  readonly positiveWeight?: number;
}

/**
 * The weighted mean of `-(y log sigmoid(x) + (1 - y) log(1 - sigmoid(x)))` over all elements, one number, from logits and without overflow. With all
 * weights 1 it is `torch.nn.functional.binary_cross_entropy_with_logits`; with others the sum is divided by the sum of the weights.
 *
 * ```math
 * -\frac{1}{n} \sum_k \bigl(y_k \log \sigma(x_k) + (1 - y_k) \log (1 - \sigma(x_k))\bigr) \qquad \text{with all weights } 1
 * ```
 *
 * @param logits Of any shape.
 * @param targets From 0 to 1, one for each logit.
 * @throws ShapeError `shapes-differ` when there are not as many targets or weights as logits; DataError `out-of-range` for a target that
 * is not from 0 to 1; OptionError `out-of-range` for a weight that is negative or not finite.
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
  checkTargets(targets);
  checkWeights("binaryCrossEntropy: got the positive weight", [positiveWeight]);
  if (weights !== undefined) checkWeights("binaryCrossEntropy: got the weight", weights);
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

function checkTargets(targets: ArrayLike<number>): void {
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!;
    if (target >= 0 && target <= 1) continue;
    throw new DataError(
      "out-of-range",
      `binaryCrossEntropy: got the target ${target} at ${i}; expected numbers from 0 to 1. Give an unknown one the weight 0.`,
    );
  }
}
