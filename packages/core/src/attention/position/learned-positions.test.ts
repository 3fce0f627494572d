import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { testedEngines } from "../../testing/engines.ts";
import { LearnedPositions } from "./learned-positions.ts";
import { positionsOf } from "./positions.ts";

for (const { engine } of testedEngines()) {
  describe(`learned positions on the ${engine.name} engine`, () => {
    it("are the rows of the table", () => {
      const layer = new LearnedPositions(4, 3, { random: new Random(1), engine });
      const table = layer.weight.dataSync();
      for (const positions of [[3, 0, 3], Uint32Array.of(3, 0, 3), Uint8Array.of(3, 0, 3)]) {
        const result = layer.forward(positions);
        expect(result.shape).toEqual([3, 3]);
        expect(Array.from(result.dataSync())).toEqual([
          ...table.slice(9, 12),
          ...table.slice(0, 3),
          ...table.slice(9, 12),
        ]);
      }
      expect(layer.forward([]).shape).toEqual([0, 3]);
    });
  });
}

describe("learned positions", () => {
  const engine = createReferenceEngine();
  const layer = new LearnedPositions(4, 3, { random: new Random(1), engine });

  it("get the gradients of all the elements that stand there", () => {
    const loss = () => unevenSum(layer.forward(positionsOf([3, 2])));
    const { weight } = checkGradients(loss, { weight: layer.weight });
    expect(weight?.relativeError).toBeLessThan(1e-6);
  });

  it("start normally distributed with deviation 0.02, as the seed says", () => {
    const values = (seed: number) =>
      new LearnedPositions(100, 64, { random: new Random(seed), engine }).weight.dataSync();
    const drawn = Array.from(values(3));
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    const deviation = Math.sqrt(drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length);
    expect(Math.abs(mean)).toBeLessThan((4 * 0.02) / Math.sqrt(drawn.length));
    expect(Math.abs(deviation / 0.02 - 1)).toBeLessThan(4 / Math.sqrt(2 * drawn.length));
    expect(values(3)).toEqual(values(3));
    expect(values(3)).not.toEqual(values(4));
    expect([...layer.namedParameters().keys()]).toEqual(["weight"]);
  });

  for (const position of [4, -1, 0.5, Number.NaN]) {
    it(`refuse the position ${position}, naming the element and the maximum`, () => {
      expect(() => layer.forward([0, position])).toThrow(
        expect.objectContaining({
          name: "DataError",
          code: "index-out-of-range",
          message: expect.stringMatching(`position ${position} for element 1; .* below 4`),
        }),
      );
    });
  }

  it("refuse impossible sizes and misspelt options", () => {
    const random = new Random(1);
    for (const [maximum, width] of [
      [0, 3],
      [2, -1],
      [1.5, 3],
    ] as const) {
      expect(() => new LearnedPositions(maximum, width, { random, engine })).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    }
    expect(() => new LearnedPositions(2, 3, { random, ...{ engines: engine } })).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});
