import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { backward } from "../../tensor/backward.ts";
import { testedEngines } from "../../testing/engines.ts";
import { drawLogitRows, logitLeaf, oneRow, weightsByRow } from "../../testing/logit-rows.ts";
import { softmaxNormalizer } from "./softmax.ts";

for (const { engine, tolerance } of testedEngines()) {
  describe(`softmaxNormalizer on the ${engine.name} engine`, () => {
    it("is exp(l / T) over its sum in the row", () => {
      fc.assert(
        fc.property(fc.gen(), fc.constantFrom(0.5, 1, 4), (generate, temperature) => {
          const rows = drawLogitRows({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) }, 5);
          const expected = weightsByRow(rows, (logits) => {
            const powers = Matrix.columnVector([...logits])
              .div(temperature)
              .exp();
            return powers.div(powers.sum()).to1DArray();
          });
          const weights = softmaxNormalizer({ temperature }).normalize(logitLeaf(rows, engine), rows);
          expect(largestError(weights.dataSync(), expected)).toBeLessThan(tolerance);
        }),
      );
    });

    it("takes logits of 1e4 and -1e4, and rows that are masked in part or whole", () => {
      const inf = Number.POSITIVE_INFINITY;
      const rows = { ...oneRow(1e4, -1e4, 1e4, -inf, -1e4, -inf, -inf, -inf), offsets: Uint32Array.of(0, 4, 6, 8) };
      const logits = logitLeaf(rows, engine);
      const weights = softmaxNormalizer().normalize(logits, rows);
      expect(Array.from(weights.dataSync())).toEqual([0.5, 0, 0.5, 0, 1, 0, 0, 0]);
      backward(unevenSum(weights));
      const gradient = Array.from(logits.grad!.dataSync(), (slope) => slope + 0);
      expect([gradient[1], ...gradient.slice(3)]).toEqual([0, 0, 0, 0, 0, 0]);
      expect(gradient[0]).toBeCloseTo(-gradient[2]!, 6);
    });
  });
}

describe("softmaxNormalizer", () => {
  it("has the gradients of finite differences", () => {
    const rows = { ...oneRow(1, -0.5, 0.25, 2, 3), offsets: Uint32Array.of(0, 3, 3, 5) };
    const logits = logitLeaf(rows, createReferenceEngine());
    const loss = () => unevenSum(softmaxNormalizer({ temperature: 0.7 }).normalize(logits, rows));
    expect(checkGradients(loss, { logits })["logits"]!.relativeError).toBeLessThan(1e-6);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the temperature %d", (temperature) => {
    expect(() => softmaxNormalizer({ temperature })).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });

  it("refuses options that it does not know", () => {
    const misspelt = { temperature: 2, temprature: 2 };
    expect(() => softmaxNormalizer(misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
