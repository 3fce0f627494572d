import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients } from "../conformance/finite-differences.ts";
import { largestError } from "../conformance/largest-error.ts";
import { Random } from "../random.ts";
import { testedEngines } from "../testing/engines.ts";
import { backward } from "./backward.ts";
import { parameter, tensor } from "./create.ts";
import { add, multiply } from "./elementwise.ts";
import { headDots } from "./head-dots.ts";
import { reshape } from "./reshape.ts";
import { sum } from "./sum.ts";

const random = new Random(5);
const numbers = (length: number) => Float64Array.from({ length }, () => random.uniform(-1, 1));

const shapes = [
  [6, 8, 8],
  [5, 1, 7],
  [3, 5, 3],
  [0, 2, 4],
  // Rows of this length are summed in parts.
  [9000, 2, 3],
] as const;

for (const { engine, tolerance } of testedEngines()) {
  describe(`headDots on the ${engine.name} engine`, () => {
    it.each(shapes)(
      "is each head's product with the one, with its gradients: %i elements, %i heads x %i",
      (...shape) => {
        const [elements, heads, channels] = shape;
        const [ofX, ofOne, ofGradient] = [
          numbers(elements * heads * channels),
          numbers(heads * channels),
          numbers(elements * heads),
        ];
        const x = parameter(ofX, shape, { engine });
        const one = parameter(ofOne, [1, heads, channels], { engine });
        const dots = headDots(x, one);
        expect(dots.shape).toEqual([elements, heads, 1]);
        backward(sum(multiply(dots, tensor(ofGradient, [elements, heads, 1], { engine }))));
        const got = [dots, x.grad!, one.grad!].map((each) => each.dataSync());
        const expected = [elements * heads, elements * heads * channels, heads * channels].map(
          (n) => new Float64Array(n),
        );
        for (let h = 0; h < heads && elements > 0; h++) {
          const rows = new Matrix(elements, channels);
          for (let r = 0; r < elements; r++) {
            for (let c = 0; c < channels; c++) rows.set(r, c, ofX[(r * heads + h) * channels + c]!);
          }
          const vector = Matrix.columnVector(Array.from(ofOne.subarray(h * channels, (h + 1) * channels)));
          const gradient = Matrix.columnVector(Array.from({ length: elements }, (_, r) => ofGradient[r * heads + h]!));
          const [product, ofRows, ofVector] = [
            rows.mmul(vector),
            gradient.mmul(vector.transpose()),
            rows.transpose().mmul(gradient),
          ];
          for (let r = 0; r < elements; r++) {
            expected[0]![r * heads + h] = product.get(r, 0);
            for (let c = 0; c < channels; c++) expected[1]![(r * heads + h) * channels + c] = ofRows.get(r, c);
          }
          for (let c = 0; c < channels; c++) expected[2]![h * channels + c] = ofVector.get(c, 0);
        }
        for (const [k, numbersOf] of expected.entries())
          expect(largestError(got[k]!, numbersOf)).toBeLessThan(tolerance);
      },
    );
  });
}

describe("headDots", () => {
  it("has the gradients of finite differences", () => {
    const { engine } = testedEngines().find((tested) => tested.engine.precision === "float64")!;
    const x = parameter(numbers(24), [4, 2, 3], { engine });
    const one = parameter(numbers(6), [1, 2, 3], { engine });
    const weights = tensor(numbers(8), [4, 2, 1], { engine });
    const errors = checkGradients(() => sum(multiply(headDots(x, one), weights)), { x, one });
    for (const { relativeError } of Object.values(errors)) expect(relativeError).toBeLessThan(1e-6);
  });

  it("adds to what other operations have left for its elements, and not to what they share", () => {
    const { engine } = testedEngines().find((tested) => tested.engine.precision === "float64")!;
    const x = parameter(numbers(24), [4, 2, 3], { engine });
    const [one, other] = [numbers(6), numbers(6)].map((values) => parameter(values, [1, 2, 3], { engine }));
    const weights = tensor(numbers(8), [4, 2, 1], { engine });
    const loss = () => {
      const squares = sum(multiply(x, x));
      const shared = sum(add(x, reshape(x, [4, 2, 3])));
      const dots = multiply(headDots(x, one!), headDots(x, other!));
      return add(add(squares, shared), sum(multiply(dots, weights)));
    };
    const errors = checkGradients(loss, { x, one: one!, other: other! });
    for (const { relativeError } of Object.values(errors)) expect(relativeError).toBeLessThan(1e-6);
  });
});
