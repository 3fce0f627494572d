import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { tensor } from "../../tensor/create.ts";
import { type BeamSearchOptions, beamSearch, checkBeamSearch, lengthPenalty } from "./beam-search.ts";
import type { TokenWriter } from "./token-writer.ts";

const engine = createReferenceEngine();
const [begin, end, tokens] = [0, 1, 4];

/** Logits of the token after `prefix`, drawn anew for each prefix. */
type Language = (prefix: readonly number[]) => readonly number[];

function languageOf(seed: number, spread: number): Language {
  return (prefix) => {
    const random = new Random(prefix.reduce((hash, token) => hash * 7 + token + 1, seed + 1));
    return Array.from({ length: tokens }, () => random.normal(0, spread));
  };
}

/** Writes in a language of its own for each source, from prefixes alone. */
function writerOf(prefixes: readonly (readonly number[])[], languages: readonly Language[]): TokenWriter {
  return {
    written: {
      state: undefined,
      step: () => expect.unreachable(),
      select: () => expect.unreachable(),
    },
    step(read) {
      const longer = prefixes.map((prefix, row) => [...prefix, read[row]!]);
      const logits = longer.flatMap((prefix, row) => Array.from(languages[row]!(prefix)));
      return { logits: tensor(logits, [longer.length, tokens], { engine }), next: writerOf(longer, languages) };
    },
    select: (rows) =>
      writerOf(
        Array.from(rows, (row) => prefixes[row]!),
        Array.from(rows, (row) => languages[row]!),
      ),
  };
}

const search = (languages: readonly Language[], options: BeamSearchOptions) =>
  beamSearch(
    {
      writer: writerOf(
        languages.map(() => []),
        languages,
      ),
      sources: languages.length,
      begin,
      end,
    },
    options,
  );

function logProbabilityOf(language: Language, prefix: readonly number[], token: number): number {
  const logits = language(prefix);
  return logits[token]! - Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
}

/** The logarithm of the probability of an answer and its end, factor by factor. */
function logProbabilityOfAll(language: Language, answer: readonly number[]): number {
  return [...answer, end].reduce(
    (total, token, t) => total + logProbabilityOf(language, [begin, ...answer.slice(0, t)], token),
    0,
  );
}

/** All answers of at most so many tokens. */
function allAnswers(maximumLength: number): number[][] {
  const open = Array.from({ length: tokens }, (_, token) => token).filter((token) => token !== end);
  let longest: number[][] = [[]];
  const all = [...longest];
  for (let length = 1; length <= maximumLength; length++) {
    longest = longest.flatMap((answer) => open.map((token) => [...answer, token]));
    all.push(...longest);
  }
  return all;
}

describe("a beam search", () => {
  it("finds the best of all answers with a beam as wide as there are", () => {
    const anySeeds = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 3 });
    const anyPenalty = fc.constantFrom(0, 0.6, 1, 2);
    fc.assert(
      fc.property(anySeeds, fc.integer({ min: 1, max: 3 }), anyPenalty, (seeds, maximumLength, alpha) => {
        const languages = seeds.map((seed) => languageOf(seed, 2));
        const found = search(languages, { beam: 81, maximumLength, lengthPenalty: alpha });
        languages.forEach((language, b) => {
          const scored = allAnswers(maximumLength).map((answer) => {
            const logProbability = logProbabilityOfAll(language, answer);
            return { answer, logProbability, score: logProbability / ((5 + answer.length + 1) / 6) ** alpha };
          });
          const best = scored.reduce((a, c) => (c.score > a.score ? c : a));
          expect(Array.from(found[b]!.tokens)).toEqual(best.answer);
          expect(found[b]!.logProbability).toBeCloseTo(best.logProbability, 10);
          expect(found[b]!.score).toBeCloseTo(best.score, 10);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("takes the most probable token at each step with a beam of 1, when nothing else is said", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 6 }), (seed, maximumLength) => {
        const language = languageOf(seed, 1);
        const answer: number[] = [];
        while (answer.length < maximumLength) {
          const logits = language([begin, ...answer]);
          const token = logits.indexOf(Math.max(...logits));
          if (token === end) break;
          answer.push(token);
        }
        for (const options of [{ maximumLength }, { maximumLength, beam: 1, lengthPenalty: 1 }]) {
          const [found] = search([language], options);
          expect(Array.from(found!.tokens)).toEqual(answer);
          expect(found!.logProbability).toBeCloseTo(logProbabilityOfAll(language, answer), 10);
        }
      }),
    );
  });

  it("follows what greed would not: a first token that is less probable and a better answer", () => {
    const likely = [-9, -9, 0.1, 0];
    const certain = [-9, 9, -9, -9];
    const unsure = [0, 0.1, 0, 0];
    const language: Language = (prefix) => (prefix.length === 1 ? likely : prefix[1] === 3 ? certain : unsure);
    const found = [1, 2].map((beam) => Array.from(search([language], { beam, maximumLength: 3 })[0]!.tokens));
    expect(found).toEqual([[2], [3]]);
  });

  it("has room for one hypothesis less for each that has ended", () => {
    // At first the end is the most probable, then 2. After 2 the token 2 is a little more probable than 3, which ends better.
    const certain = [-9, 9, -9, -9];
    const language: Language = (prefix) => {
      if (prefix.length === 1) return [-9, 0.2, 0, -9];
      return prefix.length === 2 ? [-9, -9, 0.1, 0] : prefix[2] === 3 ? certain : [0, 0, 0, 0];
    };
    const answers = [2, 3].map((beam) => {
      const [found] = search([language], { beam, maximumLength: 2, lengthPenalty: 8 });
      return Array.from(found!.tokens);
    });
    expect(answers).toEqual([
      [2, 2],
      [2, 3],
    ]);
  });

  it("gives a source the same answer in a batch as alone", () => {
    const languages = [5, 6, 7, 8].map((seed) => languageOf(seed, 1));
    for (const beam of [1, 2, 3]) {
      const options = { beam, maximumLength: 5, lengthPenalty: 0.6 };
      expect(search(languages, options)).toEqual(languages.flatMap((language) => search([language], options)));
    }
  });

  it("prefers longer answers the more, the larger the penalty is", () => {
    // The end and the token 2 are equally probable: without a penalty the shortest answer is the best.
    const language: Language = () => [-30, 0, 0, -30];
    const lengths = [0, 20].map((alpha) => {
      const [found] = search([language], { beam: 64, maximumLength: 3, lengthPenalty: alpha });
      return found!.tokens.length;
    });
    expect(lengths).toEqual([0, 3]);
  });

  it("has no answers for no sources", () => {
    expect(search([], { maximumLength: 3 })).toEqual([]);
  });

  it("refuses probabilities that are not numbers", () => {
    const broken: Language = () => [0, Number.NaN, 0, 0];
    const refusal = expect.objectContaining({ name: "DataError", code: "not-finite" });
    expect(() => search([broken], { maximumLength: 3 })).toThrow(refusal);
  });
});

describe("the length penalty", () => {
  it("is ((5 + length) / 6) ^ alpha", () => {
    expect(lengthPenalty(1, 0.7)).toBe(1);
    expect(lengthPenalty(7, 1)).toBe(2);
    expect(lengthPenalty(19, 0.5)).toBe(2);
    expect(lengthPenalty(19, 0)).toBe(1);
  });
});

describe("a beam search refuses", () => {
  const impossible: readonly BeamSearchOptions[] = [
    { maximumLength: 0 },
    { maximumLength: 1.5 },
    { maximumLength: 3, beam: 0 },
    { maximumLength: 3, beam: Number.NaN },
    { maximumLength: 3, lengthPenalty: -0.1 },
    { maximumLength: 3, lengthPenalty: Number.POSITIVE_INFINITY },
  ];
  for (const options of impossible) {
    it(JSON.stringify(options), () => {
      const refusal = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
      expect(() => checkBeamSearch("translate", options)).toThrow(refusal);
    });
  }
});
