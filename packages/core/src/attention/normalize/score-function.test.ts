import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { backward } from "../../tensor/backward.ts";
import { parameter, tensor } from "../../tensor/create.ts";
import { gatherRows } from "../../tensor/rows.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { hard } from "./hard.ts";
import { MovingBaseline, scoreFunctionLoss } from "./score-function.ts";

const engine = createReferenceEngine();
const normalizer = hard({ estimator: "score-function" });

function softmax(logits: Matrix): Matrix {
  const powers = Matrix.exp(logits);
  return powers.div(powers.sum());
}

/** One gradient of `logits`, `[positions, heads]`, for each seed: that of `times` rows of these logits, each with the cost of what it drew. */
function gradients(
  logits: Matrix,
  seeds: number,
  times: number,
  costs: (drawn: Matrix, logProbability: Tensor) => Tensor,
): Matrix {
  const { rows: positions, columns: heads } = logits;
  const index = Uint32Array.from({ length: positions * times }, (_, p) => p % positions);
  const rows = { offsets: Uint32Array.from({ length: times + 1 }, (_, i) => i * positions) };
  const leaf = parameter(logits.to1DArray(), [positions, heads], { engine });
  return new Matrix(
    Array.from({ length: seeds }, (_, seed) => {
      leaf.grad = undefined;
      scope(() => {
        const many = gatherRows(leaf, index);
        const weights = normalizer.normalize(many, rows, seed);
        backward(costs(weights.toMatrix(), normalizer.logProbability(many, weights, rows)));
      });
      return Array.from(leaf.grad!.dataSync());
    }),
  );
}

/** Means of columns, and how far each may be from the truth: four and a half standard deviations. */
function estimate(samples: Matrix): { mean: number[]; bound: number[] } {
  const deviation = samples.standardDeviation("column");
  return { mean: samples.mean("column"), bound: deviation.map((d) => (4.5 * d) / Math.sqrt(samples.rows)) };
}

describe("scoreFunctionLoss: on average the gradient of the expected cost", () => {
  const logits = Matrix.columnVector([0.5, -0.5, 1]);
  const cost = [4, 1, 2];
  const probability = softmax(logits).to1DArray();
  const expectedCost = probability.reduce((sum, p, j) => sum + p * cost[j]!, 0);
  // d/dl_j of the sum over k of p_k c_k.
  const exact = probability.map((p, j) => p * (cost[j]! - expectedCost));

  const costOfRow = (drawn: Matrix, i: number): number =>
    cost.reduce((sum, c, j) => sum + c * drawn.get(3 * i + j, 0), 0);
  const ofRows = (baseline: number) =>
    gradients(logits, 200, 50, (drawn, logProbability) =>
      scoreFunctionLoss(
        logProbability,
        Array.from({ length: 50 }, (_, i) => costOfRow(drawn, i)),
        { baseline },
      ),
    );

  it("for one cost a row, whatever the baseline", () => {
    for (const baseline of [0, expectedCost, -4]) {
      const { mean, bound } = estimate(ofRows(baseline));
      exact.forEach((slope, j) => {
        expect(Math.abs(mean[j]! - slope)).toBeLessThan(bound[j]!);
        expect(bound[j]).toBeLessThan(baseline === -4 ? 0.2 : 0.1);
      });
      expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(0.2);
    }
  });

  it("with far less noise for a baseline near the usual cost", () => {
    const noise = (baseline: number): number => estimate(ofRows(baseline)).bound.reduce((sum, b) => sum + b ** 2, 0);
    expect(noise(expectedCost)).toBeLessThan(noise(0) / 3);
  });

  it("for one cost of several heads that drew together", () => {
    // The cost is 1 where both heads chose the same of two.
    const both = new Matrix([
      [1, -0.5],
      [0, 0.3],
    ]);
    const [a, b] = [0, 1].map((h) => softmax(both.getColumnVector(h)).get(0, 0));
    // P(equal) = a b + (1 - a)(1 - b); a' = a (1 - a) for the first logit of a head, and its negative for the second.
    const slopes = [a! * (1 - a!) * (2 * b! - 1), b! * (1 - b!) * (2 * a! - 1)];
    const samples = gradients(both, 200, 50, (drawn, logProbability) =>
      scoreFunctionLoss(
        logProbability,
        Array.from({ length: 50 }, (_, i) => Number(drawn.get(2 * i, 0) === drawn.get(2 * i, 1))),
        { baseline: 0.5 },
      ),
    );
    const { mean, bound } = estimate(samples);
    [slopes[0]!, slopes[1]!, -slopes[0]!, -slopes[1]!].forEach((slope, k) => {
      expect(Math.abs(mean[k]! - slope)).toBeLessThan(bound[k]!);
      expect(bound[k]).toBeLessThan(0.03);
    });
  });

  it("for one cost of everything that was drawn", () => {
    // The cost is how many of two rows drew the first position.
    const two = Matrix.columnVector([0.4, -0.2]);
    const p = softmax(two).get(0, 0);
    const samples = gradients(two, 3000, 2, (drawn, logProbability) =>
      scoreFunctionLoss(logProbability, drawn.get(0, 0) + drawn.get(2, 0), { baseline: 1 }),
    );
    const { mean, bound } = estimate(samples);
    [2 * p * (1 - p), -2 * p * (1 - p)].forEach((slope, k) => {
      expect(Math.abs(mean[k]! - slope)).toBeLessThan(bound[k]!);
      expect(bound[k]).toBeLessThan(0.1);
    });
  });
});

describe("scoreFunctionLoss", () => {
  const logProbability = tensor([-1, -2, -3, -4], [2, 2], { engine });

  it("is the mean of (cost - baseline) * log p", () => {
    const cost = tensor([5, 6, 7, 8], [2, 2], { engine });
    const expected = (4 * -1 + 5 * -2 + 6 * -3 + 7 * -4) / 4;
    expect(scoreFunctionLoss(logProbability, cost, { baseline: 1 }).item()).toBeCloseTo(expected, 12);
  });

  it("adds the logarithms of the draws that share a cost", () => {
    expect(scoreFunctionLoss(logProbability, [5, 6]).item()).toBeCloseTo((5 * -3 + 6 * -7) / 2, 12);
    expect(scoreFunctionLoss(logProbability, 2, { baseline: 0.5 }).item()).toBeCloseTo(1.5 * -10, 12);
    expect(scoreFunctionLoss(tensor([], [0, 2], { engine }), []).item()).toBeCloseTo(0, 12);
  });

  it("takes costs for constants", () => {
    const cost = parameter([5, 6], [2], { engine });
    const leaf = parameter([-1, -2], [2, 1], { engine });
    backward(scoreFunctionLoss(leaf, cost));
    expect(cost.grad).toBeUndefined();
    expect(Array.from(leaf.grad!.dataSync())).toEqual([2.5, 3]);
  });

  it("refuses costs of another shape, and options that it does not know", () => {
    const shapes = expect.objectContaining({ name: "ShapeError", code: "shapes-differ" });
    expect(() => scoreFunctionLoss(logProbability, [1, 2, 3])).toThrow(shapes);
    expect(() => scoreFunctionLoss(logProbability, tensor([1, 2], [2, 1], { engine }))).toThrow(shapes);
    expect(() => scoreFunctionLoss(logProbability, tensor([1, 2], [1, 2, 1], { engine }))).toThrow(shapes);
    const misspelt = { baseline: 1, base: 1 };
    expect(() => scoreFunctionLoss(logProbability, 1, misspelt)).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});

describe("MovingBaseline", () => {
  it("starts with the first cost and moves by a share of the difference", () => {
    const baseline = new MovingBaseline({ decay: 0.75 });
    expect(baseline.value).toBe(0);
    baseline.add(4);
    expect(baseline.value).toBe(4);
    baseline.add([6, 10]);
    expect(baseline.value).toBe(5);
    baseline.add(Float32Array.of(1));
    expect(baseline.value).toBe(4);
    expect(new MovingBaseline().decay).toBe(0.9);
  });

  it("refuses costs that are not finite, none at all, and a decay that does not forget", () => {
    const baseline = new MovingBaseline();
    const notFinite = expect.objectContaining({ name: "DataError", code: "not-finite" });
    for (const cost of [Number.NaN, Number.POSITIVE_INFINITY, [], [1, Number.NaN]]) {
      expect(() => baseline.add(cost)).toThrow(notFinite);
    }
    expect(baseline.value).toBe(0);
    for (const decay of [1, -0.1, Number.NaN]) {
      expect(() => new MovingBaseline({ decay })).toThrow(expect.objectContaining({ code: "out-of-range" }));
    }
    const misspelt = { decay: 0.5, rate: 0.5 };
    expect(() => new MovingBaseline(misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
