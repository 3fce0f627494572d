import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confusion } from "./confusion.ts";
import { macroF1 } from "./macro-f1.ts";

/** Pairs of actual and predicted class, of four classes. */
const answers = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1 });

describe("confusion", () => {
  it("counts nodes by actual class in rows and predicted class in columns", () => {
    expect(confusion(Int32Array.of(0, 0, 1, 2), Int32Array.of(0, 1, 1, 0), 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(confusion([0, 0, 1, -1], [0, 1, 1, 0], 2, [1, 2])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it.each([
    ["an actual class", [2], [0]],
    ["a predicted class", [0], [2]],
    ["no class", [0], [-1]],
  ])("refuses %s that is not below the count", (_what, actual, predicted) => {
    expect(() => confusion(actual, predicted, 2)).toThrow(expect.objectContaining({ code: "label-out-of-range" }));
  });
});

describe("macroF1", () => {
  it("is the mean of the F1 scores: 2/3, 4/5 and 0 by hand", () => {
    // Class 0: precision 1/2, recall 1. Class 1: precision 1, recall 2/3. Class 2: nothing right.
    expect(macroF1([0, 1, 1, 1, 2], [0, 1, 1, 2, 0], 3)).toBeCloseTo((2 / 3 + 4 / 5 + 0) / 3, 15);
  });

  it("leaves out classes that occur in neither labels nor predictions", () => {
    expect(macroF1([0, 3], [0, 3], 9)).toBe(1);
    expect(macroF1([0], [1], 9)).toBe(0);
  });

  it("agrees with the mean of 2 * precision * recall / (precision + recall)", () => {
    fc.assert(
      fc.property(answers, (pairs) => {
        const scores: number[] = [];
        for (let c = 0; c < 4; c++) {
          const both = pairs.filter(([actual, predicted]) => actual === c && predicted === c).length;
          const actual = pairs.filter(([a]) => a === c).length;
          const predicted = pairs.filter(([, p]) => p === c).length;
          if (actual + predicted === 0) continue;
          const [precision, recall] = [both / predicted, both / actual];
          scores.push(both === 0 ? 0 : (2 * precision * recall) / (precision + recall));
        }
        const expected = scores.reduce((sum, score) => sum + score, 0) / scores.length;
        const result = macroF1(
          pairs.map(([actual]) => actual),
          pairs.map(([, predicted]) => predicted),
          4,
        );
        expect(result).toBeCloseTo(expected, 12);
      }),
    );
  });
});
