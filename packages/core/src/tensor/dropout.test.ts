import { describe, expect, it } from "vitest";
import { keepsElement } from "../engine/kernels.ts";
import { testedEngines } from "../testing/engines.ts";
import { full, tensor } from "./create.ts";
import { dropout } from "./dropout.ts";

const size = 20_000;

for (const { engine, tolerance } of testedEngines()) {
  describe(`dropout on the ${engine.name} engine`, () => {
    it("drops the share that was asked for and keeps the mean", () => {
      for (const probability of [0.1, 0.5, 0.9]) {
        const values = dropout(full([size], 2, { engine }), probability, 7).dataSync();
        const dropped = values.filter((value) => value === 0).length / size;
        expect(Math.abs(dropped - probability)).toBeLessThan(4 * Math.sqrt((probability * (1 - probability)) / size));
        for (const value of values) {
          if (value !== 0) expect(Math.abs(value - 2 / (1 - probability))).toBeLessThan(tolerance * 20);
        }
      }
    });

    it("has a mask that follows from the seed and the position alone", () => {
      const [probability, seed] = [0.3, 12345];
      const values = dropout(full([1000], 1, { engine }), probability, seed).dataSync();
      values.forEach((value, k) => {
        expect(value > 0, `position ${k}`).toBe(keepsElement(seed, k, probability));
      });
      const other = dropout(full([1000], 1, { engine }), probability, seed + 1).dataSync();
      expect(other).not.toEqual(values);
    });

    it("is nothing for the probability 0", () => {
      const x = tensor([1, 2], [2], { engine });
      expect(dropout(x, 0, 1)).toBe(x);
    });

    it("refuses probabilities that are not from 0 up to 1", () => {
      const x = tensor([1, 2], [2], { engine });
      for (const probability of [-0.1, 1, 1.5, Number.NaN]) {
        expect(() => dropout(x, probability, 1)).toThrow(
          expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
        );
      }
    });
  });
}
