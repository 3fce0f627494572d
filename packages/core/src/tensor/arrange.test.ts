import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Draw } from "../engine/conformance/draw.ts";
import { permutation } from "../engine/conformance/draw.ts";
import { Random } from "../random.ts";
import { at, drawLength, drawNumbers, drawShape, indicesOf, leafOf } from "../testing/draw-tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { concatenate, slice, transpose } from "./arrange.ts";
import { tensor } from "./create.ts";
import { reshape } from "./reshape.ts";

function forEveryDraw(check: (draw: Draw) => void): void {
  fc.assert(
    fc.property(fc.gen(), (generate) => {
      check({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
    }),
  );
}

for (const { engine } of testedEngines()) {
  describe(`arrangements on the ${engine.name} engine`, () => {
    it("transpose puts dimension order[d] of the input at dimension d", () =>
      forEveryDraw((draw) => {
        const x = drawNumbers(draw, drawShape(draw));
        const order = Array.from(permutation(new Random(draw.integer(0, 999)), x.shape.length));
        const result = transpose(leafOf(x, engine), order);
        const shape = order.map((d) => x.shape[d]!);
        expect(result.shape).toEqual(shape);
        const expected = [...indicesOf(shape)].map((index) =>
          at(
            x,
            x.shape.map((_, d) => index[order.indexOf(d)]!),
          ),
        );
        expect(Array.from(result.dataSync())).toEqual(expected);
      }));

    it("transpose reverses the dimensions when no order is given", () => {
      const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], { engine });
      expect(transpose(x).shape).toEqual([3, 2]);
      expect(Array.from(transpose(x).dataSync())).toEqual([1, 4, 2, 5, 3, 6]);
      expect(Array.from(transpose(x, [-1, -2]).dataSync())).toEqual([1, 4, 2, 5, 3, 6]);
    });

    it("slice takes the part from start up to end", () =>
      forEveryDraw((draw) => {
        const x = drawNumbers(draw, drawShape(draw, 1));
        const axis = draw.integer(0, x.shape.length - 1);
        const start = draw.integer(0, x.shape[axis]!);
        const end = draw.integer(start, x.shape[axis]!);
        const shape = x.shape.map((length, d) => (d === axis ? end - start : length));
        const expected = [...indicesOf(shape)].map((index) =>
          at(
            x,
            index.map((i, d) => (d === axis ? i + start : i)),
          ),
        );
        const result = slice(leafOf(x, engine), axis, start, end);
        expect(result.shape).toEqual(shape);
        expect(Array.from(result.dataSync())).toEqual(expected);
      }));

    it("concatenate undoes slicing", () =>
      forEveryDraw((draw) => {
        const x = drawNumbers(draw, drawShape(draw, 1));
        const axis = draw.integer(0, x.shape.length - 1);
        const leaf = leafOf(x, engine);
        const length = x.shape[axis]!;
        const cuts = [draw.integer(0, length), draw.integer(0, length)].sort((a, b) => a - b);
        const [first, second] = [cuts[0]!, cuts[1]!];
        const parts = [
          slice(leaf, axis, 0, first),
          slice(leaf, axis, first, second),
          slice(leaf, axis, second, length),
        ];
        const whole = concatenate(parts, axis);
        expect(whole.shape).toEqual(x.shape);
        expect(Array.from(whole.dataSync())).toEqual(Array.from(x.values));
      }));

    it("concatenate puts tensors of different lengths one after the other", () =>
      forEveryDraw((draw) => {
        const shape = drawShape(draw, 1);
        const axis = draw.integer(0, shape.length - 1);
        const parts = Array.from({ length: draw.integer(1, 3) }, () =>
          drawNumbers(
            draw,
            shape.map((length, d) => (d === axis ? drawLength(draw) : length)),
          ),
        );
        const owners = parts.flatMap((part) => Array.from({ length: part.shape[axis]! }, (_, i) => [part, i] as const));
        const total = shape.map((length, d) => (d === axis ? owners.length : length));
        const expected = [...indicesOf(total)].map((index) => {
          const [part, i] = owners[index[axis]!]!;
          return at(
            part,
            index.map((k, d) => (d === axis ? i : k)),
          );
        });
        const result = concatenate(
          parts.map((part) => leafOf(part, engine)),
          axis,
        );
        expect(result.shape).toEqual(total);
        expect(Array.from(result.dataSync())).toEqual(expected);
      }));

    it("reshape keeps the order of the numbers and shares them", () => {
      const before = engine.memory().buffers;
      const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], { engine });
      const y = reshape(x, [3, 1, 2]);
      expect(y.shape).toEqual([3, 1, 2]);
      expect(Array.from(y.dataSync())).toEqual([1, 2, 3, 4, 5, 6]);
      expect(engine.memory().buffers - before).toBe(1);
      expect(reshape(tensor([7], [1, 1], { engine }), []).item()).toBe(7);
    });

    describe("refuse", () => {
      const x = tensor(new Float32Array(6), [2, 3], { engine });
      const cases: readonly (readonly [what: string, call: () => unknown, code: string])[] = [
        ["a transposition that names a dimension twice", () => transpose(x, [0, 0]), "not-a-permutation"],
        ["a transposition that leaves a dimension out", () => transpose(x, [1]), "not-a-permutation"],
        ["a transposition by a dimension that is not there", () => transpose(x, [0, 2]), "no-such-axis"],
        ["a slice that ends behind the end", () => slice(x, 1, 0, 4), "out-of-range"],
        ["a slice that starts before the start", () => slice(x, 1, -1, 2), "out-of-range"],
        ["a slice that ends before it starts", () => slice(x, 1, 2, 1), "out-of-range"],
        ["a slice that starts between two numbers", () => slice(x, 0, 0.5, 1.5), "out-of-range"],
        ["a slice along a dimension that is not there", () => slice(x, 2, 0, 1), "no-such-axis"],
        [
          "to concatenate other lengths",
          () => concatenate([x, tensor([1, 2], [1, 2], { engine })], 0),
          "shapes-differ",
        ],
        ["to concatenate other ranks", () => concatenate([x, tensor([1, 2], [2], { engine })], 1), "shapes-differ"],
        ["to concatenate nothing", () => concatenate([], 0), "shapes-differ"],
        ["to reshape to another count", () => reshape(x, [4]), "wrong-length"],
        ["to reshape to negative lengths", () => reshape(x, [-2, -3]), "not-a-shape"],
      ];
      for (const [what, call, code] of cases) {
        it(what, () => expect(call).toThrow(expect.objectContaining({ name: "ShapeError", code })));
      }
    });
  });
}
