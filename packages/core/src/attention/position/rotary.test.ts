import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { createWasmEngine } from "../../engine/wasm/wasm-engine.ts";
import { Random } from "../../random.ts";
import { backward } from "../../tensor/backward.ts";
import { parameter, tensor } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import { sum } from "../../tensor/sum.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { testedEngines } from "../../testing/engines.ts";
import { positionsOf } from "./positions.ts";
import { rotary } from "./rotary.ts";

/** The block-diagonal matrix of Su et al., 2021, equation 15. */
function rotationMatrix(position: number, channels: number, base: number): Matrix {
  const matrix = Matrix.zeros(channels, channels);
  for (let k = 0; k < channels / 2; k++) {
    const angle = position * base ** ((-2 * k) / channels);
    matrix.setSubMatrix(
      [
        [Math.cos(angle), -Math.sin(angle)],
        [Math.sin(angle), Math.cos(angle)],
      ],
      2 * k,
      2 * k,
    );
  }
  return matrix;
}

function drawn(length: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length }, () => random.uniform(-1, 1));
}

const reference = createReferenceEngine();

for (const { engine, tolerance } of testedEngines()) {
  describe(`rotary positions on the ${engine.name} engine`, () => {
    for (const [heads, channels, base] of [
      [1, 2, 10000],
      [3, 6, 10000],
      [2, 16, 500],
    ] as const) {
      it(`multiply each of ${heads} heads of ${channels} channels by its rotation matrix, with the base ${base}`, () => {
        for (const positions of [Uint32Array.of(0, 1, 7, 1000), [2.5, -3, 0, 11]]) {
          const values = drawn(4 * heads * channels, 5);
          const expected = Array.from({ length: 4 * heads }, (_, row) => {
            const vector = Matrix.columnVector(values.slice(row * channels, (row + 1) * channels));
            return rotationMatrix(positions[Math.floor(row / heads)]!, channels, base)
              .mmul(vector)
              .to1DArray();
          }).flat();
          const x = tensor(values, [4, heads, channels], { engine });
          const result = rotary(x, positions, { base });
          expect(result.shape).toEqual([4, heads, channels]);
          expect(largestError(result.dataSync(), expected)).toBeLessThan(tolerance);
        }
      });
    }

    it("may have no elements, no heads or no channels", () => {
      for (const shape of [
        [0, 2, 4],
        [1, 0, 4],
        [1, 2, 0],
      ]) {
        expect(rotary(tensor([], shape, { engine }), new Uint32Array(shape[0]!)).shape).toEqual(shape);
      }
    });
  });
}

describe("rotary positions", () => {
  it("make the product of a query and a key depend on the difference of their positions only", () => {
    const channels = 8;
    const turned = (values: readonly number[], position: number): Matrix =>
      Matrix.columnVector(
        Array.from(rotary(tensor(values, [1, 1, channels], { engine: reference }), [position]).dataSync()),
      );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: -2000, max: 2000 }),
        fc.integer({ min: 1, max: 1000 }),
        (i, j, shift, seed) => {
          const [query, key] = [drawn(channels, seed), drawn(channels, seed + 1)];
          const here = turned(query, i).dot(turned(key, j));
          const there = turned(query, i + shift).dot(turned(key, j + shift));
          expect(there).toBeCloseTo(here, 9);
        },
      ),
    );
    // And not on nothing: another difference gives another product.
    const [query, key] = [drawn(channels, 1), drawn(channels, 2)];
    expect(turned(query, 3).dot(turned(key, 5))).not.toBeCloseTo(turned(query, 3).dot(turned(key, 6)), 3);
  });

  it("have gradients that agree with finite differences", () => {
    for (const positions of [positionsOf([3, 2]), [4, 0, 1.5, -2, 9]]) {
      const x = parameter(drawn(5 * 2 * 6, 7), [5, 2, 6], { engine: reference });
      const checks = checkGradients(() => unevenSum(rotary(x, positions)), { x });
      expect(checks["x"]?.relativeError).toBeLessThan(1e-6);
    }
  });

  it("are the same for an index array again, for each base, width and engine, and leave nothing on the engine", () => {
    const [one, other] = [createReferenceEngine(), createWasmEngine()];
    const positions = positionsOf([4]);
    const run = (engine: typeof one, channels: number, base: number): void =>
      scope(() => {
        const x = tensor(drawn(4 * channels, 3), [4, 1, channels], { engine });
        const fresh = rotary(x, Array.from(positions), { base }).dataSync();
        expect(rotary(x, positions, { base }).dataSync()).toEqual(fresh);
      });
    for (const [engine, channels, base] of [
      [one, 4, 100],
      [one, 4, 10],
      [one, 6, 10],
      [other, 6, 10],
    ] as const) {
      run(engine, channels, base);
      run(engine, channels, base);
      expect(engine.memory().buffers).toBe(0);
    }
  });

  it("keep nothing of the size of the input for the gradient but input and output", () => {
    const engine = createReferenceEngine();
    const positions = positionsOf([64]);
    const x: Tensor = parameter(drawn(64 * 4 * 8, 3), [64, 4, 8], { engine });
    scope(() => rotary(x, positions));
    const before = engine.memory().bytes;
    scope(() => {
      const turned = rotary(x, positions);
      expect(engine.memory().bytes - before).toBe(x.size * 8);
      backward(sum(turned));
    });
  });

  const x = tensor(drawn(12, 1), [2, 1, 6], { engine: reference });
  const refused: readonly (readonly [what: string, call: () => void, name: string, code: string])[] = [
    [
      "an odd count of channels",
      () => rotary(tensor([1, 2, 3], [1, 1, 3], { engine: reference }), [0]),
      "ShapeError",
      "shapes-differ",
    ],
    ["a matrix", () => rotary(tensor([1, 2], [1, 2], { engine: reference }), [0]), "ShapeError", "shapes-differ"],
    ["too few positions", () => rotary(x, [0]), "DataError", "wrong-length"],
    ["a position that is no number", () => rotary(x, [0, Number.NaN]), "DataError", "not-a-position"],
    ["a negative base", () => rotary(x, [0, 1], { base: -1 }), "OptionError", "out-of-range"],
    ["a misspelt option", () => rotary(x, [0, 1], { base: 10, ...{ bases: 3 } }), "OptionError", "unknown-option"],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuse ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
