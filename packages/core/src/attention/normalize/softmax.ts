import { checkPositive } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import { segmentSoftmax } from "../segment.ts";
import type { Normalizer } from "./normalizer.ts";
import { tempered } from "./temperature.ts";

/** Options of {@link softmaxNormalizer}. */
export interface SoftmaxOptions {
  /** Logits are divided by it: below 1 sharpens, above 1 flattens. Default 1. */
  readonly temperature?: number;
}

/**
 * Weights that are positive and sum to 1 over each neighborhood: `exp(l_ij / T) / sum over k in N(i) of exp(l_ik / T)`. The largest
 * logit of a row is subtracted first, so that nothing overflows. An empty neighborhood has no weights, and its output is 0.
 *
 * ```math
 * w_{ij} = \frac{\exp(l_{ij} / T)}{\sum_{k \in N(i)} \exp(l_{ik} / T)}
 * ```
 *
 * @throws OptionError `out-of-range` unless the temperature is positive and finite; `unknown-option`.
 */
export function softmaxNormalizer(options: SoftmaxOptions = {}): Normalizer {
  checkOptionNames("softmaxNormalizer", options, ["temperature"]);
  const { temperature = 1 } = options;
  checkPositive("softmaxNormalizer", "the temperature", temperature);
  return {
    name: "softmax",
    options: { temperature },
    normalize: (logits, { offsets }) => segmentSoftmax(tempered(logits, temperature), offsets),
  };
}
