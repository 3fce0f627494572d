import { elementwiseNormalizer } from "./elementwise.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * Shares of what is positive: `max(l_ij, 0) / sum over k in N(i) of max(l_ik, 0)`. Logits that are not positive have no weight; a row without
 * a positive one has none at all, and no gradient.
 *
 * ```math
 * w_{ij} = \frac{\max(l_{ij}, 0)}{\sum_{k \in N(i)} \max(l_{ik}, 0)}
 * ```
 */
export function reluNormalizer(): Normalizer {
  return elementwiseNormalizer("relu", { weight: (logit) => logit.relu(), isShare: true });
}
