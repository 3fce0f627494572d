import { checkOptionNames, DataError } from "@vicinal/core";
import type { ImportanceCheck, ImportanceVerdict } from "./importance-check.ts";
import { short, spreadOf } from "./verdict.ts";

/** What many checks say together. */
export interface ChecksSummary {
  /**
   * As for one check, over all: `"more-than-random"` if the mean difference is above two of its standard errors, `"no-more-than-random"` if it is not
   * above 0, else `"undecided"`; `"no-effect"` if every check said so.
   */
  readonly verdict: ImportanceVerdict;
  /** The verdict in a few sentences, with the figures. */
  readonly inWords: string;
  /** Count of checks that compared something: they had more edges than were removed. */
  readonly checks: number;
  /** How many of all checks came to each verdict. */
  readonly verdicts: Readonly<Record<ImportanceVerdict, number>>;
  /** Mean size of the change when the most important edges are removed. */
  readonly top: number;
  /** Mean size of the change when as many are removed at random. */
  readonly random: number;
  /** The mean over checks of the difference between the two, and its standard error. */
  readonly difference: { readonly mean: number; readonly standardError: number };
}

/** Options of {@link summarizeChecks}. */
export interface SummarizeChecksOptions {
  /** A mean difference up to this size counts as none. Default 1e-3. */
  readonly tolerance?: number | undefined;
}

/**
 * Many checks as one: whether an importance knows which edges answers rest on, or was lucky now and then. The checks should be of answers that
 * have little to do with one another, such as those of nodes that are far apart.
 *
 * @throws OptionError `unknown-option`; DataError `too-few-checks` for fewer than two checks that compared something.
 */
export function summarizeChecks(all: readonly ImportanceCheck[], options: SummarizeChecksOptions = {}): ChecksSummary {
  checkOptionNames("summarizeChecks", options, ["tolerance"]);
  const { tolerance = 1e-3 } = options;
  const checks = all.filter(({ random }) => random.draws > 0);
  if (checks.length < 2) {
    throw new DataError(
      "too-few-checks",
      `summarizeChecks: got ${checks.length} checks of answers with more than one edge; expected at least two.`,
    );
  }
  const verdicts = { "more-than-random": 0, "no-more-than-random": 0, undecided: 0, "no-effect": 0 };
  for (const { verdict } of all) verdicts[verdict]++;
  const sizes = checks.map(({ top, random }) => ({ top: Math.abs(top.removed), random: random.removed.mean }));
  const top = spreadOf(sizes.map((size) => size.top)).mean;
  const random = spreadOf(sizes.map((size) => size.random)).mean;
  const spread = spreadOf(sizes.map((size) => size.top - size.random));
  const difference = { mean: spread.mean, standardError: spread.deviation / Math.sqrt(checks.length) };
  const verdict = checks.every((check) => check.verdict === "no-effect") ? "no-effect" : judged(difference, tolerance);
  return {
    verdict,
    inWords:
      `Over ${checks.length} answers, removing the most important edges changes the answer by ${short(top)} on average, removing as many at random by ` +
      `${short(random)}: a difference of ${short(difference.mean)} ± ${short(difference.standardError)} (standard error)` +
      `${difference.mean > 0 && difference.mean <= tolerance ? ", too small to count" : ""}. ${conclusions[verdict]}`,
    checks: checks.length,
    verdicts,
    top,
    random,
    difference,
  };
}

function judged({ mean, standardError }: ChecksSummary["difference"], tolerance: number): ImportanceVerdict {
  if (mean <= tolerance) return "no-more-than-random";
  return mean > 2 * standardError ? "more-than-random" : "undecided";
}

const conclusions: Readonly<Record<ImportanceVerdict, string>> = {
  "no-effect": "The answers do not rest on these edges.",
  "more-than-random": "The importance tells which edges the answers rest on.",
  "no-more-than-random": "The importance does not tell which edges the answers rest on.",
  undecided: "The difference may be chance: more answers are needed.",
};
