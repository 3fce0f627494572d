import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedBatch, nextTokens, packSequences, splitByLengths } from "./packed-batch.ts";

describe("a packed batch", () => {
  it("has all sequences one after the other, and their lengths", () => {
    expect(packSequences([[3, 1], [], Uint8Array.of(7)])).toEqual({
      tokens: Uint32Array.of(3, 1, 7),
      lengths: Uint32Array.of(2, 0, 1),
    });
  });

  it("splits into the sequences that it was made of", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }))), (sequences) => {
        const { tokens, lengths } = packSequences(sequences);
        expect(splitByLengths(tokens, lengths).map((part) => Array.from(part))).toEqual(sequences);
      }),
    );
  });

  it("is taken as it is where it is packed already", () => {
    const batch = packSequences([[1, 2], [0]]);
    expect(checkedBatch("model", batch, { tokens: 3 })).toBe(batch);
  });

  it("gives, for each token in its frame but the last, the token that follows it", () => {
    const batch = packSequences([[1, 2], [], [3]]);
    const of = (frame: { begin?: number; end?: number }) => {
      const { inputs, targets } = nextTokens(batch, frame);
      return [inputs.tokens, inputs.lengths, targets].map((part) => Array.from(part));
    };
    expect(of({ begin: 8, end: 9 })).toEqual([
      [8, 1, 2, 8, 8, 3],
      [3, 1, 2],
      [1, 2, 9, 9, 3, 9],
    ]);
    expect(of({ begin: 8 })).toEqual([
      [8, 1, 8],
      [2, 0, 1],
      [1, 2, 3],
    ]);
    expect(of({})).toEqual([[1], [1, 0, 0], [2]]);
  });

  const wrong = { tokens: Uint32Array.of(1, 2), lengths: Uint32Array.of(1) };
  const refused: readonly (readonly [string, () => unknown, string, string, string])[] = [
    ["half a token", () => packSequences([[0.5]]), "DataError", "index-out-of-range", "0.5 at 0 of sequence 0"],
    [
      "a negative token",
      () => packSequences([[1], [2, -1]]),
      "DataError",
      "index-out-of-range",
      "-1 at 1 of sequence 1",
    ],
    ["a token of 33 bits", () => packSequences([[2 ** 32]]), "DataError", "index-out-of-range", "4294967296"],
    ["what is no number", () => packSequences([[Number.NaN]]), "DataError", "index-out-of-range", "NaN"],
    [
      "an empty sequence",
      () => checkedBatch("model", [[1], []], { tokens: 3 }),
      "DataError",
      "empty-sequence",
      "sequence 1",
    ],
    [
      "a token that the model does not know",
      () => checkedBatch("model", [[1], [2, 3]], { tokens: 3 }),
      "DataError",
      "index-out-of-range",
      "token 3 at 1 of sequence 1",
    ],
    [
      "lengths of another batch",
      () => checkedBatch("model", wrong, { tokens: 3 }),
      "ShapeError",
      "shapes-differ",
      "2 tokens",
    ],
  ];
  for (const [what, call, name, code, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(call).toThrow(expect.objectContaining({ name, code, message: expect.stringContaining(message) }));
    });
  }
});
