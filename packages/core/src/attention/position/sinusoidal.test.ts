import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { testedEngines } from "../../testing/engines.ts";
import { sinusoidal } from "./sinusoidal.ts";

/** Vaswani et al., 2017, section 3.5, with `d_model` = width. */
function published(positions: readonly number[], width: number, base = 10000): Matrix {
  const result = Matrix.zeros(positions.length, width);
  positions.forEach((position, row) => {
    for (let i = 0; 2 * i < width; i++) {
      const angle = position / base ** ((2 * i) / width);
      result.set(row, 2 * i, Math.sin(angle));
      if (2 * i + 1 < width) result.set(row, 2 * i + 1, Math.cos(angle));
    }
  });
  return result;
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`sinusoidal positions on the ${engine.name} engine`, () => {
    for (const width of [1, 2, 6, 7]) {
      it(`are the published formula, of width ${width}`, () => {
        const result = sinusoidal(40, width, { engine });
        expect(result.shape).toEqual([40, width]);
        const expected = published([...Array(40).keys()], width).to1DArray();
        expect(largestError(result.dataSync(), expected)).toBeLessThan(tolerance);
      });
    }

    it("take any positions and another base", () => {
      const positions = [5, 0, 5, 2.5, -3, 100_000];
      const result = sinusoidal(positions, 4, { base: 100, engine });
      expect(largestError(result.dataSync(), published(positions, 4, 100).to1DArray())).toBeLessThan(tolerance);
    });
  });
}

describe("sinusoidal positions", () => {
  const engine = createReferenceEngine();

  it("may be none, and are not learned", () => {
    expect(sinusoidal(0, 4, { engine }).shape).toEqual([0, 4]);
    expect(sinusoidal(2, 4, { engine }).requiresGrad).toBe(false);
  });

  const refused: readonly (readonly [what: string, call: () => void, name: string, code: string])[] = [
    ["a negative count", () => sinusoidal(-1, 4), "OptionError", "out-of-range"],
    ["half an element", () => sinusoidal(1.5, 4), "OptionError", "out-of-range"],
    ["a width of 0", () => sinusoidal(1, 0), "OptionError", "out-of-range"],
    ["half a channel", () => sinusoidal(1, 2.5), "OptionError", "out-of-range"],
    ["a base of 0", () => sinusoidal(1, 4, { base: 0 }), "OptionError", "out-of-range"],
    ["an infinite base", () => sinusoidal(1, 4, { base: Number.POSITIVE_INFINITY }), "OptionError", "out-of-range"],
    ["a position that is no number", () => sinusoidal([0, Number.NaN], 4), "DataError", "not-a-position"],
    ["a misspelt option", () => sinusoidal(1, 4, { base: 10, ...{ bases: 3 } }), "OptionError", "unknown-option"],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuse ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
