import { checkOptionNames, OptionError } from "../../errors.ts";
import { defineScore, type Score } from "./score.ts";

/** Options of {@link concatenation}. */
export interface ConcatenationOptions {
  /** The non-linearity of the hidden layer. Default `"tanh"`, that of the paper. */
  readonly activation?: "tanh" | "relu" | "sigmoid";
}

/**
 * A network with one hidden layer on query and key side by side, `dot(v, tanh(W [query; key] + b))`: "concat" in Luong, Pham and Manning,
 * EMNLP 2015, eq. 8, with a bias. `W [query; key]` is `w @ query + u @ key`, each of which is computed once an element and not once a pair.
 *
 * ```math
 * \operatorname{score}_{ij} = v \cdot \tanh\bigl(W\,[q_i; k_j] + b\bigr)
 * ```
 *
 * `v` and `b` are `[heads, channels]`, `w` and `u` `[heads, channels, channels]`. An output bias is left out: softmax does not see it.
 *
 * @throws OptionError `unknown-activation`, `unknown-option`.
 */
export function concatenation(
  options: ConcatenationOptions = {},
): Score<{ v: "vector"; w: "matrix"; u: "matrix"; b: "vector" }> {
  checkOptionNames("concatenation", options, ["activation"]);
  const { activation = "tanh" } = options;
  if (!["tanh", "relu", "sigmoid"].includes(activation)) {
    throw new OptionError(
      "unknown-activation",
      `concatenation: got the activation "${activation}"; expected "tanh", "relu" or "sigmoid".`,
    );
  }
  return defineScore("concatenation", {
    parameters: { v: "vector", w: "matrix", u: "matrix", b: "vector" },
    score: ({ query, key, v, w, u, b }) => v.dot(query.transform(w).add(b).add(key.transform(u))[activation]()),
  });
}
