import { checkCounts } from "../../check-options.ts";
import { checkOptionNames, DataError, OptionError } from "../../errors.ts";

/** A token with a meaning of its own and no spelling, so that no text can contain it. */
export type SpecialToken = "begin" | "end" | "unknown" | "mask";

/** Options of {@link Vocabulary.from}. */
export interface VocabularyOptions {
  /**
   * Tokens beside those of the text, numbered from 0 in this order: where a sequence begins, where it ends, what stands for all tokens
   * that are not in the vocabulary, and what hides a token that is to be guessed. Default: these four. Labels need none: `[]`.
   */
  readonly specials?: readonly SpecialToken[];
  /** How often a token must occur to get a number of its own. Default 1. */
  readonly minimumCount?: number;
}

/** A {@link Vocabulary} as plain data. */
export interface VocabularyJSON {
  /** In the order of their numbers, from 0. */
  readonly specials: readonly SpecialToken[];
  /** In the order of their numbers, after the specials. */
  readonly tokens: readonly string[];
}

const everySpecial: readonly SpecialToken[] = ["begin", "end", "unknown", "mask"];

/**
 * Tokens and their numbers. How a text is split into tokens is up to the caller: words, or characters, which a string gives when it is
 * iterated. Sequences are packed, so that nothing stands for padding.
 *
 *     const vocabulary = Vocabulary.from(["to be", "or not"].map((text) => text.split(" ")));
 *     vocabulary.decode(vocabulary.encode(["to", "be"]));   // ["to", "be"]
 */
export class Vocabulary {
  /** The special tokens, numbered from 0. */
  readonly specials: readonly SpecialToken[];
  /** The tokens of the text, numbered from `specials.length`. */
  readonly tokens: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  /**
   * @param tokens In the order of their numbers.
   * @param specials Default: all.
   * @throws DataError `repeated-token`; OptionError `out-of-range` for a special token that there is not, or that is given twice.
   */
  constructor(tokens: readonly string[], specials: readonly SpecialToken[] = everySpecial) {
    checkSpecials(specials);
    const numbers = new Map<string, number>();
    for (const token of tokens) {
      if (numbers.has(token)) {
        throw new DataError(
          "repeated-token",
          `Vocabulary: got the token ${JSON.stringify(token)} twice; expected each token once.`,
        );
      }
      numbers.set(token, specials.length + numbers.size);
    }
    this.specials = [...specials];
    this.tokens = [...tokens];
    this.#numbers = numbers;
  }

  /**
   * The tokens that occur in sequences: the most frequent first, those that are equally frequent in the order of their appearance.
   *
   * @throws OptionError `unknown-option`, or `out-of-range`.
   */
  static from(sequences: Iterable<Iterable<string>>, options: VocabularyOptions = {}): Vocabulary {
    checkOptionNames("Vocabulary", options, ["specials", "minimumCount"]);
    const { specials = everySpecial, minimumCount = 1 } = options;
    checkCounts("Vocabulary", { minimumCount });
    const counts = new Map<string, number>();
    for (const sequence of sequences) for (const token of sequence) counts.set(token, (counts.get(token) ?? 0) + 1);
    const frequent = [...counts].filter(([, count]) => count >= minimumCount).sort(([, a], [, b]) => b - a);
    return new Vocabulary(
      frequent.map(([token]) => token),
      specials,
    );
  }

  /**
   * What {@link toJSON} gave.
   *
   * @throws DataError `not-a-vocabulary` for anything else, `repeated-token`; OptionError `out-of-range` for special tokens.
   */
  static fromJSON(json: unknown): Vocabulary {
    if (typeof json === "object" && json !== null && "specials" in json && "tokens" in json) {
      const { specials, tokens } = json;
      if (areStrings(tokens) && areStrings(specials) && specials.every(isSpecial)) {
        return new Vocabulary(tokens, specials);
      }
    }
    throw new DataError(
      "not-a-vocabulary",
      "Vocabulary: got JSON of another form; expected { specials, tokens }, two lists of strings, as toJSON gives them.",
    );
  }

  /** Count of numbers: all are below it. */
  get size(): number {
    return this.specials.length + this.tokens.length;
  }

  /** The number of the token that stands before a sequence. Throws OptionError `missing-special` where the vocabulary has none. */
  get begin(): number {
    return this.#special("begin");
  }

  /** The number of the token that stands after a sequence. Throws OptionError `missing-special` where the vocabulary has none. */
  get end(): number {
    return this.#special("end");
  }

  /** The number of all tokens that are not in the vocabulary. Throws OptionError `missing-special` where the vocabulary has none. */
  get unknown(): number {
    return this.#special("unknown");
  }

  /** The number of the token that hides another. Throws OptionError `missing-special` where the vocabulary has none. */
  get mask(): number {
    return this.#special("mask");
  }

  /**
   * The numbers of tokens, one for each. Special tokens have no spelling: none comes from a text but `unknown`.
   *
   * @throws DataError `unknown-token` for a token that is not in the vocabulary, where nothing stands for the unknown.
   */
  encode(tokens: Iterable<string>): Uint32Array {
    const unknown = this.specials.indexOf("unknown");
    return Uint32Array.from(tokens, (token) => {
      const number = this.#numbers.get(token) ?? unknown;
      if (number >= 0) return number;
      throw new DataError(
        "unknown-token",
        `Vocabulary: got the token ${JSON.stringify(token)}; expected one of the ${this.tokens.length} of the vocabulary, because it has ` +
          "no special token for unknown ones.",
      );
    });
  }

  /**
   * The tokens of numbers, one for each; a special token is shown as its name, such as `<unknown>`.
   *
   * @throws DataError `index-out-of-range` for a number that no token has.
   */
  decode(numbers: ArrayLike<number>): string[] {
    return Array.from(numbers, (number) => {
      const special = this.specials[number];
      if (special !== undefined) return `<${special}>`;
      const token = this.tokens[number - this.specials.length];
      if (token !== undefined) return token;
      throw new DataError(
        "index-out-of-range",
        `Vocabulary: got the number ${number}; expected whole numbers from 0, below ${this.size}.`,
      );
    });
  }

  /** Plain data for `JSON.stringify`. */
  toJSON(): VocabularyJSON {
    return { specials: this.specials, tokens: this.tokens };
  }

  #special(name: SpecialToken): number {
    const number = this.specials.indexOf(name);
    if (number >= 0) return number;
    throw new OptionError(
      "missing-special",
      `Vocabulary: got specials ${JSON.stringify(this.specials)}; expected "${name}" among them, because its number was asked for.`,
    );
  }
}

function areStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isSpecial(name: string): name is SpecialToken {
  return everySpecial.some((special) => special === name);
}

function checkSpecials(specials: readonly SpecialToken[]): void {
  if (specials.every(isSpecial) && new Set(specials).size === specials.length) return;
  throw new OptionError(
    "out-of-range",
    `Vocabulary: got specials ${JSON.stringify(specials)}; expected each of ${JSON.stringify(everySpecial)} once at most.`,
  );
}
