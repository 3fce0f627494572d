import { defineScore, type Score } from "./score.ts";

/**
 * A learned bilinear form, `q^T W k`: "general" in Luong, Pham and Manning, EMNLP 2015, eq. 8. `w` is one matrix
 * `[heads, channels, channels]`; the identity makes it {@link dot}.
 *
 * ```math
 * \operatorname{score}_{ij} = q_i^\top W k_j
 * ```
 *
 * The matrix is applied to the queries, `dot(w^T q, k)`: a decoder that attends from one element at a time computes one product a step.
 */
export function bilinear(): Score<{ w: "matrix" }> {
  return defineScore("bilinear", {
    parameters: { w: "matrix" },
    score: ({ query, key, w }) => query.transform(w.transpose()).dot(key),
  });
}
