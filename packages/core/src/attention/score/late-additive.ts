import type { AdditiveOptions } from "./additive.ts";
import { defineScore, type Score } from "./score.ts";

/**
 * The score of GATv2 (Brody, Alon and Yahav, ICLR 2022, eq. 7): `dot(a, leakyRelu(query + key))`. The non-linearity comes before
 * the learned vector, so that which sender matters most depends on the receiver: "dynamic" attention.
 *
 * ```math
 * \operatorname{score}_{ij} = a \cdot \operatorname{leakyRelu}(q_i + k_j)
 * ```
 */
export function lateAdditive({ negativeSlope = 0.2 }: AdditiveOptions = {}): Score<{ a: "vector" }> {
  return defineScore("late-additive", {
    parameters: { a: "vector" },
    score: ({ query, key, a }) => a.dot(query.add(key).leakyRelu(negativeSlope)),
  });
}

/**
 * {@link lateAdditive} with features of the edge: `dot(a, leakyRelu(query + key + edge))`.
 *
 * ```math
 * \operatorname{score}_{ij} = a \cdot \operatorname{leakyRelu}(q_i + k_j + e_{ij})
 * ```
 */
export function lateAdditiveWithEdge({ negativeSlope = 0.2 }: AdditiveOptions = {}): Score<{ a: "vector" }> {
  return defineScore("late-additive-with-edge", {
    parameters: { a: "vector" },
    edge: "vector",
    score: ({ query, key, edge, a }) => a.dot(query.add(key).add(edge).leakyRelu(negativeSlope)),
  });
}
