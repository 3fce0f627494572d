import { describe, expect, it } from "vitest";
import { Random } from "../random.ts";
import { full } from "../tensor/create.ts";
import { testedEngines } from "../testing/engines.ts";
import { Dropout } from "./dropout-layer.ts";

for (const { engine } of testedEngines()) {
  describe(`the dropout layer on the ${engine.name} engine`, () => {
    const x = full([1000], 3, { engine });

    it("is nothing without training, and with the probability 0", () => {
      expect(new Dropout(0.5).forward(x)).toBe(x);
      expect(new Dropout(0).forward(x, { training: { random: new Random(1) } })).toBe(x);
    });

    it("zeroes a share of the elements and scales the others, so that the mean stays", () => {
      const values = new Dropout(0.25).forward(x, { training: { random: new Random(1) } }).dataSync();
      expect(new Set(values)).toEqual(new Set([0, 4]));
      const dropped = values.filter((value) => value === 0).length;
      expect(Math.abs(dropped - 250)).toBeLessThan(4 * Math.sqrt(1000 * 0.25 * 0.75));
    });

    it("drops others each time it is used", () => {
      const training = { random: new Random(1) };
      const layer = new Dropout(0.5);
      expect(layer.forward(x, { training }).dataSync()).not.toEqual(layer.forward(x, { training }).dataSync());
    });
  });
}

it("the dropout layer refuses a probability of 1", () => {
  expect(() => new Dropout(1)).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
});
