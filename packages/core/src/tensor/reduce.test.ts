import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import type { Draw } from "../engine/conformance/draw.ts";
import { at, drawNumbers, drawShape, indicesOf, leafOf, type Numbers } from "../testing/draw-tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { backward } from "./backward.ts";
import { parameter, tensor } from "./create.ts";
import { max, mean } from "./reduce.ts";
import { broadcastTo, sum } from "./sum.ts";

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const reductions = {
  sum: [sum, total],
  mean: [mean, (values: readonly number[]) => total(values) / values.length],
  max: [max, (values: readonly number[]) => Math.max(...values)],
} as const;

/** The numbers that the reduction over `axis` gives at `index`, an index without that dimension. */
function reducedAt(x: Numbers, axis: number, index: readonly number[]): number[] {
  return Array.from({ length: x.shape[axis]! }, (_, i) => at(x, [...index.slice(0, axis), i, ...index.slice(axis)]));
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`reductions on the ${engine.name} engine`, () => {
    for (const [name, [reduce, expected]] of Object.entries(reductions)) {
      it(`${name} over one dimension, counted from either end, kept or not`, () => {
        fc.assert(
          fc.property(fc.gen(), (generate) => {
            const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
            const x = drawNumbers(draw, drawShape(draw, 1, 4));
            const axis = draw.integer(0, x.shape.length - 1);
            const without = x.shape.filter((_, d) => d !== axis);
            const numbers = [...indicesOf(without)].map((index) => expected(reducedAt(x, axis, index)));
            const leaf = leafOf(x, engine);

            const reduced = reduce(leaf, { axis });
            expect(reduced.shape).toEqual(without);
            expect(largestError(reduced.dataSync(), numbers)).toBeLessThan(tolerance);

            const kept = reduce(leaf, { axis: axis - x.shape.length, keepDimension: true });
            expect(kept.shape).toEqual(x.shape.map((length, d) => (d === axis ? 1 : length)));
            expect(Array.from(kept.dataSync())).toEqual(Array.from(reduced.dataSync()));
          }),
        );
      });

      it(`${name} over all`, () => {
        const x = { values: Float32Array.of(0.5, -3, 2, 1.25, -1, 0), shape: [2, 3] };
        const numbers = [expected(Array.from(x.values))];
        expect(reduce(leafOf(x, engine)).shape).toEqual([]);
        expect(largestError(reduce(leafOf(x, engine)).dataSync(), numbers)).toBeLessThan(tolerance);
        expect(reduce(leafOf(x, engine), { keepDimension: true }).shape).toEqual([1, 1]);
      });

      it(`${name} refuses a dimension that is not there`, () => {
        const x = tensor(new Float32Array(6), [2, 3], { engine });
        for (const axis of [2, -3, 0.5]) {
          expect(() => reduce(x, { axis })).toThrow(
            expect.objectContaining({ name: "ShapeError", code: "no-such-axis" }),
          );
        }
      });
    }

    it("equal largest numbers share the gradient of max", () => {
      const x = parameter([3, 1, 3, 2, 5, 4], [2, 3], { engine });
      backward(sum(max(x, { axis: 1 })));
      expect(Array.from(x.grad!.dataSync())).toEqual([0.5, 0, 0.5, 0, 1, 0]);
      const y = parameter([3, 1, 3], [3], { engine });
      backward(max(y));
      expect(Array.from(y.grad!.dataSync())).toEqual([0.5, 0, 0.5]);
    });

    it("the sum of nothing is 0 and the largest of nothing is -Infinity", () => {
      const x = tensor([], [0, 2], { engine });
      expect(Array.from(sum(x, { axis: 0 }).dataSync())).toEqual([0, 0]);
      expect(Array.from(max(x, { axis: 0 }).dataSync())).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      expect(sum(x).item()).toBe(0);
    });

    it("broadcastTo repeats along dimensions of length 1 and new leading ones", () => {
      const x = tensor([1, 2], [2, 1], { engine });
      expect(Array.from(broadcastTo(x, [2, 2, 3]).dataSync())).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
      expect(broadcastTo(x, [2, 1])).toBe(x);
      for (const shape of [[3, 1], [2], [2, 1, 1]]) {
        expect(() => broadcastTo(x, shape)).toThrow(expect.objectContaining({ code: "cannot-broadcast" }));
      }
    });
  });
}
