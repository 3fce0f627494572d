import { elementwiseNormalizer } from "./elementwise.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * Each weight by itself: `1 / (1 + exp(-l_ij))`, from 0 to 1. A receiver may attend to all of its neighbors or to none; the weights of a row
 * need not sum to 1.
 *
 * ```math
 * w_{ij} = \frac{1}{1 + \exp(-l_{ij})}
 * ```
 */
export function sigmoidNormalizer(): Normalizer {
  return elementwiseNormalizer("sigmoid", { weight: (logit) => logit.sigmoid() });
}
