import { checkOptionNames, DataError, OptionError, Random } from "@vicinal/core";
import { drawDistinct } from "../sample/draw-distinct.ts";
import { Turn } from "../train/turn.ts";
import type { ImportanceCheck, RemovalEffect } from "./importance-check.ts";
import { kendallTau } from "./kendall-tau.ts";
import { chanceOf, spreadOf, verdictOf } from "./verdict.ts";

/** Options of every check. */
export interface ImportanceCheckOptions {
  /** The share of the candidates that is removed, above 0 and below 1; at least one edge is. Default 0.1. */
  readonly share?: number | undefined;
  /** How many random choices of edges are compared with; at least 5. Default 30. */
  readonly draws?: number | undefined;
  /** What random choices, and the order of edges of the same importance, are drawn from. Default 0. */
  readonly seed?: number | undefined;
  /** A change of the answer up to this size counts as none, in the units of the answer. Default 1e-3. */
  readonly tolerance?: number | undefined;
  /** Whether each candidate is also removed by itself, one run of the model for each. Default false. */
  readonly oneByOne?: boolean | undefined;
  /** Aborts: the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** The names of {@link ImportanceCheckOptions}. */
export const importanceCheckOptionNames = [
  "share",
  "draws",
  "seed",
  "tolerance",
  "oneByOne",
  "signal",
] as const satisfies readonly (keyof ImportanceCheckOptions)[];

/** What is checked. */
export interface CheckedImportance {
  /** `[candidates]`: numbers of the edges that may be removed, each once. */
  readonly candidates: Uint32Array;
  /** `[candidates]`: how important each is said to be. */
  readonly importance: ArrayLike<number>;
  /** The answer without any number of the candidates. */
  readonly answerWithout: (removed: Uint32Array) => number | Promise<number>;
}

/**
 * Checks whether edges that are called important are: removes the most important ones, and as a control the least important ones and as many at
 * random, and asks again (comprehensiveness and sufficiency of DeYoung et al., "ERASER", ACL 2020; fidelity+ and fidelity- of Pope et al., CVPR 2019,
 * and Yuan et al., "Explainability in Graph Neural Networks: A Taxonomic Survey", 2022). Any importance will do, such as attention, a gradient, or a guess.
 *
 * The verdict is about one answer: whether it rests on these edges. That the importance knew, and was not lucky, only many answers can say:
 * `summarizeChecks`.
 *
 * A graph with edges removed may be unlike any that the model was trained on, so that an answer may change because the graph looks odd. The random choices
 * are as odd, which is why only the comparison with them is a verdict.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; DataError `wrong-length`, or `not-finite` for an importance or an answer; what `answerWithout`
 * throws; the signal's reason.
 */
export async function checkImportance(
  { candidates, importance, answerWithout }: CheckedImportance,
  options: ImportanceCheckOptions = {},
): Promise<ImportanceCheck> {
  checkImportanceOptions(options);
  const { share = 0.1, draws = 30, seed = 0, tolerance = 1e-3, oneByOne = false, signal } = options;
  checkCandidates(candidates, importance);
  const turn = new Turn();
  const ask = async (removed: Uint32Array): Promise<number> => {
    signal?.throwIfAborted();
    const answer = await answerWithout(removed);
    if (!Number.isFinite(answer)) {
      throw new DataError("not-finite", `checkImportance: got the answer ${answer}; expected a finite number.`);
    }
    await turn.end();
    return answer;
  };
  const answer = await ask(new Uint32Array());
  const effectOf = async (chosen: Uint32Array): Promise<RemovalEffect> => {
    const isChosen = new Set(chosen);
    return {
      removed: answer - (await ask(chosen)),
      keptAlone: answer - (await ask(candidates.filter((edge) => !isChosen.has(edge)))),
    };
  };

  const random = new Random(seed);
  const order = byImportance(candidates, importance, random);
  const count = Math.min(candidates.length, Math.max(1, Math.round(share * candidates.length)));
  const without = await ask(candidates);
  const top = await effectOf(order.slice(0, count));
  const bottom = await effectOf(order.slice(candidates.length - count));
  const drawn: RemovalEffect[] = [];
  // Where all are removed there is nothing to choose.
  for (let draw = 0; draw < draws && count < candidates.length; draw++)
    drawn.push(await effectOf(chosenAtRandom(candidates, count, random)));
  const changes: number[] = [];
  if (oneByOne) for (const edge of candidates) changes.push(answer - (await ask(Uint32Array.of(edge))));

  const sizes = changes.map(Math.abs);
  return verdictOf(
    {
      answer,
      answerWithout: without,
      candidates: candidates.length,
      removed: count,
      top,
      bottom,
      random: {
        draws: drawn.length,
        removed: spreadOf(drawn.map(({ removed }) => Math.abs(removed))),
        keptAlone: spreadOf(drawn.map(({ keptAlone }) => Math.abs(keptAlone))),
      },
      chance: chanceOf(
        Math.abs(top.removed),
        drawn.map(({ removed }) => Math.abs(removed)),
        tolerance,
      ),
      oneByOne: oneByOne ? { changes, agreement: kendallTau(Array.from(importance), sizes) } : undefined,
    },
    Math.max(
      ...[answer - without, ...[top, bottom, ...drawn].flatMap((one) => [one.removed, one.keptAlone])].map(Math.abs),
    ),
    tolerance,
  );
}

/** The most important first. Those of the same importance come in random order: their place in the edge list says nothing. */
function byImportance(candidates: Uint32Array, importance: ArrayLike<number>, random: Random): Uint32Array {
  const order = random.shuffle(Array.from(candidates.keys()));
  order.sort((a, b) => importance[b]! - importance[a]!);
  return Uint32Array.from(order, (k) => candidates[k]!);
}

function chosenAtRandom(candidates: Uint32Array, count: number, random: Random): Uint32Array {
  const chosen: number[] = [];
  drawDistinct(count, candidates.length, random, (k) => chosen.push(candidates[k]!));
  return Uint32Array.from(chosen);
}

/** @throws OptionError `unknown-option`, `out-of-range`. */
export function checkImportanceOptions(options: ImportanceCheckOptions): void {
  checkOptionNames("checkImportance", options, importanceCheckOptionNames);
  const { share = 0.1, draws = 30, tolerance = 1e-3 } = options;
  const wrong =
    (!(share > 0 && share < 1) && `the share ${share}; expected a number above 0 and below 1`) ||
    (!(Number.isInteger(draws) && draws >= 5) && `${draws} draws; expected a whole number from 5`) ||
    (!(tolerance >= 0 && Number.isFinite(tolerance)) && `the tolerance ${tolerance}; expected a number from 0`);
  if (wrong) throw new OptionError("out-of-range", `checkImportance: got ${wrong}.`);
}

function checkCandidates(candidates: Uint32Array, importance: ArrayLike<number>): void {
  if (importance.length !== candidates.length) {
    throw new DataError(
      "wrong-length",
      `checkImportance: got ${importance.length} importances for ${candidates.length} edges; expected one for each.`,
    );
  }
  const unusable = Array.from(importance).find((one) => !Number.isFinite(one));
  if (unusable === undefined) return;
  throw new DataError("not-finite", `checkImportance: got the importance ${unusable}; expected finite numbers.`);
}
