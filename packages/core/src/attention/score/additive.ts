import { defineScore, type Score } from "./score.ts";

/** Options of {@link additive} and {@link lateAdditive}. */
export interface AdditiveOptions {
  /** Slope of the leaky ReLU for negative arguments. Default 0.2. */
  readonly negativeSlope?: number;
}

/**
 * The score of graph attention networks (Veličković et al., ICLR 2018, eq. 3):
 * `leakyRelu(dot(target, query) + dot(source, key))`.
 *
 * ```math
 * \operatorname{score}_{ij} = \operatorname{leakyRelu}(a_\mathrm{target} \cdot q_i + a_\mathrm{source} \cdot k_j)
 * ```
 *
 * The relevance of a sender does not depend on the receiver except through the non-linearity: "static" attention in the words of
 * Brody et al. `lateAdditive` is the remedy.
 */
export function additive({ negativeSlope = 0.2 }: AdditiveOptions = {}): Score<{ source: "vector"; target: "vector" }> {
  return defineScore("additive", {
    parameters: { source: "vector", target: "vector" },
    score: ({ query, key, source, target }) => target.dot(query).add(source.dot(key)).leakyRelu(negativeSlope),
  });
}

/**
 * {@link additive} with features of the edge, as PyTorch Geometric's `GATConv` with `edge_dim`:
 * `leakyRelu(dot(target, query) + dot(source, key) + dot(link, edge))`.
 *
 * ```math
 * \operatorname{score}_{ij} = \operatorname{leakyRelu}(a_\mathrm{target} \cdot q_i + a_\mathrm{source} \cdot k_j + a_\mathrm{link} \cdot e_{ij})
 * ```
 */
export function additiveWithEdge({
  negativeSlope = 0.2,
}: AdditiveOptions = {}): Score<{ source: "vector"; target: "vector"; link: "vector" }> {
  return defineScore("additive-with-edge", {
    parameters: { source: "vector", target: "vector", link: "vector" },
    edge: "vector",
    score: ({ query, key, edge, source, target, link }) =>
      target.dot(query).add(source.dot(key)).add(link.dot(edge)).leakyRelu(negativeSlope),
  });
}
