import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision } from "./average-precision.ts";

/** The definition: for each threshold the gain in recall times the precision. */
function overThresholds(actual: readonly number[], scores: readonly number[]): number {
  const positives = actual.filter((label) => label === 1).length;
  const thresholds = [...new Set(scores.map((score) => score + 0))].sort((a, b) => b - a);
  let total = 0;
  let recall = 0;
  for (const threshold of thresholds) {
    const taken = actual.filter((_, i) => scores[i]! >= threshold);
    const found = taken.filter((label) => label === 1).length;
    total += (found / positives - recall) * (found / taken.length);
    recall = found / positives;
  }
  return total;
}

describe("averagePrecision", () => {
  it("is 5/6 for the example of scikit-learn's documentation", () => {
    expect(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBeCloseTo(5 / 6, 15);
  });

  it("is 1 when all positives come first", () => {
    expect(averagePrecision([0, 1, 0, 1], [1, 3, 2, 4])).toBe(1);
  });

  it("takes equals at once: by hand, a positive and a negative level at the top, a positive below", () => {
    // Threshold 2: recall 1/2, precision 1/2. Threshold 1: recall 1, precision 2/3.
    expect(averagePrecision([1, 0, 1], [2, 2, 1])).toBeCloseTo(0.5 * 0.5 + 0.5 * (2 / 3), 15);
  });

  it("is the share of positives when all are level", () => {
    expect(averagePrecision([1, 0, 0, 0, 1], [7, 7, 7, 7, 7])).toBe(0.4);
  });

  it("agrees with the definition over thresholds, ties and infinite scores included", () => {
    const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), score)), (items) => {
        const actual = [1, ...items.map(([label]) => label)];
        const scores = [0, ...items.map(([, value]) => value)];
        expect(averagePrecision(actual, scores)).toBeCloseTo(overThresholds(actual, scores), 12);
      }),
    );
  });

  it("looks only at the items that it is given, and leaves the scores as they are", () => {
    const scores = Float64Array.of(1, Number.NaN, 2, 3);
    expect(averagePrecision([0, -1, 1, 0], scores, [0, 2])).toBe(1);
    expect([...scores]).toEqual([1, Number.NaN, 2, 3]);
  });

  it("is undefined without a positive", () => {
    expect(averagePrecision([0, 0], [1, 2])).toBeUndefined();
  });

  it.each([
    ["no-nodes", [], []],
    ["wrong-length", [0, 1], [1]],
    ["not-finite", [0, 1], [1, Number.NaN]],
    ["label-out-of-range", [0, 1, 2], [1, 2, 3]],
    ["unlabeled-node", [0, 1, -1], [1, 2, 3]],
  ])("refuses with %s: labels %j, scores %j", (code, actual, scores) => {
    expect(() => averagePrecision(actual, scores)).toThrow(expect.objectContaining({ name: "DataError", code }));
  });
});
