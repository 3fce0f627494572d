import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestError } from "../conformance/largest-error.ts";
import { type Draw, drawBoolean } from "../engine/conformance/draw.ts";
import { at, drawNumbers, drawShape, indicesOf, leafOf } from "../testing/draw-tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { backward } from "./backward.ts";
import { parameter, tensor } from "./create.ts";
import * as elementwise from "./elementwise.ts";
import { sum } from "./sum.ts";
import type { Tensor } from "./tensor.ts";

const points = [-20, -3, -1, -0.25, 0, 0.25, 1, 3, 20];
const positivePoints = [0.01, 0.25, 1, 3, 20];

/** `x` times the integral of the normal density up to it, by Simpson's rule. */
function geluByIntegration(x: number): number {
  const steps = 4000;
  let sum = 0;
  for (let k = 0; k <= steps; k++) {
    const t = (x * k) / steps;
    sum += (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp((-t * t) / 2);
  }
  return x * (0.5 + (sum * x) / (3 * steps * Math.sqrt(2 * Math.PI)));
}

const functions: Readonly<Record<string, readonly [(x: Tensor) => Tensor, (x: number) => number, readonly number[]]>> =
  {
    negate: [elementwise.negate, (x) => -x, points],
    exp: [elementwise.exp, Math.exp, [-20, -1, 0, 1, 3]],
    log: [elementwise.log, Math.log, positivePoints],
    sqrt: [elementwise.sqrt, Math.sqrt, [0, ...positivePoints]],
    square: [elementwise.square, (x) => x ** 2, points],
    reciprocal: [elementwise.reciprocal, (x) => 1 / x, positivePoints],
    abs: [elementwise.abs, Math.abs, points],
    sin: [elementwise.sin, Math.sin, points],
    cos: [elementwise.cos, Math.cos, points],
    tanh: [elementwise.tanh, Math.tanh, points],
    sigmoid: [elementwise.sigmoid, (x) => 1 / (1 + Math.exp(-x)), points],
    relu: [elementwise.relu, (x) => Math.max(x, 0), points],
    "leakyRelu of slope 0.01": [elementwise.leakyRelu, (x) => (x > 0 ? x : 0.01 * x), points],
    "leakyRelu of slope 0.2": [(x) => elementwise.leakyRelu(x, 0.2), (x) => (x > 0 ? x : 0.2 * x), points],
    elu: [elementwise.elu, (x) => (x > 0 ? x : Math.expm1(x)), points],
    "elu of alpha 0.5": [(x) => elementwise.elu(x, 0.5), (x) => (x > 0 ? x : 0.5 * Math.expm1(x)), points],
    softplus: [elementwise.softplus, (x) => Math.log1p(Math.exp(x)), points],
    gelu: [elementwise.gelu, geluByIntegration, points],
    step: [elementwise.step, (x) => (x > 0 ? 1 : 0), points],
    affine: [(x) => elementwise.affine(x, -2, 3), (x) => -2 * x + 3, points],
    "add of a number": [(x) => elementwise.add(x, 1.5), (x) => x + 1.5, points],
    "subtract of a number": [(x) => elementwise.subtract(x, 1.5), (x) => x - 1.5, points],
    "multiply by a number": [(x) => elementwise.multiply(x, -1.5), (x) => -1.5 * x, points],
    "divide by a number": [(x) => elementwise.divide(x, 4), (x) => x / 4, points],
  };

const binary = {
  add: (a: number, b: number) => a + b,
  subtract: (a: number, b: number) => a - b,
  multiply: (a: number, b: number) => a * b,
  divide: (a: number, b: number) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};
const binaryNames = ["add", "subtract", "multiply", "divide", "maximum", "minimum"] as const;

/** A shape that broadcasts to `shape`: leading dimensions left out, others of length 1. */
function drawBroadcast(draw: Draw, shape: readonly number[]): number[] {
  return shape.slice(draw.integer(0, shape.length)).map((length) => (drawBoolean(draw) ? 1 : length));
}

/** The number that meets the result's `index` by NumPy's rule. */
function broadcastAt(
  from: { readonly values: ArrayLike<number>; readonly shape: readonly number[] },
  index: readonly number[],
) {
  const lead = index.length - from.shape.length;
  return at(
    from,
    from.shape.map((length, d) => (length === 1 ? 0 : index[d + lead]!)),
  );
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`elementwise operations on the ${engine.name} engine`, () => {
    for (const [name, [operation, expected, values]] of Object.entries(functions)) {
      it(name, () => {
        const result = operation(tensor(values, [values.length], { engine }));
        expect(result.shape).toEqual([values.length]);
        // Point by point, so that the largest value excuses no other.
        values.forEach((x, k) => {
          expect(largestError([result.dataSync()[k]!], [expected(x)]), `${name}(${x})`).toBeLessThan(tolerance);
        });
      });
    }

    for (const name of binaryNames) {
      it(`${name} broadcasts by NumPy's rule`, () => {
        fc.assert(
          fc.property(fc.gen(), (generate) => {
            const draw: Draw = { integer: (least, most) => generate(fc.integer, { min: least, max: most }) };
            const full = drawShape(draw);
            const [left, right] = [drawBroadcast(draw, full), drawBroadcast(draw, full)];
            const a = drawNumbers(draw, left);
            const b = drawNumbers(draw, right, 0.5, 2);
            const result = elementwise[name](leafOf(a, engine), leafOf(b, engine));
            const rank = Math.max(left.length, right.length);
            const lengthOf = (shape: readonly number[], d: number): number => shape[d - rank + shape.length] ?? 1;
            const shape = Array.from({ length: rank }, (_, d) =>
              lengthOf(left, d) === 1 ? lengthOf(right, d) : lengthOf(left, d),
            );
            const expected = [...indicesOf(shape)].map((index) =>
              binary[name](broadcastAt(a, index), broadcastAt(b, index)),
            );
            expect(result.shape).toEqual(shape);
            expect(largestError(result.dataSync(), expected)).toBeLessThan(tolerance);
          }),
        );
      });
    }

    it("maximum and minimum give the gradient of equal operands to the first", () => {
      for (const name of ["maximum", "minimum"] as const) {
        const [a, b] = [parameter([2, 1], [2], { engine }), parameter([2, 1], [2], { engine })];
        backward(sum(elementwise[name](a, b)));
        expect([Array.from(a.grad!.dataSync()), Array.from(b.grad!.dataSync())]).toEqual([
          [1, 1],
          [0, 0],
        ]);
      }
    });

    it("functions with a kink take the slope of its negative side, and abs 0", () => {
      const slopeAtZero = (operation: (x: Tensor) => Tensor): number => {
        const x = parameter([0], [1], { engine });
        backward(sum(operation(x)));
        return x.grad!.item() + 0;
      };
      expect(slopeAtZero(elementwise.relu)).toBe(0);
      expect(slopeAtZero((x) => elementwise.leakyRelu(x, 0.25))).toBe(0.25);
      expect(slopeAtZero((x) => elementwise.elu(x, 0.5))).toBe(0.5);
      expect(slopeAtZero(elementwise.abs)).toBe(0);
      expect(slopeAtZero(elementwise.step)).toBe(0);
    });

    it("softplus and sigmoid do not overflow", () => {
      const x = tensor([-1000, 1000], [2], { engine });
      expect(Array.from(elementwise.softplus(x).dataSync())).toEqual([0, 1000]);
      expect(Array.from(elementwise.sigmoid(x).dataSync())).toEqual([0, 1]);
    });

    it("leaves its operands as they are", () => {
      const [a, b] = [tensor([1, -2], [2], { engine }), tensor([3, 4], [2], { engine })];
      elementwise.multiply(elementwise.add(a, b), elementwise.negate(a));
      expect([Array.from(a.dataSync()), Array.from(b.dataSync())]).toEqual([
        [1, -2],
        [3, 4],
      ]);
    });

    it("refuses shapes that do not broadcast, naming both", () => {
      const [a, b] = [tensor(new Float32Array(6), [2, 3], { engine }), tensor([1, 2], [2], { engine })];
      expect(() => elementwise.add(a, b)).toThrow(
        expect.objectContaining({
          name: "ShapeError",
          code: "cannot-broadcast",
          message: expect.stringMatching(/\[2, 3\].*\[2\]/),
        }),
      );
    });
  });
}
