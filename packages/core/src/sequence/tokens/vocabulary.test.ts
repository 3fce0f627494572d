import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SpecialToken, Vocabulary } from "./vocabulary.ts";

const words = (text: string) => text.split(" ");

describe("a vocabulary", () => {
  const vocabulary = Vocabulary.from([words("the dog saw the cat"), words("the cat ran")]);

  it("numbers special tokens first, then tokens from the most frequent on, equals as they appear", () => {
    const { begin, end, unknown, mask, size } = vocabulary;
    expect({ begin, end, unknown, mask, size }).toEqual({ begin: 0, end: 1, unknown: 2, mask: 3, size: 9 });
    expect(vocabulary.tokens).toEqual(["the", "cat", "dog", "saw", "ran"]);
    expect(Array.from(vocabulary.encode(["the", "ran"]))).toEqual([4, 8]);
  });

  it("gives back the tokens that it encoded", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string())), (sequences) => {
        const all = Vocabulary.from(sequences);
        for (const sequence of sequences) expect(all.decode(all.encode(sequence))).toEqual(sequence);
      }),
    );
  });

  it("takes the characters of a string as its tokens, whatever their size", () => {
    const characters = Vocabulary.from(["aé🙂", "🙂"]);
    expect(characters.tokens).toEqual(["🙂", "a", "é"]);
    expect(characters.decode(characters.encode("é🙂"))).toEqual(["é", "🙂"]);
  });

  it("stands for unknown tokens with one number, and shows special tokens by their names", () => {
    expect(Array.from(vocabulary.encode(["cat", "cow"]))).toEqual([5, vocabulary.unknown]);
    expect(vocabulary.decode([0, 4, 2, 3, 1])).toEqual(["<begin>", "the", "<unknown>", "<mask>", "<end>"]);
  });

  it("takes no special token from a text", () => {
    const tricky = Vocabulary.from([["<end>", "a"]]);
    expect(Array.from(tricky.encode(["<end>"]))).toEqual([4]);
    expect(Array.from(vocabulary.encode(["<end>", "end", "toString", "__proto__"]))).toEqual([2, 2, 2, 2]);
  });

  it("leaves out rare tokens, and special tokens that are not asked for", () => {
    const small = Vocabulary.from([words("a b a c b a")], { specials: ["unknown"], minimumCount: 2 });
    expect(small.tokens).toEqual(["a", "b"]);
    expect(Array.from(small.encode(["c", "a", "b"]))).toEqual([0, 1, 2]);
    const labels = Vocabulary.from([["O", "B", "O"]], { specials: [] });
    expect(Array.from(labels.encode(["B", "O"]))).toEqual([1, 0]);
  });

  it("comes back from JSON as it was", () => {
    const again = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
    expect(again).toEqual(vocabulary);
    expect(again.encode(["cat", "cow"])).toEqual(vocabulary.encode(["cat", "cow"]));
  });

  const unread: object = { maximumSize: 3 };
  const misspelt = JSON.parse('["start"]');
  const refused: readonly (readonly [string, () => unknown, string, string])[] = [
    [
      "an unknown token where nothing stands for it",
      () => new Vocabulary(["a"], []).encode(["b"]),
      "DataError",
      "unknown-token",
    ],
    ["a number above all", () => vocabulary.decode([9]), "DataError", "index-out-of-range"],
    ["half a number", () => vocabulary.decode([4.5]), "DataError", "index-out-of-range"],
    ["a negative number", () => vocabulary.decode([-1]), "DataError", "index-out-of-range"],
    ["a token given twice", () => new Vocabulary(["a", "a"]), "DataError", "repeated-token"],
    ["a special token that there is not", () => new Vocabulary([], misspelt), "OptionError", "out-of-range"],
    ["a special token given twice", () => new Vocabulary([], ["end", "end"]), "OptionError", "out-of-range"],
    ["a count below one", () => Vocabulary.from([], { minimumCount: 0 }), "OptionError", "out-of-range"],
    ["an option that nobody reads", () => Vocabulary.from([], unread), "OptionError", "unknown-option"],
    ...(["begin", "end", "unknown", "mask"] satisfies SpecialToken[]).map(
      (name) =>
        [
          `the number of ${name} where there is none`,
          () => new Vocabulary([], [])[name],
          "OptionError",
          "missing-special",
        ] as const,
    ),
    ...[null, 3, [], {}, { tokens: ["a"] }, { tokens: [1], specials: [] }, { tokens: [], specials: ["start"] }].map(
      (json) =>
        [`${JSON.stringify(json)} as JSON`, () => Vocabulary.fromJSON(json), "DataError", "not-a-vocabulary"] as const,
    ),
    [
      "JSON with a token twice",
      () => Vocabulary.fromJSON({ tokens: ["a", "a"], specials: [] }),
      "DataError",
      "repeated-token",
    ],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
