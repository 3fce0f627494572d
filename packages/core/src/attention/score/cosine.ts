import { checkPositive } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import type { Expression } from "../../expression/expression.ts";
import { defineScore, type Score } from "./score.ts";

/** Options of {@link learnedCosine}. */
export interface LearnedCosineOptions {
  /**
   * The length that shorter vectors are divided by, so that a vector of zeros has the cosine 0 with every other and a finite gradient (of at most
   * 1 / epsilon). Default 1e-8, that of PyTorch's `cosine_similarity`.
   */
  readonly epsilon?: number;
}

/** Options of {@link cosine}. */
export interface CosineOptions extends LearnedCosineOptions {
  /** The cosine is divided by it: below 1 sharpens, above 1 flattens. Default 1. */
  readonly temperature?: number;
}

/**
 * The cosine of the angle between query and key: `dot(q / |q|, k / |k|) / temperature` (content-based addressing in Graves, Wayne and
 * Danihelka, "Neural Turing Machines", 2014, eq. 6). A cosine lies between -1 and 1: over many senders softmax is flat unless the temperature
 * is well below 1.
 *
 * ```math
 * \operatorname{score}_{ij} = \frac{1}{T}\, \frac{q_i}{\lvert q_i \rvert} \cdot \frac{k_j}{\lvert k_j \rvert}
 * ```
 *
 * @throws OptionError `out-of-range` unless temperature and epsilon are positive; `unknown-option`.
 */
export function cosine(options: CosineOptions = {}): Score<Record<never, "vector">> {
  checkOptionNames("cosine", options, ["temperature", "epsilon"]);
  const { temperature = 1, epsilon = 1e-8 } = options;
  checkPositive("cosine", "the temperature", temperature);
  checkPositive("cosine", "the epsilon", epsilon);
  return defineScore("cosine", {
    parameters: {},
    score: ({ query, key }) =>
      normalized(query, epsilon)
        .dot(normalized(key, epsilon))
        .multiply(1 / temperature),
  });
}

/**
 * {@link cosine} with a learned temperature: `beta * dot(q / |q|, k / |k|)`, the score of AGNN (Thekumparampil et al., "Attention-based Graph
 * Neural Network for Semi-supervised Learning", 2018). `beta` is `[heads]`, the reciprocal of a temperature; it starts at 1 there.
 *
 * ```math
 * \operatorname{score}_{ij} = \beta\, \frac{q_i}{\lvert q_i \rvert} \cdot \frac{k_j}{\lvert k_j \rvert}
 * ```
 *
 * @throws OptionError `out-of-range` unless epsilon is positive; `unknown-option`.
 */
export function learnedCosine(options: LearnedCosineOptions = {}): Score<{ beta: "scalar" }> {
  checkOptionNames("learnedCosine", options, ["epsilon"]);
  const { epsilon = 1e-8 } = options;
  checkPositive("learnedCosine", "the epsilon", epsilon);
  return defineScore("learned-cosine", {
    parameters: { beta: "scalar" },
    score: ({ query, key, beta }) => normalized(query, epsilon).dot(normalized(key, epsilon)).multiply(beta),
  });
}

/** The maximum is taken before the root, whose slope at 0 is infinite. */
function normalized(x: Expression, epsilon: number): Expression {
  return x.divide(
    x
      .square()
      .sum()
      .maximum(epsilon ** 2)
      .sqrt(),
  );
}
