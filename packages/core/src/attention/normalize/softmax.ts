import { OptionError } from "../../errors.ts";
import { multiply } from "../../tensor/elementwise.ts";
import { segmentSoftmax } from "../segment.ts";
import type { Normalizer } from "./normalizer.ts";

/** Options of {@link softmaxNormalizer}. */
export interface SoftmaxOptions {
  /** Logits are divided by it: below 1 sharpens, above 1 flattens. Default 1. */
  readonly temperature?: number;
}

/**
 * Weights that are positive and sum to 1 over each neighborhood: `exp(l_ij / T) / sum over k in N(i) of exp(l_ik / T)`. The largest
 * logit of a row is subtracted first, so that nothing overflows. An empty neighborhood has no weights, and its output is 0.
 *
 * @throws OptionError `out-of-range` unless the temperature is positive.
 */
export function softmaxNormalizer({ temperature = 1 }: SoftmaxOptions = {}): Normalizer {
  if (!(temperature > 0)) {
    throw new OptionError(
      "out-of-range",
      `softmaxNormalizer: got the temperature ${temperature}; expected a positive number.`,
    );
  }
  return {
    name: "softmax",
    options: { temperature },
    normalize: (logits, { offsets }) =>
      segmentSoftmax(temperature === 1 ? logits : multiply(logits, 1 / temperature), offsets),
  };
}
