import { defineScore, type Score } from "./score.ts";

/**
 * The score of transformers (Vaswani et al., NeurIPS 2017, eq. 1): `dot(query, key) / sqrt(channels)`.
 *
 * ```math
 * \operatorname{score}_{ij} = \frac{q_i \cdot k_j}{\sqrt{\mathrm{channels}}}
 * ```
 */
export function scaledDot(): Score<Record<never, "vector">> {
  return defineScore("scaled-dot", {
    parameters: {},
    score: ({ query, key }, { channels }) => query.dot(key).multiply(1 / Math.sqrt(channels)),
  });
}
