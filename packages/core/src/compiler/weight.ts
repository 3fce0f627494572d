import { type AttentionPlan, logitName, temperatureOf } from "../engine/attention-kernels.ts";
import type { Expression } from "../expression/expression.ts";
import { substitute } from "../expression/substitute.ts";
import { type ScoreForm, scoreForm } from "./score-form.ts";
import { logSumSymbol } from "./symbols.ts";

/** Brings the score of a plan into the form of kernels, or says why the plan cannot be compiled. */
export function formOf(plan: AttentionPlan): ScoreForm | { readonly refused: string } {
  const { name, weight } = plan.normalizer;
  if (isSoftmax(plan) || weight !== undefined) return scoreForm(plan.score);
  return { refused: `the normalizer "${name}" has no kernel: its weights do not follow from their own logits` };
}

/** Softmax has forward code of its own, because the largest logit of a row must be known before the first exponential. */
export function isSoftmax({ normalizer }: AttentionPlan): boolean {
  return normalizer.name === "softmax" && normalizer.weight === undefined;
}

/** Whether the weights of a row are divided by their sum, so that each depends on all logits of the row. */
export function isDivided(plan: AttentionPlan): boolean {
  return isSoftmax(plan) || plan.normalizer.isShare;
}

/** The logit as the exponential of softmax takes it. */
export function scaledLogit(plan: AttentionPlan, { logit }: ScoreForm): Expression {
  const temperature = temperatureOf(plan);
  return temperature === 1 ? logit : logit.multiply(1 / temperature);
}

/** The weight of an edge before it is divided by the sum of its row, from its logit. */
export function undividedWeight({ normalizer }: AttentionPlan, { logit }: ScoreForm): Expression {
  return substitute(normalizer.weight!, ({ node }) =>
    node.kind === "symbol" && node.name === logitName ? logit : undefined,
  );
}

/** The weight of an edge, from its logit and from what the forward pass has saved of the row. */
export function weightOf(plan: AttentionPlan, form: ScoreForm): Expression {
  if (isSoftmax(plan)) return scaledLogit(plan, form).subtract(logSumSymbol).exp();
  const weight = undividedWeight(plan, form);
  return plan.normalizer.isShare ? weight.multiply(logSumSymbol.negate().exp()) : weight;
}
