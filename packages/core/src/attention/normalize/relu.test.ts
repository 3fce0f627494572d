import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { backward } from "../../tensor/backward.ts";
import { testedEngines } from "../../testing/engines.ts";
import { drawLogitRows, logitLeaf, oneRow, weightsByRow } from "../../testing/logit-rows.ts";
import { reluNormalizer } from "./relu.ts";

for (const { engine, tolerance } of testedEngines()) {
  describe(`reluNormalizer on the ${engine.name} engine`, () => {
    it("is max(l, 0) over its sum in the row", () => {
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          const rows = drawLogitRows({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
          const expected = weightsByRow(rows, (logits) => {
            const positive = Matrix.columnVector(logits.map((logit) => Math.max(logit, 0)));
            const total = positive.sum();
            return total === 0 ? logits.map(() => 0) : positive.div(total).to1DArray();
          });
          const weights = reluNormalizer().normalize(logitLeaf(rows, engine), rows);
          expect(largestError(weights.dataSync(), expected)).toBeLessThan(tolerance);
        }),
      );
    });

    it("gives zeros, and no gradient, where no logit is positive", () => {
      const rows = oneRow(0, -1, -1e4, Number.NEGATIVE_INFINITY);
      const logits = logitLeaf(rows, engine);
      const weights = reluNormalizer().normalize(logits, rows);
      backward(unevenSum(weights));
      expect(Array.from(weights.dataSync())).toEqual([0, 0, 0, 0]);
      expect(Array.from(logits.grad!.dataSync(), (slope) => slope + 0)).toEqual([0, 0, 0, 0]);
    });

    it("does not lose sums whose square float32 does not hold", () => {
      for (const scale of [1e-25, 1e25]) {
        const rows = oneRow(scale, 3 * scale);
        const logits = logitLeaf(rows, engine);
        const weights = reluNormalizer().normalize(logits, rows);
        backward(unevenSum(weights));
        expect(weights.dataSync()[1]).toBeCloseTo(0.75, 6);
        // The weights change by (3, -1) / 16 and by (-3, 1) / 16 for each `scale` of the first.
        expect(logits.grad!.dataSync()[0]! * scale).toBeCloseTo((3 / 16) * (Math.sin(1) - Math.sin(2.7)), 6);
      }
    });
  });
}

describe("reluNormalizer", () => {
  it("has the gradients of finite differences", () => {
    const rows = { ...oneRow(1, -0.5, 0.25, 2, 3, -1, -2), offsets: Uint32Array.of(0, 3, 3, 5, 7) };
    const logits = logitLeaf(rows, createReferenceEngine());
    const loss = () => unevenSum(reluNormalizer().normalize(logits, rows));
    expect(checkGradients(loss, { logits })["logits"]!.relativeError).toBeLessThan(1e-6);
  });
});
