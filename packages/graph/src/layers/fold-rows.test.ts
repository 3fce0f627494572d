import { createWasmEngine, maximum, minimum, multiply, parameter, Random, scope } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldRows } from "./fold-rows.ts";

const operations = {
  product: [multiply, (a: number, b: number) => a * b, 1],
  largest: [maximum, Math.max, 0],
  smallest: [minimum, Math.min, 0],
} as const;

function offsetsOf(lengths: readonly number[]): Uint32Array {
  const offsets = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, i) => {
    offsets[i + 1] = offsets[i]! + length;
  });
  return offsets;
}

describe("foldRows", () => {
  for (const engine of [createReferenceEngine(), createWasmEngine()]) {
    for (const [name, [combine, expected, empty]] of Object.entries(operations)) {
      it(`gives the ${name} of each group on the ${engine.name} engine, and ${empty} where there is none`, () => {
        fc.assert(
          fc.property(fc.array(fc.nat(9), { maxLength: 8 }), fc.nat(5), fc.nat(), (lengths, left, seed) => {
            const random = new Random(seed);
            const offsets = offsetsOf(lengths);
            // Rows that belong to no group may follow.
            const rows = offsets[lengths.length]! + left;
            const values = Float32Array.from({ length: rows * 2 }, () => random.uniform(-2, 2));
            const folded = foldRows(parameter(values, [rows, 2], { engine }), offsets, combine, empty);
            expect(folded.shape).toEqual([lengths.length, 2]);
            const got = folded.dataSync();
            lengths.forEach((length, i) => {
              for (let c = 0; c < 2; c++) {
                const column = Array.from({ length }, (_, k) => values[(offsets[i]! + k) * 2 + c]!);
                const value = column.length === 0 ? empty : column.reduce((a, b) => expected(a, b));
                expect(Math.abs(got[i * 2 + c]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
              }
            });
          }),
        );
      });
    }
  }

  it("has the gradients of finite differences, where one group has many rows too", () => {
    const engine = createReferenceEngine();
    const random = new Random(1);
    const lengths = [3, 0, 1, 9, 2];
    const offsets = offsetsOf(lengths);
    const values = Float64Array.from({ length: 17 * 2 }, () => random.uniform(0.5, 1.5));
    const x = parameter(values, [17, 2], { engine });
    for (const [name, [combine, , empty]] of Object.entries(operations)) {
      const { x: check } = checkGradients(() => unevenSum(foldRows(x, offsets, combine, empty)), { x }, 1e-4);
      expect(check?.relativeError, name).toBeLessThan(1e-6);
    }
  });

  it("takes memory in proportion to the rows, although one of many groups has half of them", () => {
    const engine = createReferenceEngine();
    const peakFor = (rows: number): number => {
      const x = parameter(new Float64Array(rows), [rows, 1], { engine });
      const offsets = offsetsOf([rows / 2, ...new Array<number>(rows / 2).fill(1)]);
      engine.resetPeak();
      const before = engine.memory().bytes;
      scope(() => foldRows(x, offsets, maximum, 0));
      return engine.memory().peakBytes - before;
    };
    expect(peakFor(4096) / peakFor(1024)).toBeLessThan(6);
  });
});
