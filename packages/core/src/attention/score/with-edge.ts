import { OptionError } from "../../errors.ts";
import type { Expression } from "../../expression/expression.ts";
import { substitute } from "../../expression/substitute.ts";
import { defineScore, type ParameterRanks, type Score } from "./score.ts";

/** Options of {@link withEdge}. */
export interface WithEdgeOptions {
  /**
   * What the edge is to the score:
   *
   * - `"bias"`: a number `[edges, heads]` that is added, `score(q, k) + e`, as the spatial encoding of Graphormer is (Ying et al., NeurIPS
   *   2021, eq. 6);
   * - `"key"`: a vector `[edges, heads, channels]` that is added to the key, `score(q, k + e)`, as in PyTorch Geometric's `TransformerConv`
   *   (Shi et al., IJCAI 2021) and in relative positions (Shaw, Uszkoreit and Vaswani, NAACL 2018, eq. 4);
   * - `"gate"`: a vector `[edges, heads, channels]` that the key is multiplied by, `score(q, k * e)`, as in the graph transformer of Dwivedi and
   *   Bresson (2020) with edge features.
   */
  readonly as: "bias" | "key" | "gate";
}

/**
 * Any score with a term for the edge between the two. It has the parameters of the score that it was made from, and reads `edge`.
 *
 * As a `"key"` or a `"gate"` the edge makes the key one that belongs to the pair: {@link cosine}, whose length it changes, and scores that apply
 * a matrix to the key, such as {@link bahdanau}, then take the general path of `attend`. The other scores of this package are compiled.
 *
 * @throws OptionError `unexpected-input` for a score that reads edges already, `unknown-option` for another `as`.
 */
export function withEdge<Parameters extends ParameterRanks>(
  score: Score<Parameters>,
  { as }: WithEdgeOptions,
): Score<Parameters> {
  const { name, parameters, edge: has } = score;
  if (has !== "none") {
    throw new OptionError(
      "unexpected-input",
      `withEdge: got the score "${name}", which reads edges already; expected one that does not.`,
    );
  }
  if (as !== "bias" && as !== "key" && as !== "gate") {
    throw new OptionError("unknown-option", `withEdge: got as: "${String(as)}"; expected "bias", "key" or "gate".`);
  }
  return defineScore<Parameters>(`${name}-with-edge-${as}`, {
    parameters,
    edge: as === "bias" ? "scalar" : "vector",
    score: ({ key, edge }, shape) => {
      const expression = score.expression(shape);
      if (as === "bias") return expression.add(edge);
      return withKey(expression, as === "key" ? key.add(edge) : key.multiply(edge));
    },
  });
}

/** The score of another key. */
function withKey(score: Expression, key: Expression): Expression {
  return substitute(score, ({ node }) => (node.kind === "symbol" && node.side === "key" ? key : undefined));
}
