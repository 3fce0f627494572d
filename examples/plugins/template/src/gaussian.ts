import { checkOptionNames, defineScore, OptionError, type Score } from "@vicinal/core";

/** Options of {@link gaussian}. */
export interface GaussianOptions {
  /** The distance at which relevance has fallen by 1/2. Default 1. */
  readonly width?: number;
}

/**
 * The nearer, the more relevant: `score_ij = -|query_i - key_j|^2 / (2 width^2)`.
 *
 * @throws OptionError `out-of-range` unless the width is positive; `unknown-option`.
 */
export function gaussian(options: GaussianOptions = {}): Score<Record<never, "vector">> {
  checkOptionNames("gaussian", options, ["width"]);
  const { width = 1 } = options;
  if (!(width > 0 && Number.isFinite(width))) {
    throw new OptionError("out-of-range", `gaussian: got the width ${width}; expected a positive number.`);
  }
  return defineScore("gaussian", {
    parameters: {},
    score: ({ query, key }) =>
      query
        .subtract(key)
        .square()
        .sum()
        .multiply(-1 / (2 * width ** 2)),
  });
}
