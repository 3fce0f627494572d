import { Random } from "@vicinal/core";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { multiLabelMetrics } from "./multi-label-metrics.ts";

/** Five nodes, three labels. */
const actual = [1, 0, 0, /**/ 1, 1, 0, /**/ 0, 1, 0, /**/ 0, 0, 0, /**/ 1, 0, 0];
const scores = [0.9, 0.2, 0.1, /**/ 0.4, 0.8, 0.3, /**/ 0.6, 0.5, 0.1, /**/ 0.1, 0.1, 0.2, /**/ 0.7, 0.7, 0.1];

describe("multiLabelMetrics", () => {
  it("counts by hand: a probability from 0.5 on says that a node carries a label", () => {
    const { nodes, microF1, macroF1, rocAuc, exactMatch, perLabel } = multiLabelMetrics(actual, scores, { labels: 3 });
    expect(nodes).toBe(5);
    // Label 0: carried by 3, said of 3, both of 2. Label 1: 2, 3, 2.
    expect(perLabel.map(({ positives, predicted, f1 }) => [positives, predicted, f1])).toEqual([
      [3, 3, 4 / 6],
      [2, 3, 4 / 5],
      [0, 0, undefined],
    ]);
    expect(microF1).toBeCloseTo(8 / 11, 12);
    expect(macroF1).toBeCloseTo((4 / 6 + 4 / 5) / 2, 12);
    // Pairs of a carrier and another: of label 0 five of six in order, of label 1 one in six out of order.
    expect(perLabel[0]?.rocAuc).toBeCloseTo(5 / 6, 12);
    expect(perLabel[1]?.rocAuc).toBeCloseTo(5 / 6, 12);
    expect(perLabel[2]?.rocAuc).toBeUndefined();
    expect(rocAuc).toBeCloseTo(5 / 6, 12);
    expect(exactMatch).toBe(2 / 5);
  });

  it("takes a threshold for each label, and looks at some nodes alone", () => {
    const some = multiLabelMetrics(actual, scores, { labels: 3, thresholds: [0.35, 0.75, 0.05], nodes: [0, 1, 4] });
    expect(some.perLabel.map(({ positives, predicted }) => [positives, predicted])).toEqual([
      [3, 3],
      [1, 1],
      [0, 3],
    ]);
    expect(some.perLabel.map(({ f1 }) => f1)).toEqual([1, 1, 0]);
    expect([some.nodes, some.exactMatch]).toEqual([3, 0]);
  });

  it("agrees with precision and recall of matrices", () => {
    const random = new Random(1);
    const table = (share: number) => Array.from({ length: 40 * 4 }, () => (random.uniform() < share ? 1 : 0));
    const [truth, said] = [table(0.4), table(0.5)];
    const a = Matrix.from1DArray(40, 4, truth);
    const p = Matrix.from1DArray(40, 4, said);
    const both = Matrix.mul(a, p);
    const f1 = (right: number, positives: number, predicted: number): number => {
      const [precision, recall] = [right / predicted, right / positives];
      return (2 * precision * recall) / (precision + recall);
    };
    const got = multiLabelMetrics(truth, said, { labels: 4 });
    expect(got.microF1).toBeCloseTo(f1(both.sum(), a.sum(), p.sum()), 12);
    const perLabel = [0, 1, 2, 3].map((label) =>
      f1(both.sum("column")[label]!, a.sum("column")[label]!, p.sum("column")[label]!),
    );
    expect(got.macroF1).toBeCloseTo(perLabel.reduce((total, value) => total + value, 0) / 4, 12);
  });

  it("is 0 where nothing is carried and nothing is said to be", () => {
    const got = multiLabelMetrics([0, 0], [0.1, 0.2], { labels: 2 });
    expect([got.microF1, got.macroF1, got.rocAuc, got.exactMatch]).toEqual([0, 0, undefined, 1]);
  });

  it("refuses tables of different sizes, and nodes that are not there", () => {
    expect(() => multiLabelMetrics([1, 0], [1], { labels: 2 })).toThrow(
      expect.objectContaining({ code: "wrong-length" }),
    );
    expect(() => multiLabelMetrics([1, 0], [1, 0], { labels: 2, nodes: [1] })).toThrow(
      expect.objectContaining({ code: "index-out-of-range" }),
    );
  });
});
