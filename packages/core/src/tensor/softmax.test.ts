import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import type { Draw } from "../engine/conformance/draw.ts";
import { drawNumbers, drawShape, leafOf } from "../testing/draw-tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { tensor } from "./create.ts";
import { logSoftmax, softmax } from "./softmax.ts";

for (const { engine, tolerance } of testedEngines()) {
  describe(`softmax on the ${engine.name} engine`, () => {
    it("is e^x over the sum of e^x along the last dimension, and logSoftmax its logarithm", () => {
      fc.assert(
        fc.property(fc.gen(), (generate) => {
          const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
          const width = draw.integer(1, 20);
          const x = drawNumbers(draw, [...drawShape(draw, 0, 2), width], -5, 5);
          const expected = new Float64Array(x.values.length);
          for (let start = 0; start < expected.length; start += width) {
            const total = x.values.slice(start, start + width).reduce((sum, value) => sum + Math.exp(value), 0);
            for (let i = start; i < start + width; i++) expected[i] = Math.exp(x.values[i]!) / total;
          }
          const leaf = leafOf(x, engine);
          expect(softmax(leaf).shape).toEqual(x.shape);
          expect(largestError(softmax(leaf).dataSync(), expected)).toBeLessThan(tolerance);
          expect(largestError(logSoftmax(leaf).dataSync(), expected.map(Math.log))).toBeLessThan(tolerance);
        }),
      );
    });

    it("does not overflow", () => {
      const x = tensor([1e4, 0, -1e4, 1e4], [2, 2], { engine });
      expect(Array.from(logSoftmax(x).dataSync())).toEqual([0, -1e4, -2e4, 0]);
      expect(Array.from(softmax(x).dataSync())).toEqual([1, 0, 0, 1]);
    });

    it("refuses a single number", () => {
      const x = tensor([1], [], { engine });
      expect(() => softmax(x)).toThrow(expect.objectContaining({ name: "ShapeError", code: "no-such-axis" }));
    });
  });
}
