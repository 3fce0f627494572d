import { defineScore, type Score } from "./score.ts";

/**
 * The inner product, `dot(query, key)`: "dot" in Luong, Pham and Manning, EMNLP 2015, eq. 8. Its spread grows with the square root of the
 * channels; `scaledDot` takes that out.
 *
 * ```math
 * \operatorname{score}_{ij} = q_i \cdot k_j
 * ```
 */
export function dot(): Score<Record<never, "vector">> {
  return defineScore("dot", { parameters: {}, score: ({ query, key }) => query.dot(key) });
}
