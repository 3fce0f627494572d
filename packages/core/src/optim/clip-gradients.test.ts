import { describe, expect, it } from "vitest";
import { parameter, tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { clipGradients } from "./clip-gradients.ts";

for (const { engine } of testedEngines()) {
  const withGradient = (values: readonly number[] | undefined): Tensor => {
    const p = parameter([0, 0], [2], { engine });
    if (values !== undefined) p.grad = tensor(values, [2], { engine });
    return p;
  };
  const gradientOf = ({ grad }: Tensor): number[] => Array.from(grad!.dataSync());

  describe(`clipping gradients on the ${engine.name} engine`, () => {
    it("scales all gradients as one vector down to the maximum, and returns the norm that it had", () => {
      const parameters = [withGradient([2, 4]), withGradient(undefined), withGradient([4, 0])];
      expect(clipGradients(parameters, { maximumNorm: 1.5 })).toBeCloseTo(6, 6);
      const clipped = parameters.map((p) => (p.grad === undefined ? undefined : gradientOf(p)));
      expect(clipped).toEqual([[expect.closeTo(0.5, 6), expect.closeTo(1, 6)], undefined, [expect.closeTo(1, 6), 0]]);
    });

    it("leaves gradients that are not longer than the maximum as they are", () => {
      const p = withGradient([3, 4]);
      expect(clipGradients([p], { maximumNorm: 5.1 })).toBeCloseTo(5, 6);
      expect(gradientOf(p)).toEqual([3, 4]);
      expect(clipGradients([p], { maximumNorm: Number.POSITIVE_INFINITY })).toBeCloseTo(5, 6);
      expect(gradientOf(p)).toEqual([3, 4]);
    });

    it("returns 0 where there are no gradients", () => {
      expect(clipGradients([withGradient(undefined)], { maximumNorm: 1 })).toBe(0);
      expect(clipGradients([], { maximumNorm: 1 })).toBe(0);
    });

    it("returns a norm that is not a number, and keeps the gradients from looking like ones", () => {
      const p = withGradient([Number.NaN, 1]);
      expect(clipGradients([p], { maximumNorm: 1 })).toBeNaN();
      expect(gradientOf(p)).toEqual([Number.NaN, Number.NaN]);
    });

    it("holds no memory", () => {
      const p = withGradient([3, 4]);
      const { buffers } = engine.memory();
      clipGradients([p], { maximumNorm: 1 });
      expect(engine.memory().buffers).toBe(buffers);
    });

    it("refuses a maximum that is no positive number, and options that it does not know", () => {
      for (const maximumNorm of [0, -1, Number.NaN]) {
        expect(() => clipGradients([], { maximumNorm })).toThrow(
          expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
        );
      }
      const misspelt = Object.assign({ maximumNorm: 1 }, { norm: 2 });
      expect(() => clipGradients([], misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    });
  });
}
