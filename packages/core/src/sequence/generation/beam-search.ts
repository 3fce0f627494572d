import { checkCounts } from "../../check-options.ts";
import { OptionError } from "../../errors.ts";
import { portablePower } from "../../portable-math.ts";
import { selectRows, type TokenWriter, type WrittenStep, write } from "./token-writer.ts";

/** Options of a {@link beamSearch}. */
export interface BeamSearchOptions {
  /** Count of hypotheses that are followed for each source. Default 1: greedy, the most probable token at each step. */
  readonly beam?: number;
  /** Count of tokens of an answer at most, the end not counted: after so many nothing but the end may follow. */
  readonly maximumLength: number;
  /** `alpha` of {@link lengthPenalty}: how much long answers are preferred. Default 0: the most probable answer is the best. */
  readonly lengthPenalty?: number;
}

/** The names of {@link BeamSearchOptions}. */
export const beamSearchNames: readonly string[] = ["beam", "maximumLength", "lengthPenalty"];

/** An answer that a search found. */
export interface Hypothesis {
  /** `[tokens]`, without the begin and the end. */
  readonly tokens: Uint32Array;
  /** The logarithm of the probability of the tokens and the end after them. */
  readonly logProbability: number;
  /** What answers are compared by: `logProbability`, divided by the {@link lengthPenalty}. */
  readonly score: number;
}

/** What a search starts from. */
export interface SearchStart {
  /** A row for each source, nothing read yet. It is used up. */
  readonly writer: TokenWriter;
  /** Count of sources. */
  readonly sources: number;
  /** The token that is read first. */
  readonly begin: number;
  /** The token that ends an answer. */
  readonly end: number;
}

/**
 * What the logarithm of the probability of an answer is divided by (Wu et al., "Google's neural machine translation system", 2016, eq. 14):
 * `((5 + length) / 6) ^ alpha`. Without it short answers win, because each token makes an answer less probable.
 *
 * @param length Count of tokens, the end included.
 */
export function lengthPenalty(length: number, alpha: number): number {
  return portablePower((5 + length) / 6, alpha);
}

/** @throws OptionError `out-of-range`. */
export function checkBeamSearch(where: string, options: BeamSearchOptions): void {
  const { beam = 1, maximumLength, lengthPenalty: alpha = 0 } = options;
  checkCounts(where, { beam, maximumLength });
  if (alpha >= 0 && Number.isFinite(alpha)) return;
  throw new OptionError("out-of-range", `${where}: got the lengthPenalty ${alpha}; expected a finite number from 0.`);
}

/** A hypothesis without an end: one row of the writer. */
interface Open {
  readonly source: number;
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

/** A hypothesis with one more token, and the row that it continues. */
interface Continued {
  readonly row: number;
  readonly hypothesis: Open;
}

/** What has ended of one source. */
interface Ended {
  count: number;
  best: Hypothesis | undefined;
}

/** A token that may follow a row. */
interface Candidate {
  readonly row: number;
  readonly token: number;
  readonly logProbability: number;
}

/**
 * The best answer that a beam search finds for each source (Sutskever, Vinyals and Le, NIPS 2014, section 3.2). At each step all hypotheses of a
 * source are continued by all tokens, and the most probable `beam` of what comes of it are kept; one that was ended leaves the beam, which has
 * room for one less from then on. The search of a source ends with its room, or as soon as no open hypothesis can become better than the
 * best that has ended. Sources that are done leave the batch. Of equals the one that came first is kept.
 *
 * With a beam as wide as there are hypotheses, the answer is the best of all that have at most `maximumLength` tokens.
 *
 * @throws DataError `not-finite` where the writer gives logits that are not numbers.
 */
export function beamSearch(start: SearchStart, options: BeamSearchOptions): Hypothesis[] {
  const { sources, begin, end } = start;
  const { beam = 1, maximumLength, lengthPenalty: alpha = 0 } = options;
  const ended = Array.from({ length: sources }, (): Ended => ({ count: 0, best: undefined }));
  let { writer } = start;
  let open = Array.from({ length: sources }, (_, source): Open => ({ source, tokens: [], logProbability: 0 }));
  for (let length = 0; open.length > 0; length++) {
    const read = Uint32Array.from(open, ({ tokens }) => tokens.at(-1) ?? begin);
    const step = write(writer, read);
    const only = length === maximumLength ? end : undefined;
    const kept: Continued[] = [];
    for (const [first, last] of runsOf(open)) {
      const ofSource = ended[open[first]!.source]!;
      const candidates = bestOf(step, open, { first, last, only }, beam - ofSource.count);
      const continued = sortOut(candidates, open, ofSource, { end, alpha });
      if (canBecomeBetter(continued, ofSource, lengthPenalty(maximumLength + 1, alpha))) kept.push(...continued);
    }
    const rows = Uint32Array.from(kept, ({ row }) => row);
    writer = keptRows(step.next, open.length, rows);
    open = kept.map(({ hypothesis }) => hypothesis);
  }
  return ended.map(({ best }) => best!);
}

/** Notes the candidates that end, and gives the hypotheses that the others are. */
function sortOut(
  candidates: readonly Candidate[],
  open: readonly Open[],
  ended: Ended,
  { end, alpha }: { readonly end: number; readonly alpha: number },
): Continued[] {
  return candidates.flatMap(({ row, token, logProbability }) => {
    const { source, tokens } = open[row]!;
    if (token !== end) return [{ row, hypothesis: { source, tokens: [...tokens, token], logProbability } }];
    const score = logProbability / lengthPenalty(tokens.length + 1, alpha);
    ended.count++;
    if (ended.best === undefined || score > ended.best.score) {
      ended.best = { tokens: Uint32Array.from(tokens), logProbability, score };
    }
    return [];
  });
}

/** Probabilities only shrink, and the penalty is the largest for the longest: no answer of an open hypothesis can do better than this. */
function canBecomeBetter(continued: readonly Continued[], { best }: Ended, largestPenalty: number): boolean {
  if (best === undefined) return true;
  return continued.some(({ hypothesis }) => hypothesis.logProbability / largestPenalty > best.score);
}

/** The rows of each source, which follow one another. */
function* runsOf(open: readonly Open[]): Generator<readonly [first: number, last: number]> {
  let first = 0;
  for (let row = 1; row <= open.length; row++) {
    if (open[row]?.source === open[first]!.source) continue;
    yield [first, row];
    first = row;
  }
}

/** The most probable `count` continuations of the rows from `first` to `last - 1`, the best one first. */
function bestOf(
  { logProbabilities, tokens }: WrittenStep,
  open: readonly Open[],
  { first, last, only }: { readonly first: number; readonly last: number; readonly only: number | undefined },
  count: number,
): Candidate[] {
  const best: Candidate[] = [];
  for (let row = first; row < last; row++) {
    const before = open[row]!.logProbability;
    for (let token = only ?? 0; token < (only === undefined ? tokens : only + 1); token++) {
      const logProbability = before + logProbabilities[row * tokens + token]!;
      if (best.length === count && logProbability <= best[count - 1]!.logProbability) continue;
      let at = best.length;
      while (at > 0 && best[at - 1]!.logProbability < logProbability) at--;
      best.splice(at, 0, { row, token, logProbability });
      if (best.length > count) best.pop();
    }
  }
  return best;
}

function keptRows(writer: TokenWriter, count: number, rows: Uint32Array): TokenWriter {
  const isEveryRow = rows.length === count && rows.every((row, k) => row === k);
  return isEveryRow || rows.length === 0 ? writer : selectRows(writer, rows);
}
