import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import { type MaskTokensOptions, maskTokens } from "./mask-tokens.ts";

const [tokens, mask] = [12, 0];
const drawn = (random: Random, count: number, length: number) =>
  Array.from({ length: count }, () => Array.from({ length }, () => 2 + random.integer(10)));

describe("masked tokens", () => {
  const original = drawn(new Random(1), 1000, 20);
  const { sequences, labels } = maskTokens(original, { tokens, mask, random: new Random(2), special: [mask, 1] });
  const places = original.flatMap((sequence, b) =>
    sequence.map((token, k) => ({ token, seen: sequences[b]![k]!, label: labels[b]![k]! })),
  );

  it("are 15 % of each sequence", () => {
    for (const label of labels) expect(label.filter((one) => one >= 0)).toHaveLength(3);
  });

  it("keep what they were as labels, and leave everything else alone", () => {
    for (const { token, seen, label } of places) {
      if (label >= 0) expect(label).toBe(token);
      else expect(seen).toBe(token);
    }
  });

  it("are hidden by the mask in 80 % of cases, by a random ordinary token in 10 %, and stay in 10 %", () => {
    const guessed = places.filter(({ label }) => label >= 0);
    const share = (holds: (place: (typeof guessed)[number]) => boolean) =>
      guessed.filter(holds).length / guessed.length;
    expect(share(({ seen }) => seen === mask)).toBeCloseTo(0.8, 1);
    // One random token in ten is the one that was there.
    expect(share(({ seen, token }) => seen !== mask && seen !== token)).toBeGreaterThan(0.07);
    expect(share(({ seen, token }) => seen !== mask && seen !== token)).toBeLessThan(0.11);
    expect(share(({ seen, token }) => seen === token)).toBeGreaterThan(0.09);
    expect(share(({ seen, token }) => seen === token)).toBeLessThan(0.13);
    expect(new Set(guessed.map(({ seen }) => seen))).toEqual(new Set([mask, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
  });

  it("stand everywhere equally often, and follow from the seed", () => {
    for (let place = 0; place < 20; place++) {
      const count = labels.filter((label) => label[place]! >= 0).length;
      expect(Math.abs(count - 150)).toBeLessThan(50);
    }
    const again = maskTokens(original, { tokens, mask, random: new Random(2), special: [mask, 1] });
    expect(again).toEqual({ sequences, labels });
  });

  it("are at least one of each sequence, but never special", () => {
    const special = [mask, 1];
    for (let seed = 0; seed < 20; seed++) {
      const masked = maskTokens(
        [
          [1, 5, 1],
          [1, 0, 1],
        ],
        { tokens, mask, random: new Random(seed), special },
      );
      expect(masked.labels.map((label) => Array.from(label))).toEqual([
        [-1, 5, -1],
        [-1, -1, -1],
      ]);
    }
  });

  it("leave what they were made of as it was", () => {
    const given = Uint32Array.of(3, 4, 5);
    maskTokens([given], { tokens, mask, random: new Random(1), share: 1 });
    expect(given).toEqual(Uint32Array.of(3, 4, 5));
  });

  const with_ = (options: Partial<MaskTokensOptions>) => () =>
    maskTokens([[1, 2]], { tokens, mask, random: new Random(1), ...options });
  const unread: object = { probability: 0.1 };
  const refused: readonly (readonly [string, () => unknown, string, string])[] = [
    ["a share of nothing", with_({ share: 0 }), "OptionError", "out-of-range"],
    ["a share above all", with_({ share: 1.1 }), "OptionError", "out-of-range"],
    ["a mask that is no token", with_({ mask: tokens }), "OptionError", "out-of-range"],
    ["nothing but special tokens", with_({ tokens: 3, special: [1, 2] }), "OptionError", "out-of-range"],
    ["an option that nobody reads", with_(unread), "OptionError", "unknown-option"],
    ["a token above all", with_({ tokens: 2 }), "DataError", "index-out-of-range"],
    [
      "an empty sequence",
      () => maskTokens([[]], { tokens, mask, random: new Random(1) }),
      "DataError",
      "empty-sequence",
    ],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
