import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import { tensor } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { LayerNorm } from "./layer-norm.ts";

for (const { engine, tolerance } of testedEngines()) {
  describe(`layer normalization on the ${engine.name} engine`, () => {
    it("starts as the identity after normalizing: weight 1, bias 0", () => {
      const { weight, bias } = new LayerNorm(3, { engine });
      expect([Array.from(weight.dataSync()), Array.from(bias.dataSync())]).toEqual([
        [1, 1, 1],
        [0, 0, 0],
      ]);
    });

    it("gives every row the mean 0 and the variance 1, whatever its offset and scale", () => {
      const x = tensor([1, 2, 3, 6, 101, 102, 103, 106, -1, -2, -3, -6], [3, 1, 4], { engine });
      const result = new LayerNorm(4, { engine, epsilon: 0 }).forward(x);
      expect(result.shape).toEqual([3, 1, 4]);
      const row = [-2, -1, 0, 3].map((centered) => centered / Math.sqrt(3.5));
      const expected = [...row, ...row, ...row.map((value) => -value)];
      expect(largestError(result.dataSync(), expected)).toBeLessThan(10 * tolerance);
    });

    it("gives the bias for a row of equal numbers", () => {
      const norm = new LayerNorm(2, { engine });
      expect(Array.from(norm.forward(tensor([7, 7], [1, 2], { engine })).dataSync())).toEqual([0, 0]);
    });

    it("refuses another width", () => {
      expect(() => new LayerNorm(2, { engine }).forward(tensor([1, 2, 3], [1, 3], { engine }))).toThrow(
        expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
      );
    });
  });
}
