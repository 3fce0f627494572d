import { checkPositive } from "../../check-options.ts";
import { checkOptionNames, OptionError } from "../../errors.ts";
import { tensor } from "../../tensor/create.ts";
import { exp, log, maximum, multiply, subtract } from "../../tensor/elementwise.ts";
import { withoutGradient } from "../../tensor/record.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { atPositions, rowSums, segmentHardmax, segmentSoftmax } from "../segment.ts";
import { withGumbelNoise } from "./gumbel-noise.ts";
import type { Normalizer } from "./normalizer.ts";
import { tempered } from "./temperature.ts";

/** Options of {@link hard} that takes the largest logit and the gradient of softmax. */
export interface StraightThroughOptions {
  /** The gradient is that of the softmax in place of the step (Bengio, Léonard and Courville, 2013). */
  readonly estimator: "straight-through";
  /** Of that softmax. Default 1. */
  readonly temperature?: number;
}

/** Options of {@link hard} that draws by Gumbel-softmax. */
export interface GumbelSoftmaxOptions {
  /** `softmax((logits + Gumbel noise) / temperature)` (Jang, Gu and Poole, 2017; Maddison, Mnih and Teh, 2017). */
  readonly estimator: "gumbel-softmax";
  /** The lower, the nearer is a sample to one-hot, and the noisier its gradient. Default 1. */
  readonly temperature?: number;
  /** Whether weights are the one-hot of the sample, with the sample's gradient, instead of the sample itself. Default false. */
  readonly hard?: boolean;
}

/** Options of {@link hard} that draws one neighbor, with no gradient through what was drawn. */
export interface ScoreFunctionOptions {
  /** REINFORCE (Williams, 1992), the hard attention of "Show, attend and tell" (Xu et al., 2015): see {@link scoreFunctionLoss}. */
  readonly estimator: "score-function";
  /** Neighbors are drawn from `softmax(logits / temperature)`. Default 1. */
  readonly temperature?: number;
}

/** Options of {@link hard}: what takes the place of the gradient that a choice does not have. */
export type HardOptions = StraightThroughOptions | GumbelSoftmaxOptions | ScoreFunctionOptions;

/** A normalizer whose draws have a probability. */
export type DrawingNormalizer = Normalizer & Required<Pick<Normalizer, "logProbability">>;

/**
 * Hard attention: each receiver attends to one neighbor, for each head. The weights of a row are 1 at one neighbor and 0 at the others; a row
 * without a finite logit has none.
 *
 * In evaluation, without a seed, that neighbor is the one with the largest logit, the first of equal ones. While training the estimator
 * decides what is taken and where the gradient comes from:
 *
 * | estimator | weights | gradient |
 * |---|---|---|
 * | `"straight-through"` | 1 at the largest logit | of `softmax(logits / T)` |
 * | `"gumbel-softmax"` | `softmax((logits + noise) / T)`, or with `hard` 1 at its largest | of that sample |
 * | `"score-function"` | 1 at a neighbor drawn from `softmax(logits / T)` | none: through `logProbability` and {@link scoreFunctionLoss} |
 *
 * Noise is a function of the seed and the position alone. Evaluation has the gradient of `softmax(logits / T)` with the first two, none with
 * the last.
 *
 * @throws OptionError `out-of-range` for an estimator that is none of these, or a temperature that is not positive and finite;
 * `unknown-option` for one that the estimator does not read.
 */
export function hard(options: ScoreFunctionOptions): DrawingNormalizer;
export function hard(options: HardOptions): Normalizer;
export function hard(options: HardOptions): Normalizer {
  const estimator: string = options.estimator;
  const { temperature = 1 } = options;
  checkPositive("hard", "the temperature", temperature);
  switch (options.estimator) {
    case "straight-through":
      checkOptionNames("hard", options, ["estimator", "temperature"]);
      return straightThrough(temperature);
    case "gumbel-softmax":
      checkOptionNames("hard", options, ["estimator", "temperature", "hard"]);
      return gumbelSoftmax(temperature, options.hard ?? false);
    case "score-function":
      checkOptionNames("hard", options, ["estimator", "temperature"]);
      return scoreFunction(temperature);
    default:
      throw new OptionError(
        "out-of-range",
        `hard: got the estimator "${estimator}"; expected "straight-through", "gumbel-softmax" or "score-function".`,
      );
  }
}

/** 1 at the largest logit, with the gradient of softmax. */
function largest(logits: Tensor, offsets: Uint32Array, temperature: number): Tensor {
  return segmentHardmax(logits, offsets, segmentSoftmax(tempered(logits, temperature), offsets));
}

function straightThrough(temperature: number): Normalizer {
  return {
    name: "hard-straight-through",
    options: { temperature },
    normalize: (logits, { offsets }) => largest(logits, offsets, temperature),
  };
}

function gumbelSoftmax(temperature: number, isHard: boolean): Normalizer {
  return {
    name: "hard-gumbel-softmax",
    options: { temperature, hard: Number(isHard) },
    normalize(logits, { offsets }, seed) {
      if (seed === undefined) return largest(logits, offsets, temperature);
      const noisy = withGumbelNoise(logits, seed);
      if (isHard) return largest(noisy, offsets, temperature);
      return segmentSoftmax(tempered(noisy, temperature), offsets);
    },
  };
}

function scoreFunction(temperature: number): DrawingNormalizer {
  return {
    name: "hard-score-function",
    options: { temperature },
    normalize: (logits, { offsets }, seed) =>
      withoutGradient(() => {
        if (seed === undefined) return segmentHardmax(logits, offsets);
        return segmentHardmax(withGumbelNoise(tempered(logits, temperature), seed), offsets);
      }),
    logProbability: (logits, weights, { offsets }) => logProbabilityOf(tempered(logits, temperature), weights, offsets),
  };
}

/** `[rows, heads]`: the logit of what was drawn less the logarithm of the sum of exponentials; 0 for a row that drew nothing. */
function logProbabilityOf(logits: Tensor, weights: Tensor, offsets: Uint32Array): Tensor {
  const { engine } = logits;
  // A logit of -Infinity times the weight 0 would be NaN.
  const lowest = tensor([-1e30], [1, 1], { engine });
  const max = withoutGradient(() =>
    rowSums(multiply(segmentHardmax(logits, offsets), maximum(logits, lowest)), offsets),
  );
  const shifted = subtract(logits, atPositions(max, offsets));
  const drawn = rowSums(multiply(weights, maximum(shifted, lowest)), offsets);
  // The largest logit adds exp(0): a sum below 1 is that of a row without a finite logit.
  const total = maximum(rowSums(exp(shifted), offsets), tensor([1], [1, 1], { engine }));
  return subtract(drawn, log(total));
}
