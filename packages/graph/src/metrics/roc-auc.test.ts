import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rocAuc } from "./roc-auc.ts";

/** The definition: over all pairs of a positive and a negative node. */
function overPairs(actual: readonly number[], scores: readonly number[]): number {
  const ofClass = (c: number) => scores.filter((_, i) => actual[i] === c);
  const wins = ofClass(1).flatMap((p) => ofClass(0).map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)));
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}

/** The rank sum of the positive nodes, level scores sharing the mean of their ranks. */
function byMidranks(actual: readonly number[], scores: readonly number[]): number {
  const rankOf = (score: number) =>
    scores.filter((s) => s < score).length + (scores.filter((s) => s === score).length + 1) / 2;
  const positives = scores.filter((_, i) => actual[i] === 1);
  const ranks = positives.reduce((sum, score) => sum + rankOf(score), 0);
  const smallest = (positives.length * (positives.length + 1)) / 2;
  return (ranks - smallest) / (positives.length * (scores.length - positives.length));
}

describe("rocAuc", () => {
  it("is 1 when every positive is above every negative, 0 the other way round, one half when all are level", () => {
    expect(rocAuc([0, 0, 1, 1], [-2, 1, 3, 4])).toBe(1);
    expect(rocAuc([1, 1, 0, 0], [-2, 1, 3, 4])).toBe(0);
    expect(rocAuc([1, 0, 1, 0, 0], [7, 7, 7, 7, 7])).toBe(0.5);
  });

  it("is 3/4 for the example of scikit-learn's documentation", () => {
    expect(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBe(0.75);
  });

  it("agrees with the definition over pairs and with midranks, ties and infinite scores included", () => {
    const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    const node = fc.tuple(fc.nat(1), score);
    fc.assert(
      fc.property(fc.array(node, { minLength: 1 }), (nodes) => {
        const actual = [0, 1, ...nodes.map(([label]) => label)];
        const scores = [0, -0, ...nodes.map(([, value]) => value)];
        const area = rocAuc(actual, scores);
        expect(area).toBeCloseTo(overPairs(actual, scores), 12);
        expect(area).toBeCloseTo(byMidranks(actual, scores), 12);
        expect(rocAuc(Int32Array.from(actual), Float64Array.from(scores))).toBe(area);
      }),
    );
  });

  it("looks only at the nodes that it is given", () => {
    expect(rocAuc([0, -1, 1, 0], [1, Number.NaN, 2, 3], [0, 2])).toBe(1);
  });

  it("is undefined when all nodes are of one class", () => {
    expect(rocAuc([1, 1], [0, 1])).toBeUndefined();
    expect(rocAuc([0], [0])).toBeUndefined();
  });

  it.each([
    ["no-nodes", [], []],
    ["wrong-length", [0, 1], [1]],
    ["not-finite", [0, 1], [1, Number.NaN]],
    ["label-out-of-range", [0, 1, 2], [1, 2, 3]],
    ["unlabeled-node", [0, 1, -1], [1, 2, 3]],
  ])("refuses with %s: labels %j, scores %j", (code, actual, scores) => {
    expect(() => rocAuc(actual, scores)).toThrow(expect.objectContaining({ name: "DataError", code }));
  });
});
