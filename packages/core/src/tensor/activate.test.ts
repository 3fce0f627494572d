import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients } from "../conformance/finite-differences.ts";
import { largestError } from "../conformance/largest-error.ts";
import { keepsElement } from "../engine/kernels.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { testedEngines } from "../testing/engines.ts";
import { type Activation, activate } from "./activate.ts";
import { backward } from "./backward.ts";
import { full, parameter, tensor } from "./create.ts";
import { dropout } from "./dropout.ts";
import { add, elu, gelu, leakyRelu, multiply, relu, sigmoid, softplus, tanh } from "./elementwise.ts";
import { scope } from "./scope.ts";
import { sum } from "./sum.ts";
import type { Tensor } from "./tensor.ts";

/** Wider than a block of the kernel, and of an odd width. */
const [rows, width] = [61, 37];
const random = new Random(1);
const numbers = (length: number) => Float32Array.from({ length }, () => random.uniform(-2, 2));
const [ofX, ofBias, weights] = [numbers(rows * width), numbers(width), numbers(rows * width)];
const [probability, seed] = [0.3, 99];

const formulas: { readonly [Name in Activation]: readonly [(z: number) => number, (z: Tensor) => Tensor] } = {
  relu: [(z) => Math.max(z, 0), relu],
  leakyRelu: [(z) => (z > 0 ? z : 0.01 * z), leakyRelu],
  elu: [(z) => (z > 0 ? z : Math.expm1(z)), elu],
  // The value that tanh approximates to three digits: only to tell it from the others.
  gelu: [(z) => (z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)))) / 2, gelu],
  tanh: [Math.tanh, tanh],
  sigmoid: [(z) => 1 / (1 + Math.exp(-z)), sigmoid],
  softplus: [(z) => Math.log1p(Math.exp(z)), softplus],
};
const names: readonly Activation[] = ["relu", "leakyRelu", "elu", "gelu", "tanh", "sigmoid", "softplus"];

describe.each(names)("activate: %s", (activation) => {
  const [formula, separately] = formulas[activation];

  it.each(testedEngines())(
    "is the function of the sum, dropped or scaled, on the $engine.name engine",
    ({ engine, tolerance }) => {
      const x = tensor(ofX, [rows, width], { engine });
      const bias = tensor(ofBias, [width], { engine });
      const got = activate(x, { bias, activation, dropout: probability, seed }).dataSync();
      const expected = Matrix.from1DArray(rows, width, Array.from(ofX))
        .addRowVector(Array.from(ofBias))
        .to1DArray()
        .map((z, i) => (keepsElement(seed, i, probability) ? formula(z) / (1 - probability) : 0));
      expect(largestError(got, expected)).toBeLessThan(activation === "gelu" ? 1e-3 : tolerance);
    },
  );

  it.each(testedEngines())(
    "has the numbers and gradients of the operations one by one on the $engine.name engine",
    ({ engine, tolerance }) => {
      const gradientsOf = (run: (x: Tensor, bias: Tensor) => Tensor) => {
        const x = parameter(ofX, [rows, width], { engine });
        const bias = parameter(ofBias, [width], { engine });
        const y = run(x, bias);
        backward(sum(multiply(y, tensor(weights, [rows, width], { engine }))));
        return { y: y.dataSync(), x: x.grad!.dataSync(), bias: bias.grad!.dataSync() };
      };
      for (const dropped of [0, probability]) {
        const together = gradientsOf((x, bias) => activate(x, { bias, activation, dropout: dropped, seed }));
        const apart = gradientsOf((x, bias) => dropout(separately(add(x, bias)), dropped, seed));
        expect(together.y).toEqual(apart.y);
        expect(largestError(together.x, apart.x)).toBeLessThan(tolerance);
        expect(largestError(together.bias, apart.bias)).toBeLessThan(tolerance);
      }
    },
  );
});

describe("activate", () => {
  const engine = createReferenceEngine();
  const [x, bias] = [parameter(ofX.slice(0, 12), [3, 4], { engine }), parameter(ofBias.slice(0, 4), [4], { engine })];
  const weighted = (y: Tensor) => sum(multiply(y, tensor(weights.slice(0, 12), [3, 4], { engine })));

  it.each([
    ["a bias alone", { bias }],
    ["an activation alone", { activation: "elu" }],
    ["dropout alone", { dropout: 0.5, seed: 3 }],
    ["a bias and dropout", { bias, dropout: 0.5, seed: 3 }],
    ["all", { bias, activation: "elu", parameter: 0.7, dropout: 0.5, seed: 3 }],
  ] as const)("has the gradients of finite differences with %s", (_what, options) => {
    const leaves = "bias" in options ? { x, bias } : { x };
    for (const { relativeError } of Object.values(checkGradients(() => weighted(activate(x, options)), leaves))) {
      expect(relativeError).toBeLessThan(1e-6);
    }
  });

  it("is its argument where nothing is to be done", () => {
    expect(activate(x)).toBe(x);
  });

  it.each(testedEngines())(
    "writes all numbers where dropout is too rare to drop any, on the $engine.name engine",
    ({ engine }) => {
      // Of memory that held other numbers before.
      scope(() => full([16], 7, { engine }));
      const few = ofX.slice(0, 16);
      const got = activate(tensor(few, [16], { engine }), { dropout: 1e-11 });
      expect(largestError(got.dataSync(), few)).toBeLessThan(1e-6);
    },
  );

  it.each([
    ["a bias of another width", () => activate(x, { bias: tensor([1, 2], [2], { engine }) }), "shapes-differ"],
    ["a bias that is a matrix", () => activate(x, { bias: tensor([1, 2, 3, 4], [1, 4], { engine }) }), "shapes-differ"],
    ["a probability of 1", () => activate(x, { dropout: 1 }), "out-of-range"],
  ])("refuses %s", (_what, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
