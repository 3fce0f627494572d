import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { testedEngines } from "../../testing/engines.ts";
import { drawLogitRows, type LogitRows, logitLeaf, oneRow, weightsByRow } from "../../testing/logit-rows.ts";
import { entmax15, sparsemax } from "./entmax.ts";

/** Sparsemax by sorting: Martins and Astudillo (2016), algorithm 1. */
function sparsemaxBySorting(logits: readonly number[]): number[] {
  const descending = logits.toSorted((a, b) => b - a);
  let [sum, tau] = [0, 0];
  descending.forEach((logit, k) => {
    sum += logit;
    if (1 + (k + 1) * logit > sum) tau = (sum - 1) / (k + 1);
  });
  return logits.map((logit) => Math.max(logit - tau, 0));
}

/** Entmax-1.5 by halving the interval that holds tau: Peters, Niculae and Martins (2019), algorithm 1. */
function entmax15ByBisection(logits: readonly number[]): number[] {
  const halves = Matrix.columnVector([...logits]).div(2);
  const weights = (tau: number): Matrix =>
    Matrix.sub(halves, tau).apply(function positive(this: Matrix, i, j) {
      this.set(i, j, Math.max(this.get(i, j), 0) ** 2);
    });
  let [low, high] = [halves.max() - 1, halves.max()];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (weights(middle).sum() > 1) low = middle;
    else high = middle;
  }
  return weights(high).to1DArray();
}

const normalizers = [
  { name: "sparsemax", normalizer: sparsemax(), formula: sparsemaxBySorting },
  { name: "entmax15", normalizer: entmax15(), formula: entmax15ByBisection },
];

for (const { engine, tolerance } of testedEngines()) {
  describe(`sparse normalizers on the ${engine.name} engine`, () => {
    const weightsOf = (normalizer: (typeof normalizers)[number]["normalizer"], rows: LogitRows): number[] =>
      Array.from(normalizer.normalize(logitLeaf(rows, engine), rows).dataSync());

    for (const { name, normalizer, formula } of normalizers) {
      it(`${name} agrees with another algorithm`, () => {
        fc.assert(
          fc.property(fc.gen(), (generate) => {
            const rows = drawLogitRows({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
            // Logits of 1e4 have, in the formula, thresholds that float64 holds to 1e-12 only.
            expect(largestError(weightsOf(normalizer, rows), weightsByRow(rows, formula))).toBeLessThan(
              Math.max(tolerance, 1e-11),
            );
          }),
        );
      });

      it(`${name} of a long row sums to 1, whether its logits are equal, close or far apart`, () => {
        const length = 50_000;
        const random = new Random(3);
        for (const spread of [0, 1e-7, 1e-4, 1, 100]) {
          const logits = Float32Array.from({ length }, () => random.normal(0, spread));
          const weights = weightsOf(normalizer, oneRow(...logits));
          expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(tolerance / 5);
          if (spread === 0) expect(Math.max(...weights) * length).toBeCloseTo(1, 5);
        }
      });

      it(`${name} of one logit ahead of many equal ones, near to where those get nothing, sums to 1`, () => {
        const equal = new Array<number>(5000).fill(0);
        for (const ahead of [0.9999, 0.99999, 1, 1.00001, 1.98, 1.999, 2, 2.0001]) {
          const row = oneRow(Math.fround(ahead), ...equal);
          const weights = weightsOf(normalizer, row);
          expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(
            Math.max(tolerance, 1e-11),
          );
          expect(largestError(weights, weightsByRow(row, formula))).toBeLessThan(Math.max(tolerance, 1e-11));
        }
      });

      it(`${name} gives equal logits equal weights, and a single one all`, () => {
        expect(weightsOf(normalizer, oneRow(-3))).toEqual([1]);
        for (const weight of weightsOf(normalizer, oneRow(7, 7, 7, 7))) expect(weight).toBeCloseTo(0.25, 6);
      });
    }

    it("sparsemax is exactly 0 from 1 below the largest on; entmax15 from 2", () => {
      const exact = (weights: number[]) => weights.map((weight) => weight + 0);
      expect(exact(weightsOf(sparsemax(), oneRow(1.25, 0.25)))).toEqual([1, 0]);
      expect(exact(weightsOf(entmax15(), oneRow(2.25, 0.25)))).toEqual([1, 0]);
      expect(weightsOf(sparsemax(), oneRow(1.25, 0.26))[1]).toBeGreaterThan(0);
      expect(weightsOf(entmax15(), oneRow(2.25, 0.35))[1]).toBeGreaterThan(0);
    });

    it("works out by hand", () => {
      // Two above the threshold 0.25 of three; and 0.8^2 + 0.6^2 = 1.
      const two = weightsOf(sparsemax(), oneRow(1, 0.5, -1));
      [0.75, 0.25, 0].forEach((weight, k) => {
        expect(two[k]).toBeCloseTo(weight, 6);
      });
      const entmax = weightsOf(entmax15(), oneRow(1.6, 1.2, -0.5));
      [0.64, 0.36, 0].forEach((weight, k) => {
        expect(entmax[k]).toBeCloseTo(weight, 6);
      });
    });

    it("sparsemax leaves a smaller share of neighbors than entmax15", () => {
      const random = new Random(5);
      const row = oneRow(...Float32Array.from({ length: 200 }, () => random.normal()));
      const [sparser, denser] = [sparsemax(), entmax15()].map(
        (normalizer) => weightsOf(normalizer, row).filter((weight) => weight > 0).length,
      );
      expect(sparser).toBeGreaterThan(1);
      expect(denser).toBeGreaterThan(sparser!);
      expect(denser).toBeLessThan(200);
    });
  });
}

describe("sparse normalizers: gradients", () => {
  // Away from kinks: no logit is near its row's threshold, which moves by less than the steps of the differences.
  const rows: LogitRows = {
    logits: new Matrix([
      [1.2, 0.3],
      [0.9, 0.1],
      [-0.6, -0.2],
      [0.85, 2.5],
      [0.4, 0.4],
      [-3, 0.2],
      [0.1, -3],
    ]),
    offsets: Uint32Array.of(0, 4, 4, 5, 7),
  };

  for (const { name, normalizer, formula } of normalizers) {
    it(`${name} agrees with finite differences, on rows with and without zeros`, () => {
      const weights = weightsByRow(rows, formula);
      expect(weights.filter((weight) => weight === 0).length).toBeGreaterThan(0);
      for (const weight of weights) if (weight > 0) expect(weight).toBeGreaterThan(1e-2 ** 2);
      const logits = logitLeaf(rows, createReferenceEngine());
      const loss = () => unevenSum(normalizer.normalize(logits, rows));
      expect(checkGradients(loss, { logits })["logits"]!.relativeError).toBeLessThan(1e-6);
    });
  }
});
