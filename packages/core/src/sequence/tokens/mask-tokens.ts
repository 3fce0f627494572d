import { checkCounts } from "../../check-options.ts";
import { checkOptionNames, OptionError } from "../../errors.ts";
import type { Random } from "../../random.ts";
import { checkTokens } from "./check-tokens.ts";
import { checkedBatch, splitByLengths, type TokenSequences } from "./packed-batch.ts";

/** Options of {@link maskTokens}. */
export interface MaskTokensOptions {
  /** Count of tokens, such as `vocabulary.size`. */
  readonly tokens: number;
  /** The number of the token that hides another. */
  readonly mask: number;
  /** What is hidden is drawn from it. */
  readonly random: Random;
  /** The share of the tokens of a sequence that are to be guessed. Default 0.15. */
  readonly share?: number;
  /** Any number of tokens that are never to be guessed, nor put in place of another. Default: `mask`. */
  readonly special?: readonly number[];
}

/** Sequences in which tokens are hidden. */
export interface MaskedTokens {
  /** The tokens of each sequence, with what was put in place of those that are to be guessed. */
  readonly sequences: readonly Uint32Array[];
  /** Of each sequence, one number for each token: the one that is to be guessed, and -1 where nothing is: as {@link SequenceTagger.loss} takes it. */
  readonly labels: readonly Int32Array[];
}

/**
 * Hides tokens as BERT is trained with (Devlin et al., NAACL 2019, section 3.1 and appendix A.1): of each sequence 15 % of the tokens, chosen at
 * random, and at least one, are to be guessed. Of these 80 % are replaced by the mask, 10 % by a random token, and 10 % stay, so that a model
 * cannot trust what it sees. For each use the tokens are chosen anew.
 *
 * A sequence of special tokens alone has none to be guessed.
 *
 * @throws OptionError `unknown-option`, or `out-of-range` for a token or a share that cannot be, or special tokens that leave none; DataError
 * `empty-sequence`, or `index-out-of-range` for a token that is not below `tokens`.
 */
export function maskTokens(given: TokenSequences, options: MaskTokensOptions): MaskedTokens {
  checkOptionNames("maskTokens", options, ["tokens", "mask", "random", "share", "special"]);
  const { tokens, mask, random, share = 0.15, special = [mask] } = options;
  checkCounts("maskTokens", { tokens });
  checkTokens("maskTokens", { mask }, tokens);
  if (!(share > 0 && share <= 1)) {
    throw new OptionError("out-of-range", `maskTokens: got the share ${share}; expected 0 < share <= 1.`);
  }
  const isSpecial = new Set([mask, ...special]);
  const ordinary = Uint32Array.from({ length: tokens }, (_, token) => token).filter((token) => !isSpecial.has(token));
  if (ordinary.length === 0) {
    throw new OptionError(
      "out-of-range",
      `maskTokens: got ${tokens} tokens, all of them special; expected others to put in place of what is to be guessed.`,
    );
  }
  const batch = checkedBatch("maskTokens", given, { tokens });
  const sequences: Uint32Array[] = [];
  const labels: Int32Array[] = [];
  for (const original of splitByLengths(batch.tokens, batch.lengths)) {
    const sequence = original.slice();
    const label = new Int32Array(original.length).fill(-1);
    const places = Uint32Array.from(original.keys()).filter((place) => !isSpecial.has(original[place]!));
    const count = Math.min(places.length, Math.max(1, Math.round(share * original.length)));
    for (const place of random.shuffle(places).subarray(0, count)) {
      label[place] = original[place]!;
      const fate = random.uniform();
      if (fate < 0.8) sequence[place] = mask;
      else if (fate < 0.9) sequence[place] = ordinary[random.integer(ordinary.length)]!;
    }
    sequences.push(sequence);
    labels.push(label);
  }
  return { sequences, labels };
}
