import { createWasmEngine, Random, scope, tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import type { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { numbers, reference } from "../testing/layer-examples.ts";
import { BatchNorm } from "./batch-norm.ts";

const training = { random: new Random(0) };
const rows = 5;
const width = 3;

/** Mean and biased variance of each column. */
function statistics(x: Matrix): { readonly mean: number[]; readonly variance: number[] } {
  return { mean: x.mean("column"), variance: x.variance("column", { unbiased: false }) };
}

function normalized(x: Matrix, mean: readonly number[], variance: readonly number[], epsilon: number): number[] {
  return x.to2DArray().flatMap((row) => row.map((value, c) => (value - mean[c]!) / Math.sqrt(variance[c]! + epsilon)));
}

describe.each([reference, createWasmEngine()])("BatchNorm on the $name engine", (engine) => {
  const digits = engine.precision === "float64" ? 12 : 5;
  const close = (got: ArrayLike<number>, expected: readonly number[]) => {
    expect(got.length).toBe(expected.length);
    for (const [k, value] of expected.entries()) expect(got[k]).toBeCloseTo(value, digits);
  };

  it("normalizes by the nodes at hand while training, and moves the running statistics towards theirs", () => {
    const norm = new BatchNorm(width, { engine, momentum: 0.25, epsilon: 1e-3 });
    const x = numbers([rows, width], 1, engine);
    const matrix = x.toMatrix();
    const { mean, variance } = statistics(matrix);
    close(norm.forward(x, { training }).dataSync(), normalized(matrix, mean, variance, 1e-3));
    close(
      norm.runningMean.dataSync(),
      mean.map((value) => 0.25 * value),
    );
    close(
      norm.runningVariance.dataSync(),
      variance.map((value) => 0.75 + 0.25 * value * (rows / (rows - 1))),
    );
  });

  it("normalizes by the running statistics otherwise, and leaves them as they are", () => {
    const norm = new BatchNorm(width, { engine });
    const [mean, variance] = [
      [0.5, -1, 2],
      [1, 4, 0.25],
    ];
    norm.runningMean.set(mean!);
    norm.runningVariance.set(variance!);
    norm.weight.set([2, 1, -1]);
    norm.bias.set([0, 1, 0.5]);
    const x = numbers([rows, width], 1, engine);
    const expected = normalized(x.toMatrix(), mean!, variance!, 1e-5).map(
      (value, k) => value * [2, 1, -1][k % 3]! + [0, 1, 0.5][k % 3]!,
    );
    close(norm.forward(x).dataSync(), expected);
    close(norm.runningMean.dataSync(), mean!);
  });

  it("gives a node the same answer whatever is beside it, once trained", () => {
    const norm = new BatchNorm(width, { engine });
    const x = numbers([rows, width], 1, engine);
    norm.forward(x, { training });
    const alone = tensor(x.dataSync().slice(0, width), [1, width], { engine });
    expect(norm.forward(alone).dataSync()).toEqual(norm.forward(x).dataSync().slice(0, width));
  });

  it("keeps its statistics through the scopes of training steps, in the same tensors", () => {
    const norm = scope(() => ({ norm: new BatchNorm(width, { engine }) })).norm;
    const { runningMean } = norm;
    for (let step = 0; step < 3; step++)
      scope(() => void norm.forward(numbers([rows, width], step, engine), { training }));
    expect(norm.runningMean).toBe(runningMean);
    expect(runningMean.dataSync().every((value) => value !== 0)).toBe(true);
  });
});

describe("BatchNorm", () => {
  it.each([
    ["while training", { training }],
    ["otherwise", {}],
  ])("has gradients that agree with finite differences: %s", (_when, context) => {
    const norm = new BatchNorm(width, { engine: reference, momentum: 0 });
    norm.weight.set([2, 1, -1]);
    norm.runningVariance.set([1, 4, 0.25]);
    const x = numbers([rows, width], 1);
    const checks = checkGradients(() => unevenSum(norm.forward(x, context)), {
      x,
      weight: norm.weight,
      bias: norm.bias,
    });
    for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
  });

  it("trains its weight and bias alone", () => {
    const norm = new BatchNorm(width, { engine: reference });
    expect([...norm.namedParameters().keys()]).toEqual(["weight", "bias"]);
  });

  const refusals: readonly (readonly [what: string, code: string, call: () => unknown])[] = [
    ["an unknown option", "unknown-option", () => Reflect.construct(BatchNorm, [3, { eps: 1e-3 }])],
    ["no columns", "out-of-range", () => new BatchNorm(0)],
    ["an epsilon of zero", "out-of-range", () => new BatchNorm(3, { epsilon: 0 })],
    ["a momentum above 1", "out-of-range", () => new BatchNorm(3, { momentum: 1.5 })],
    ["another width", "shapes-differ", () => new BatchNorm(3, { engine: reference }).forward(numbers([2, 2], 1))],
    [
      "one node while training",
      "too-few-rows",
      () => new BatchNorm(3, { engine: reference }).forward(numbers([1, 3], 1), { training }),
    ],
  ];
  for (const [what, code, call] of refusals) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});
