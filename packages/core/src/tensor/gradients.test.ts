import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { LayerNorm } from "../nn/layer-norm.ts";
import { Linear } from "../nn/linear.ts";
import { binaryCrossEntropy, crossEntropy } from "../nn/loss.ts";
import { Random } from "../random.ts";
import { concatenate, slice, transpose } from "./arrange.ts";
import { parameter } from "./create.ts";
import { dropout } from "./dropout.ts";
import * as elementwise from "./elementwise.ts";
import { matmul } from "./product.ts";
import { max, mean } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { gatherRows, segmentSum } from "./rows.ts";
import { logSoftmax, softmax } from "./softmax.ts";
import { SparseTensor, sparseDropout, sparseMatmul } from "./sparse.ts";
import { broadcastTo, sum } from "./sum.ts";
import type { Tensor } from "./tensor.ts";

const engine = createReferenceEngine();

/** Numbers in ± 1.5 that stay away from 0, where some functions have a kink. */
function random(shape: readonly number[], seed: number, positive = false): Tensor {
  const source = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from({ length: size }, () => {
    const magnitude = source.uniform(0.2, 1.5);
    return positive || source.uniform() < 0.5 ? magnitude : -magnitude;
  });
  return parameter(values, shape, { engine });
}

function expectGradients(build: (...inputs: readonly Tensor[]) => Tensor, ...inputs: readonly Tensor[]): void {
  const named = Object.fromEntries(inputs.map((input, k) => [`input ${k}`, input]));
  for (const [name, { relativeError }] of Object.entries(checkGradients(() => unevenSum(build(...inputs)), named))) {
    expect(relativeError, name).toBeLessThan(1e-6);
  }
}

describe("gradients by finite differences in float64", () => {
  const smooth = [
    "negate",
    "exp",
    "square",
    "abs",
    "sin",
    "cos",
    "tanh",
    "reciprocal",
    "relu",
    "sigmoid",
    "softplus",
    "gelu",
  ] as const;
  for (const name of smooth) {
    it(name, () => expectGradients((x) => elementwise[name](x!), random([3, 5], 1)));
  }
  for (const name of ["log", "sqrt"] as const) {
    it(name, () => expectGradients((x) => elementwise[name](x!), random([3, 5], 2, true)));
  }
  it("leakyRelu", () => expectGradients((x) => elementwise.leakyRelu(x!, 0.2), random([4, 3], 3)));
  it("elu", () => expectGradients((x) => elementwise.elu(x!, 0.7), random([4, 3], 4)));
  it("affine", () => expectGradients((x) => elementwise.affine(x!, -2.5, 3), random([7], 5)));

  for (const name of ["add", "subtract", "multiply", "divide", "maximum", "minimum"] as const) {
    it(`${name} of equal shapes`, () =>
      expectGradients((a, b) => elementwise[name](a!, b!), random([2, 3], 6), random([2, 3], 7)));
    it(`${name} with broadcasting on both sides`, () =>
      expectGradients((a, b) => elementwise[name](a!, b!), random([4, 1, 3], 8), random([2, 1], 9)));
  }

  it("one tensor used twice", () =>
    expectGradients((x) => elementwise.multiply(x!, elementwise.add(x!, x!)), random([5], 10)));
  it("sum over an axis", () => expectGradients((x) => sum(x!, { axis: 1 }), random([2, 3, 4], 11)));
  it("mean over all", () => expectGradients((x) => mean(x!), random([2, 3], 12)));
  it("max over an axis", () => expectGradients((x) => max(x!, { axis: -1 }), random([3, 4], 13)));
  it("broadcastTo", () => expectGradients((x) => broadcastTo(x!, [2, 3, 4]), random([3, 1], 14)));
  it("reshape", () => expectGradients((x) => elementwise.square(reshape(x!, [6])), random([2, 3], 15)));
  it("transpose", () => expectGradients((x) => transpose(x!, [2, 0, 1]), random([2, 3, 4], 16)));
  it("slice", () => expectGradients((x) => slice(x!, 1, 1, 3), random([2, 4, 2], 17)));
  it("concatenate", () =>
    expectGradients((a, b) => concatenate([a!, b!], 1), random([2, 1, 3], 18), random([2, 2, 3], 19)));

  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      it(`matmul, transposeA ${transposeA}, transposeB ${transposeB}`, () =>
        expectGradients(
          (a, b) => matmul(a!, b!, { transposeA, transposeB }),
          random(transposeA ? [2, 4, 3] : [2, 3, 4], 20),
          random(transposeB ? [2, 5, 4] : [2, 4, 5], 21),
        ));
    }
  }

  it("gatherRows with repeats and rows that nobody names", () =>
    expectGradients((x) => gatherRows(x!, Uint32Array.of(2, 0, 2, 2)), random([4, 3], 22)));
  it("segmentSum with an empty segment", () =>
    expectGradients(
      (x) => segmentSum(x!, { offsets: Uint32Array.of(0, 2, 2, 5), permutation: Uint32Array.of(4, 0, 1, 3, 2) }),
      random([5, 2], 23),
    ));
  it("logSoftmax", () => expectGradients((x) => logSoftmax(x!), random([3, 5], 24)));
  it("softmax", () => expectGradients((x) => softmax(x!), random([3, 5], 25)));
  it("dropout, whose mask is the same in every call", () =>
    expectGradients((x) => dropout(x!, 0.4, 123), random([6, 5], 26)));

  it("sparseMatmul with an empty row and repeated columns", () => {
    const sparse = SparseTensor.from(
      {
        kind: "csr",
        rows: 3,
        columns: 4,
        indptr: Uint32Array.of(0, 3, 3, 5),
        indices: Uint32Array.of(0, 2, 2, 1, 3),
        values: Float32Array.of(0.5, -1, 2, 3, -0.25),
      },
      { engine },
    );
    expectGradients((x) => sparseMatmul(sparse, x!), random([4, 3], 27));
    expectGradients((x) => sparseMatmul(sparseDropout(sparse, 0.3, 5), x!), random([4, 3], 28));
  });

  it("layer norm, with its parameters", () => {
    const norm = new LayerNorm(5, { engine });
    const x = random([3, 5], 29);
    const loss = () => unevenSum(norm.forward(x));
    for (const { relativeError } of Object.values(checkGradients(loss, { x, weight: norm.weight, bias: norm.bias }))) {
      expect(relativeError).toBeLessThan(1e-6);
    }
  });

  it("linear, with its parameters", () => {
    const linear = new Linear(4, 3, { random: new Random(1), engine });
    const x = random([2, 3, 4], 30);
    const { weight, bias } = linear;
    const loss = () => unevenSum(linear.forward(x));
    for (const { relativeError } of Object.values(checkGradients(loss, { x, weight, ...(bias && { bias }) }))) {
      expect(relativeError).toBeLessThan(1e-6);
    }
  });

  it("cross-entropy with class weights, an ignored row and label smoothing", () => {
    const options = { classWeights: [1, 0.5, 2], labelSmoothing: 0.1 };
    expectGradients((x) => crossEntropy(x!, [2, -1, 0, 1], options), random([4, 3], 31));
  });

  it("binary cross-entropy with weights and a positive weight", () =>
    expectGradients(
      (x) => binaryCrossEntropy(x!, [1, 0, 1, 0], { weights: [1, 2, 0, 0.5], positiveWeight: 3 }),
      random([4], 32),
    ));
});
