import { portableExp } from "../../portable-math.ts";
import type { Random } from "../../random.ts";
import { selectRows, type TokenWriter, type WrittenStep, write } from "./token-writer.ts";

/** What a language model wrote. */
export interface Generation {
  /** `[tokens]`: what was added to the prompt, without the end. */
  readonly tokens: Uint32Array;
  /** The logarithm of the probability of these tokens, and of the end where it was written, as the model gives it at temperature 1. */
  readonly logProbability: number;
  /** Whether the end was written; otherwise the text was cut. */
  readonly ended: boolean;
}

/** What is continued. */
export interface Prompt {
  /** At least one. */
  readonly tokens: Uint32Array;
  /** What its tokens are drawn from; undefined takes the most probable ones. */
  readonly random: Random | undefined;
}

/** How tokens are drawn. */
export interface SampleOptions {
  /** Count of tokens that are added at most. */
  readonly maximumLength: number;
  /** The token after which nothing is added. Default: none. */
  readonly end?: number | undefined;
  /** What logits are divided by. Default 1. */
  readonly temperature?: number;
  /** Count of the most probable tokens that are drawn from. Default: all. */
  readonly topK?: number;
}

interface Written {
  readonly tokens: number[];
  logProbability: number;
  ended: boolean;
}

/**
 * Continues prompts token by token, all in step: where one prompt is still read, the next one is written already. Those that are done leave the
 * batch.
 *
 * @param writer A row for each prompt, nothing read yet. It is used up.
 * @throws DataError `not-finite` where the writer gives logits that are not numbers.
 */
export function sampleTokens(writer: TokenWriter, prompts: readonly Prompt[], options: SampleOptions): Generation[] {
  const { maximumLength, end } = options;
  const written = prompts.map((): Written => ({ tokens: [], logProbability: 0, ended: false }));
  let rows = prompts.map((_, p) => p);
  let current = writer;
  for (let t = 0; rows.length > 0; t++) {
    const read = Uint32Array.from(rows, (p) => prompts[p]!.tokens[t] ?? written[p]!.tokens.at(-1)!);
    const step = write(current, read);
    const open: number[] = [];
    rows.forEach((p, row) => {
      const { tokens: prompt, random } = prompts[p]!;
      const mine = written[p]!;
      if (t + 1 >= prompt.length) {
        const token = nextToken(step, row, random, options);
        mine.logProbability += step.logProbabilities[row * step.tokens + token]!;
        mine.ended = token === end;
        if (!mine.ended) mine.tokens.push(token);
      }
      if (!mine.ended && mine.tokens.length < maximumLength) open.push(row);
    });
    current = selectRows(step.next, Uint32Array.from(open), rows.length);
    rows = open.map((row) => rows[row]!);
  }
  return written.map(({ tokens, ...rest }) => ({ tokens: Uint32Array.from(tokens), ...rest }));
}

function nextToken(
  { logProbabilities, tokens }: WrittenStep,
  row: number,
  random: Random | undefined,
  { temperature = 1, topK = tokens }: SampleOptions,
): number {
  const ofRow = Array.from(logProbabilities.subarray(row * tokens, (row + 1) * tokens));
  const likeliest = ofRow.indexOf(ofRow.reduce((most, value) => Math.max(most, value)));
  if (random === undefined) return likeliest;
  const likeliestFirst = Array.from(ofRow.keys()).sort((a, b) => ofRow[b]! - ofRow[a]!);
  const allowed = likeliestFirst.slice(0, topK);
  const weights = allowed.map((token) => portableExp((ofRow[token]! - ofRow[likeliest]!) / temperature));
  let rest = random.uniform() * weights.reduce((total, weight) => total + weight, 0);
  const drawn = weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  // Rounding may leave a rest after the last one.
  return allowed[drawn] ?? likeliest;
}
