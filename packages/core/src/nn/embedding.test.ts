import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { sum } from "../tensor/sum.ts";
import { testedEngines } from "../testing/engines.ts";
import { Embedding } from "./embedding.ts";

for (const { engine } of testedEngines()) {
  describe(`an embedding on the ${engine.name} engine`, () => {
    const embedding = new Embedding(4, 3, { random: new Random(1), engine });
    const table = embedding.weight.toMatrix();

    it("gives the row of the table for each index, of any array", () => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: 3 })), (indices) => {
          for (const array of [indices, Uint32Array.from(indices), Uint8Array.from(indices)]) {
            const result = embedding.forward(array);
            expect(result.shape).toEqual([indices.length, 3]);
            expect(Array.from(result.dataSync())).toEqual(indices.flatMap((index) => table.getRow(index)));
          }
        }),
      );
    });

    it("sends each row the sum of the gradients of its places", () => {
      backward(sum(embedding.forward([2, 0, 2])));
      expect(embedding.weight.grad?.toMatrix().to2DArray()).toEqual([
        [1, 1, 1],
        [0, 0, 0],
        [2, 2, 2],
        [0, 0, 0],
      ]);
    });

    it("keeps the row of the padding at zero and sends it no gradient", () => {
      const padded = new Embedding(3, 2, { random: new Random(1), engine, padding: 1 });
      expect(padded.weight.toMatrix().to2DArray()[1]).toEqual([0, 0]);
      const indices = Uint32Array.of(0, 1, 2, 1, 2);
      for (let times = 1; times <= 2; times++) {
        backward(sum(padded.forward(indices)));
        expect(padded.weight.grad?.toMatrix().to2DArray()).toEqual([
          [times, times],
          [0, 0],
          [2 * times, 2 * times],
        ]);
      }
    });
  });
}

describe("an embedding", () => {
  const engine = createReferenceEngine();
  const random = new Random(2);

  it("starts from the normal distribution of mean 0 and deviation 1", () => {
    const values = Array.from(new Embedding(100, 100, { random, engine }).weight.dataSync());
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
    // Four deviations of the estimates.
    expect(Math.abs(mean)).toBeLessThan(4 / 100);
    expect(Math.abs(variance - 1)).toBeLessThan((4 * Math.SQRT2) / 100);
    expect(Math.max(...values)).toBeGreaterThan(3);
  });

  it("has the gradients of finite differences", () => {
    const embedding = new Embedding(4, 2, { random, engine });
    const { weight } = embedding;
    const checks = checkGradients(() => unevenSum(embedding.forward([3, 1, 3, 3])), { weight });
    expect(checks["weight"]!.relativeError).toBeLessThan(1e-6);
  });

  for (const index of [4, -1, 0.5, Number.NaN]) {
    it(`refuses the index ${index}`, () => {
      const embedding = new Embedding(4, 2, { random, engine });
      expect(() => embedding.forward([0, index])).toThrow(
        expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
      );
    });
  }

  it("refuses to be empty", () => {
    for (const [count, width] of [
      [0, 2],
      [2, 0],
      [2, 0.5],
    ] as const) {
      expect(() => new Embedding(count, width, { random, engine })).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    }
  });

  it("refuses a padding that is no row, and options that nobody reads", () => {
    for (const padding of [4, -1, 0.5]) {
      expect(() => new Embedding(4, 2, { random, engine, padding })).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    }
    const misspelt = Object.assign({ random, engine }, { pad: 0 });
    expect(() => new Embedding(4, 2, misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
