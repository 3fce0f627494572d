import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answersOf, probabilitiesOf, shareRight } from "./predictions.ts";

const logits = Float64Array.of(1, 2, 0, 1000, 999, 998);

describe("probabilitiesOf", () => {
  it("is the softmax of each row, also of large numbers", () => {
    const shares = [1, 2, 0].map(Math.exp);
    const total = shares.reduce((sum, share) => sum + share, 0);
    const found = [...probabilitiesOf(logits, 3)];
    for (const [c, share] of shares.entries()) expect(found[c]).toBeCloseTo(share / total, 12);
    expect(found[3]).toBeCloseTo(1 / (1 + Math.exp(-1) + Math.exp(-2)), 12);
  });

  it("sums to one in each row", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 4, maxLength: 4 }), (row) => {
        expect(probabilitiesOf(Float64Array.from(row), 4).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe("answersOf", () => {
  it("takes the likeliest class and its probability", () => {
    const { classes, confidences } = answersOf(logits, 3);
    expect([...classes]).toEqual([1, 0]);
    expect(confidences[0]).toBeCloseTo(Math.E ** 2 / (Math.E + Math.E ** 2 + 1), 6);
  });
});

describe("shareRight", () => {
  const known = { known: Int32Array.of(1, 2), learned: 3 };

  it("is the share of the asked nodes alone", () => {
    expect(shareRight(logits, known, Uint32Array.of(0, 1))).toBe(0.5);
    expect(shareRight(logits, known, Uint32Array.of(0))).toBe(1);
    expect(shareRight(logits, known, new Uint32Array())).toBeNull();
  });
});
