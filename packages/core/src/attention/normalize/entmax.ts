import { segmentEntmax } from "../segment.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * Sparsemax (Martins and Astudillo, "From softmax to sparsemax", ICML 2016): the weights nearest to the logits of a row among all that are not
 * negative and sum to 1, `max(l_ij - tau_i, 0)`. Logits that are 1 or more below the largest of their row, or far below several of them, get
 * exactly 0. The gradient is exact: with `s = 1` where a weight is positive, else 0, `s (g - sum of s g / sum of s)`.
 *
 * ```math
 * w_{ij} = \max(l_{ij} - \tau_i, 0), \qquad \sum_{j \in N(i)} w_{ij} = 1
 * ```
 */
export function sparsemax(): Normalizer {
  return { name: "sparsemax", options: {}, normalize: (logits, { offsets }) => segmentEntmax(logits, offsets, 2) };
}

/**
 * Entmax with alpha 1.5 (Peters, Niculae and Martins, "Sparse sequence-to-sequence models", ACL 2019): between softmax and sparsemax,
 * `max(l_ij / 2 - tau_i, 0)^2`, where tau makes the row sum to 1. Low logits get exactly 0, yet the weights are smooth. The gradient is exact:
 * with `s` the square root of the weight, `s (g - sum of s g / sum of s)`.
 *
 * ```math
 * w_{ij} = \max(l_{ij} / 2 - \tau_i, 0)^2, \qquad \sum_{j \in N(i)} w_{ij} = 1
 * ```
 */
export function entmax15(): Normalizer {
  return { name: "entmax15", options: {}, normalize: (logits, { offsets }) => segmentEntmax(logits, offsets, 1.5) };
}
