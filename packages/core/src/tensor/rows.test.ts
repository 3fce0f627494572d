import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import { type Draw, drawRandom, drawRows, indices } from "../engine/conformance/draw.ts";
import { drawNumbers, drawShape, leafOf } from "../testing/draw-tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { backward } from "./backward.ts";
import { parameter, tensor } from "./create.ts";
import { multiply } from "./elementwise.ts";
import { gatherRows, segmentSum } from "./rows.ts";
import { sum } from "./sum.ts";

function forEveryDraw(check: (draw: Draw) => void): void {
  fc.assert(
    fc.property(fc.gen(), (generate) => {
      check({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
    }),
  );
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`rows on the ${engine.name} engine`, () => {
    it("gatherRows takes rows by number, as often as they are named", () =>
      forEveryDraw((draw) => {
        const rest = drawShape(draw, 0, 2);
        const rows = draw.integer(1, 6);
        const x = drawNumbers(draw, [rows, ...rest]);
        const index = indices(drawRandom(draw), draw.integer(0, 10), rows);
        const width = rest.reduce((a, b) => a * b, 1);
        const result = gatherRows(leafOf(x, engine), index);
        expect(result.shape).toEqual([index.length, ...rest]);
        const expected = Array.from(index).flatMap((row) => Array.from(x.values.slice(row * width, (row + 1) * width)));
        expect(Array.from(result.dataSync())).toEqual(expected);
      }));

    it("segmentSum adds up the rows of each group, in groups of any length", () =>
      forEveryDraw((draw) => {
        const { offsets, permutation, rows, positions } = drawRows(draw, drawRandom(draw));
        const rest = drawShape(draw, 0, 2);
        const width = rest.reduce((a, b) => a * b, 1);
        const x = drawNumbers(draw, [positions, ...rest]);
        const expected = new Float64Array(rows * width);
        for (let group = 0; group < rows; group++) {
          for (let p = offsets[group]!; p < offsets[group + 1]!; p++) {
            const row = permutation === null ? p : permutation[p]!;
            for (let c = 0; c < width; c++) expected[group * width + c]! += x.values[row * width + c]!;
          }
        }
        const result = segmentSum(leafOf(x, engine), { offsets, permutation: permutation ?? undefined });
        expect(result.shape).toEqual([rows, ...rest]);
        expect(largestError(result.dataSync(), expected)).toBeLessThan(tolerance);
      }));

    it("the gradient of gatherRows adds up what arrives at a row, and is 0 where nothing does", () => {
      const x = parameter([1, 2, 3], [3, 1], { engine });
      backward(sum(multiply(gatherRows(x, Uint32Array.of(2, 0, 2)), tensor([10, 20, 40], [3, 1], { engine }))));
      expect(Array.from(x.grad!.dataSync())).toEqual([20, 0, 50]);
    });

    it("one index array serves tensors of different lengths", () => {
      const index = Uint32Array.of(1, 1);
      for (const rows of [2, 5]) {
        const x = parameter(new Float32Array(rows), [rows], { engine });
        backward(sum(gatherRows(x, index)));
        expect(Array.from(x.grad!.dataSync())).toEqual(Array.from({ length: rows }, (_, r) => (r === 1 ? 2 : 0)));
      }
    });

    it("the gradient of segmentSum is 0 for rows that no group names", () => {
      const x = parameter([1, 2, 3, 4], [4, 1], { engine });
      const factors = tensor([10, 20], [2, 1], { engine });
      const grouping = { offsets: Uint32Array.of(0, 1, 2), permutation: Uint32Array.of(3, 1) };
      const result = segmentSum(x, grouping);
      expect(Array.from(result.dataSync())).toEqual([4, 2]);
      backward(sum(multiply(result, factors)));
      expect(Array.from(x.grad!.dataSync())).toEqual([0, 20, 0, 10]);
    });

    it("the gradient of segmentSum adds up over the groups that name a row", () => {
      const x = parameter([1, 2], [2, 1], { engine });
      const grouping = { offsets: Uint32Array.of(0, 2, 3), permutation: Uint32Array.of(0, 1, 1) };
      backward(sum(multiply(segmentSum(x, grouping), tensor([10, 20], [2, 1], { engine }))));
      expect(Array.from(x.grad!.dataSync())).toEqual([10, 30]);
    });

    it("one grouping serves tensors of different lengths", () => {
      const grouping = { offsets: Uint32Array.of(0, 2), permutation: undefined };
      for (const rows of [2, 3]) {
        const x = parameter(new Float32Array(rows), [rows, 1], { engine });
        backward(sum(segmentSum(x, grouping)));
        expect(Array.from(x.grad!.dataSync())).toEqual([1, 1, 0].slice(0, rows));
      }
    });

    it("refuses a row that is not there, and rows of a single number", () => {
      const x = tensor([1, 2], [2], { engine });
      expect(() => gatherRows(x, Uint32Array.of(2))).toThrow(expect.objectContaining({ name: "EngineError" }));
      expect(() => gatherRows(tensor([1], [], { engine }), Uint32Array.of(0))).toThrow(
        expect.objectContaining({ code: "no-such-axis" }),
      );
    });
  });
}
