import type { AttentionPlan } from "../engine/attention-kernels.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import { softmaxNormalizer } from "./normalize/softmax.ts";
import type { HeadShape, Score } from "./score/score.ts";

/** What a plan is made from, beside the score. */
export interface PlanShape extends HeadShape {
  /** Width of value for each head. Default `channels`. */
  readonly valueChannels?: number;
  /** Default: softmax. */
  readonly normalizer?: Normalizer;
  /** Probability with which weights are dropped. Default 0. */
  readonly dropout?: number;
}

/** What an engine is asked for: a score on these heads, with its defaults filled in. */
export function planFor(score: Score, shape: PlanShape): AttentionPlan {
  const { heads, channels, valueChannels = channels, normalizer = softmaxNormalizer(), dropout = 0 } = shape;
  return {
    score: score.expression({ heads, channels }),
    normalizer: { name: normalizer.name, options: normalizer.options },
    heads,
    channels,
    valueChannels,
    dropout,
  };
}
