import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanReciprocalRank } from "./mean-reciprocal-rank.ts";

describe("meanReciprocalRank", () => {
  it("by hand: first of three, second of three, last of three", () => {
    expect(meanReciprocalRank([5, 2, 0], [1, 2, 3, 1, 4, 1])).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 3, 15);
  });

  it("gives equals the mean of their ranks: by hand", () => {
    // Level with one of two, above the other: ranks 1 and 2, mean 1.5.
    expect(meanReciprocalRank([2], [2, 1])).toBe(1 / 1.5);
    // Level with both: ranks 1 to 3, mean 2.
    expect(meanReciprocalRank([2], [2, 2])).toBe(0.5);
  });

  it("does not reward one score for all", () => {
    expect(meanReciprocalRank([0, 0], new Float64Array(200))).toBe(1 / 51);
  });

  it("is that of the midranks among each one's own negatives", () => {
    const small = fc.integer({ min: -2, max: 2 });
    const cases = fc
      .nat(4)
      .chain((more) =>
        fc.array(fc.tuple(small, fc.array(small, { minLength: more + 1, maxLength: more + 1 })), { minLength: 1 }),
      );
    fc.assert(
      fc.property(cases, (rows) => {
        const ranks = rows.map(([positive, negatives]) => {
          const sorted = [...negatives, positive].sort((a, b) => b - a);
          return (sorted.indexOf(positive) + sorted.lastIndexOf(positive)) / 2 + 1;
        });
        const expected = ranks.reduce((sum, rank) => sum + 1 / rank, 0) / ranks.length;
        const positives = rows.map(([positive]) => positive);
        const negatives = rows.flatMap(([, row]) => row);
        expect(meanReciprocalRank(positives, negatives)).toBeCloseTo(expected, 12);
      }),
    );
  });

  it.each<[string, number[], number[]]>([
    ["no-nodes", [], []],
    ["no-nodes", [1], []],
    ["wrong-length", [1, 2], [1, 2, 3]],
    ["not-finite", [Number.NaN], [1]],
    ["not-finite", [1], [Number.NaN]],
  ])("refuses with %s: positives %j, negatives %j", (code, positives, negatives) => {
    expect(() => meanReciprocalRank(positives, negatives)).toThrow(
      expect.objectContaining({ name: "DataError", code }),
    );
  });
});
