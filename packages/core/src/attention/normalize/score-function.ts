import { checkOptionNames, DataError, OptionError, ShapeError } from "../../errors.ts";
import { tensor } from "../../tensor/create.ts";
import { divide, multiply, subtract } from "../../tensor/elementwise.ts";
import { withoutGradient } from "../../tensor/record.ts";
import { reshape } from "../../tensor/reshape.ts";
import { sum } from "../../tensor/sum.ts";
import { Tensor } from "../../tensor/tensor.ts";

/** Options of {@link scoreFunctionLoss}. */
export interface ScoreFunctionLossOptions {
  /**
   * Taken off every cost. Any number that does not depend on what was drawn leaves the gradient right on average; one near the usual cost makes
   * it far less noisy. See {@link MovingBaseline}. Default 0.
   */
  readonly baseline?: number;
}

/**
 * A loss whose gradient is, on average over the draws, that of the expected cost (REINFORCE; Williams, "Simple statistical gradient-following
 * algorithms", 1992): the mean over the costs of `(cost - baseline) * log p`, where `p` is the probability of the draws that led to the cost.
 * Costs are constants: no gradient flows through them. The value of the loss means nothing; add it to the loss that the rest of the model
 * learns from.
 *
 * @param logProbability What {@link hard} with the score-function estimator gives, `[rows, heads]`.
 * @param cost What the draws led to, to be made small. One for each draw, `[rows, heads]`; one for each row, `[rows]`, to which all of
 * its heads led; or a single number, to which all draws led: the logarithms of draws with one cost are added.
 * @throws ShapeError `shapes-differ` unless the shape of the costs is that of the log-probabilities, or its first dimensions; OptionError
 * `unknown-option`.
 */
export function scoreFunctionLoss(
  logProbability: Tensor,
  cost: Tensor | ArrayLike<number> | number,
  options: ScoreFunctionLossOptions = {},
): Tensor {
  checkOptionNames("scoreFunctionLoss", options, ["baseline"]);
  const { baseline = 0 } = options;
  const costs = costTensor(cost, logProbability);
  if (!costs.shape.every((length, d) => length === logProbability.shape[d])) {
    throw new ShapeError(
      "shapes-differ",
      `scoreFunctionLoss: got costs of shape [${costs.shape.join(", ")}] for log-probabilities of shape [${logProbability.shape.join(", ")}]; ` +
        "expected one cost each, or one for each index of the first dimensions.",
    );
  }
  const { size } = costs;
  if (size === 0) return sum(logProbability);
  const advantage = withoutGradient(() => reshape(subtract(costs, baseline), [size]));
  const ofCost = sum(reshape(logProbability, [size, logProbability.size / size]), { axis: 1 });
  return divide(sum(multiply(ofCost, advantage)), size);
}

function costTensor(cost: Tensor | ArrayLike<number> | number, { engine }: Tensor): Tensor {
  if (cost instanceof Tensor) return cost;
  if (typeof cost === "number") return tensor([cost], [], { engine });
  return tensor(cost, [cost.length], { engine });
}

/** Options of {@link MovingBaseline}. */
export interface MovingBaselineOptions {
  /** The share of the old value in the new one. Default 0.9, as Xu et al. (2015) have it. */
  readonly decay?: number;
}

/**
 * The exponential moving average of costs: the baseline of {@link scoreFunctionLoss}. Read `value` before the costs of a step are added: a
 * baseline that knows them makes the gradient wrong on average.
 */
export class MovingBaseline {
  /** The share of the old value in the new one. */
  readonly decay: number;
  #value: number | undefined;

  /** @throws OptionError `out-of-range` unless `0 <= decay < 1`; `unknown-option`. */
  constructor(options: MovingBaselineOptions = {}) {
    checkOptionNames("MovingBaseline", options, ["decay"]);
    const { decay = 0.9 } = options;
    if (!(decay >= 0 && decay < 1)) {
      throw new OptionError("out-of-range", `MovingBaseline: got the decay ${decay}; expected 0 <= decay < 1.`);
    }
    this.decay = decay;
  }

  /** The average; 0 before the first cost. */
  get value(): number {
    return this.#value ?? 0;
  }

  /**
   * Adds a cost, or the mean of any number of them. The first is taken as it is.
   *
   * @throws DataError `not-finite` when the mean is not a finite number.
   */
  add(cost: number | ArrayLike<number>): void {
    const mean = typeof cost === "number" ? cost : meanOf(cost);
    if (!Number.isFinite(mean)) {
      throw new DataError(
        "not-finite",
        `MovingBaseline: got the mean cost ${mean}; expected at least one cost, all of them finite.`,
      );
    }
    this.#value = this.#value === undefined ? mean : this.decay * this.#value + (1 - this.decay) * mean;
  }
}

function meanOf(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i]!;
  return total / numbers.length;
}
