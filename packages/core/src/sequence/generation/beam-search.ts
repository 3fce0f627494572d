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
  /** The row that it continues. */
  readonly row: number;
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

/** The search for the answer to one source. */
interface Search {
  /** Its rows, which follow one another. */
  open: readonly Open[];
  /** How many hypotheses may still be followed. */
  room: number;
  /** Of what has ended. */
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
  const penaltyOf = (length: number): number => lengthPenalty(length, alpha);
  const first: Open = { row: 0, tokens: [], logProbability: 0 };
  const searches = Array.from({ length: sources }, (): Search => ({ open: [first], room: beam, best: undefined }));
  let { writer } = start;
  let open = searches.flatMap((search) => search.open);
  for (let length = 0; open.length > 0; length++) {
    const step = write(
      writer,
      Uint32Array.from(open, ({ tokens }) => tokens.at(-1) ?? begin),
    );
    const only = length === maximumLength ? end : undefined;
    let row = 0;
    for (const search of searches) {
      const candidates = bestOf(step, search, row, only);
      row += search.open.length;
      search.open = sortOut(candidates, open, search, { end, penaltyOf });
      if (!canBecomeBetter(search, penaltyOf(maximumLength + 1))) search.open = [];
    }
    const kept = searches.flatMap((search) => search.open);
    const rows = Uint32Array.from(kept, (hypothesis) => hypothesis.row);
    writer = selectRows(step.next, rows, open.length);
    open = kept;
  }
  return searches.map(({ best }) => best!);
}

/** Notes the candidates that end, and gives the hypotheses that the others are. */
function sortOut(
  candidates: readonly Candidate[],
  open: readonly Open[],
  search: Search,
  { end, penaltyOf }: { readonly end: number; readonly penaltyOf: (length: number) => number },
): Open[] {
  return candidates.flatMap(({ row, token, logProbability }) => {
    const { tokens } = open[row]!;
    if (token !== end) return [{ row, tokens: [...tokens, token], logProbability }];
    const score = logProbability / penaltyOf(tokens.length + 1);
    search.room--;
    if (search.best === undefined || score > search.best.score) {
      search.best = { tokens: Uint32Array.from(tokens), logProbability, score };
    }
    return [];
  });
}

/** Probabilities only shrink, and the penalty is the largest for the longest: no answer of an open hypothesis can do better than this. */
function canBecomeBetter({ open, best }: Search, largestPenalty: number): boolean {
  return best === undefined || open.some(({ logProbability }) => logProbability / largestPenalty > best.score);
}

/** The most probable continuations of the rows of a search, the best one first; of a token alone, or of all. */
function bestOf(
  { logProbabilities, tokens }: WrittenStep,
  { open, room }: Search,
  first: number,
  only: number | undefined,
): Candidate[] {
  const best: Candidate[] = [];
  const [from, to] = only === undefined ? [0, tokens] : [only, only + 1];
  open.forEach((before, k) => {
    const row = first + k;
    for (let token = from; token < to; token++) {
      const logProbability = before.logProbability + logProbabilities[row * tokens + token]!;
      if (best.length === room && logProbability <= best[room - 1]!.logProbability) continue;
      let at = best.length;
      while (at > 0 && best[at - 1]!.logProbability < logProbability) at--;
      best.splice(at, 0, { row, token, logProbability });
      if (best.length > room) best.pop();
    }
  });
  return best;
}
