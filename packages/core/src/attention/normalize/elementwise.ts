import { checkOptionNames, OptionError } from "../../errors.ts";
import { Expression, symbolsOf } from "../../expression/expression.ts";
import { oneSidedOnTensors } from "../logits.ts";
import type { Normalizer, WeightExpression } from "./normalizer.ts";
import { shareOfRow } from "./share-of-row.ts";

/** Options of {@link elementwiseNormalizer}. */
export interface ElementwiseOptions extends WeightExpression {
  /** What the normalizer was made with, for those who save it. Default none. */
  readonly options?: Readonly<Record<string, number>>;
}

const logit = Expression.symbol("logit", "edge", "scalar");

/**
 * A normalizer of which each weight follows from its own logit, written as an expression: it runs compiled, forward and backward, like the
 * ones that are built in. `elementwiseNormalizer("softplus", { weight: (logit) => logit.softplus(), isShare: true })` gives the shares of
 * `softplus(l_ij)` in the sum of its row.
 *
 * @throws OptionError `not-a-normalizer` when the expression is not one number that depends on the logit alone; `unknown-option`.
 */
export function elementwiseNormalizer(name: string, given: ElementwiseOptions): Normalizer {
  checkOptionNames("elementwiseNormalizer", given, ["weight", "isShare", "options"]);
  const { weight, isShare = false, options = {} } = given;
  const expression = weight(logit);
  if (expression.rank !== "scalar" || [...symbolsOf(expression).keys()].join() !== "logit") {
    throw new OptionError(
      "not-a-normalizer",
      `elementwiseNormalizer: got for "${name}" a weight that depends on ` +
        `${[...symbolsOf(expression).keys()].join(", ") || "nothing"}; expected one number that depends on the logit alone.`,
    );
  }
  return {
    name,
    options,
    normalize: (logits, { offsets }) => {
      const weights = oneSidedOnTensors(expression, { logit: logits }, 1);
      return isShare ? shareOfRow(weights, offsets) : weights;
    },
    expression: { weight, isShare },
  };
}
