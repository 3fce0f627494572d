import { defineScore, type Score } from "./score.ts";

/**
 * The score of the first attention networks (Bahdanau, Cho and Bengio, "Neural Machine Translation by Jointly Learning to Align and
 * Translate", ICLR 2015, appendix A.1.2), on queries and keys that a layer has projected: `dot(a, tanh(query + key))`. {@link bahdanau} has the
 * projections inside.
 *
 * ```math
 * \operatorname{score}_{ij} = a \cdot \tanh(q_i + k_j)
 * ```
 */
export function additiveTanh(): Score<{ a: "vector" }> {
  return defineScore("additive-tanh", {
    parameters: { a: "vector" },
    score: ({ query, key, a }) => a.dot(query.add(key).tanh()),
  });
}

/**
 * The score of Bahdanau, Cho and Bengio (ICLR 2015, appendix A.1.2) with its own matrices: `dot(v, tanh(w @ query + u @ key))`, `v` being
 * `[heads, channels]`, and `w` and `u` `[heads, channels, channels]`. Where a layer projects queries and keys anyway, as multi-head attention
 * does, {@link additiveTanh} on its output says the same with fewer parameters.
 *
 * ```math
 * \operatorname{score}_{ij} = v \cdot \tanh(W q_i + U k_j)
 * ```
 */
export function bahdanau(): Score<{ v: "vector"; w: "matrix"; u: "matrix" }> {
  return defineScore("bahdanau", {
    parameters: { v: "vector", w: "matrix", u: "matrix" },
    score: ({ query, key, v, w, u }) => v.dot(query.transform(w).add(key.transform(u)).tanh()),
  });
}
