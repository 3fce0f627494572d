import { describe, expect, it } from "vitest";
import { multiTaskMetrics } from "./multi-task-metrics.ts";
import { regressionMetrics } from "./regression-metrics.ts";

const missing = Number.NaN;

describe("regressionMetrics", () => {
  it("measures errors in the unit of the target, and R² against the mean of the items", () => {
    const metrics = regressionMetrics([1, 2, 3, 6], [2, 2, 5, 6]);
    // Errors 1, 0, 2, 0; the mean is 3, and the spread 4 + 1 + 0 + 9.
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(5 / 4), 12);
    expect(metrics.mae).toBeCloseTo(3 / 4, 12);
    expect(metrics.rSquared).toBeCloseTo(1 - 5 / 14, 12);
    expect(metrics.perTarget).toHaveLength(1);
  });

  it("is negative in R² where the mean of the items does better", () => {
    expect(regressionMetrics([0, 1], [5, 5]).rSquared).toBeLessThan(0);
  });

  it("looks at what is known, target by target, and gives the mean over the targets", () => {
    const actual = [1, missing, 3, 10, missing, missing];
    const predicted = [2, missing, 3, 13, 99, missing];
    const { perTarget, rmse, mae, rSquared } = regressionMetrics(actual, predicted, { targets: 2 });
    expect(perTarget.map(({ known }) => known)).toEqual([2, 1]);
    expect(perTarget[0]).toMatchObject({ rmse: Math.sqrt(1 / 2), mae: 0.5, rSquared: 1 - 1 / 2 });
    expect(perTarget[1]).toEqual({ known: 1, rmse: 3, mae: 3, rSquared: undefined });
    expect(rmse).toBeCloseTo((Math.sqrt(0.5) + 3) / 2, 12);
    expect(mae).toBeCloseTo((0.5 + 3) / 2, 12);
    expect(rSquared).toBe(0.5);
  });

  it("looks at the items named alone", () => {
    expect(regressionMetrics([1, 2, 3], [1, 9, 4], { items: [0, 2] })).toMatchObject({ mae: 0.5 });
  });

  it("has nothing to say where nothing is known", () => {
    const nothing = { rmse: undefined, mae: undefined, rSquared: undefined };
    expect(regressionMetrics([missing], [1])).toEqual({ ...nothing, perTarget: [{ known: 0, ...nothing }] });
  });
});

describe("multiTaskMetrics", () => {
  it("gives accuracy and area, target by target and in the mean", () => {
    const actual = [1, 0, 0, 1, 1, missing, 0, 0];
    const probabilities = [0.9, 0.6, 0.2, 0.7, 0.4, 0.1, 0.5, 0.1];
    const metrics = multiTaskMetrics(actual, probabilities, { targets: 2 });
    // The first: 0.9 and 0.4 above 0.2 and 0.5 in 3 of 4 pairs; 0.4 and 0.5 are on the wrong side.
    expect(metrics.perTarget[0]).toEqual({ known: 4, positives: 2, accuracy: 0.5, rocAuc: 0.75 });
    expect(metrics.perTarget[1]).toEqual({ known: 3, positives: 1, accuracy: 2 / 3, rocAuc: 1 });
    expect(metrics.accuracy).toBeCloseTo((0.5 + 2 / 3) / 2, 12);
    expect(metrics.rocAuc).toBe(0.875);
    expect(metrics.withoutRocAuc).toEqual([]);
  });

  it("leaves targets of one class out of the mean area, and says so", () => {
    const metrics = multiTaskMetrics([1, 1, missing, 0, 1, missing], [0.9, 0.5, 0.5, 0.2, 0.5, 0.5], { targets: 3 });
    expect(metrics.rocAuc).toBe(1);
    expect(metrics.withoutRocAuc).toEqual([1, 2]);
    expect(metrics.perTarget[1]).toMatchObject({ known: 2, accuracy: 1, rocAuc: undefined });
    expect(metrics.perTarget[2]).toEqual({ known: 0, positives: 0, accuracy: undefined, rocAuc: undefined });
  });

  it("looks at the items named alone", () => {
    expect(multiTaskMetrics([1, 0, 0], [0.9, 0.8, 0.1], { items: [0, 2] }).accuracy).toBe(1);
  });
});

describe.each([
  ["regressionMetrics", regressionMetrics],
  ["multiTaskMetrics", multiTaskMetrics],
] as const)("%s refuses", (_name, metrics) => {
  it.each<[string, string, () => unknown]>([
    ["other counts of answers", "wrong-length", () => metrics([1, 0], [1])],
    ["parts of rows", "wrong-length", () => metrics([1, 0, 1], [1, 1, 1], { targets: 2 })],
    ["an item that is not there", "index-out-of-range", () => metrics([1], [1], { items: [1] })],
    ["an answer that is NaN", "not-finite", () => metrics([1], [missing])],
  ])("%s", (_what, code, call) => {
    expect(call).toThrow(expect.objectContaining({ name: "DataError", code }));
  });
});

it("multiTaskMetrics refuses a label that is neither 0 nor 1", () => {
  expect(() => multiTaskMetrics([2], [0.5])).toThrow(expect.objectContaining({ code: "label-out-of-range" }));
});
