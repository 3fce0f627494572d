import { type AttentionPlan, logitName, type PlanNormalizer } from "../engine/attention-kernels.ts";
import { Expression } from "../expression/expression.ts";
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
  /** Whether terms for the positions of the pairs are added to the score. Default false. */
  readonly hasBias?: boolean;
}

/** The sum of all terms for the positions of a pair. The sign keeps it apart from parameters of any name. */
export const biasName = "#bias";

const biasSymbol = Expression.symbol(biasName, "edge", "scalar");

/** What an engine is asked for: a score on these heads, with its defaults filled in. */
export function planFor(score: Score, shape: PlanShape): AttentionPlan {
  const { heads, channels, valueChannels = channels, normalizer = softmaxNormalizer(), dropout = 0 } = shape;
  const expression = expressionOf(score, { heads, channels });
  return {
    score: shape.hasBias ? expression.add(biasSymbol) : expression,
    normalizer: planNormalizer(normalizer),
    heads,
    channels,
    valueChannels,
    dropout,
  };
}

/** The expression that each score gave last: training asks for the same one in every step. */
const written = new WeakMap<Score, HeadShape & { readonly expression: Expression }>();

function expressionOf(score: Score, { heads, channels }: HeadShape): Expression {
  const last = written.get(score);
  if (last?.heads === heads && last.channels === channels) return last.expression;
  const expression = score.expression({ heads, channels });
  written.set(score, { heads, channels, expression });
  return expression;
}

const logit = Expression.symbol(logitName, "edge", "scalar");

function planNormalizer({ name, options, expression }: Normalizer): PlanNormalizer {
  return { name, options, weight: expression?.weight(logit), isShare: expression?.isShare ?? false };
}
