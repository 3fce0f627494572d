import { add, backward, type Engine, multiply, sum, type Tensor, tensor } from "@vicinal/core";
import { expect } from "vitest";
import type { FixtureTensor } from "./fixture-format.ts";

/** Tolerances relative to the largest magnitude: float64 against the 12 digits of the files, float32 against its own rounding. */
export const tolerance = {
  float64: { output: 1e-9, gradient: 1e-9 },
  float32: { output: 1e-5, gradient: 1e-4 },
};

/** A leaf that gets a gradient. */
export function fromFixture({ data, shape }: FixtureTensor, engine: Engine): Tensor {
  return tensor(data, shape, { engine, requiresGrad: true });
}

/** Overwrites a parameter with the numbers of a file. */
export function assign(parameter: Tensor, { data }: FixtureTensor): void {
  parameter.engine.write(parameter.buffer, data);
}

/** The gradient of a leaf; zeros where nothing depended on it. */
export function gradientOf(leaf: Tensor): ArrayLike<number> {
  return leaf.grad?.dataSync() ?? new Float64Array(leaf.size);
}

/** Holds when no number is further from its expectation than `relative` times the largest expected magnitude, or `least` where that is smaller. */
export function expectClose(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  least = 1e-3,
): void {
  expect(got.length, what).toBe(expected.length);
  const numbers = Array.from(expected);
  const scale = Math.max(least, ...numbers.map(Math.abs));
  const distances = numbers.map((value, k) => Math.abs(got[k]! - value));
  expect(distances.every(Number.isFinite), `${what}: got a number that is not finite`).toBe(true);
  expect(Math.max(0, ...distances) / scale, what).toBeLessThan(relative);
}

/** A result of ours with what the file has for it, and its factor in the loss: null leaves it out. */
export interface Compared {
  readonly name: string;
  readonly result: Tensor;
  readonly expected: FixtureTensor;
  readonly upstream: FixtureTensor | null;
}

/** A leaf of ours with the gradient that the file has for it: null where it has none. */
export type ComparedLeaf = readonly [name: string, leaf: Tensor | undefined, expected: FixtureTensor | null];

/** Compares results with the file's, then the gradients of the sum of every `result * upstream`. */
export function expectResultsAndGradients(
  results: readonly Compared[],
  leaves: readonly ComparedLeaf[],
  least?: number,
): void {
  const losses: Tensor[] = [];
  for (const { name, result, expected, upstream } of results) {
    expect(result.shape, name).toEqual(expected.shape);
    expectClose(name, result.dataSync(), expected.data, tolerance[result.engine.precision].output);
    if (upstream === null) continue;
    losses.push(sum(multiply(result, tensor(upstream.data, upstream.shape, { engine: result.engine }))));
  }
  backward(losses.reduce((a, b) => add(a, b)));
  for (const [name, leaf, expected] of leaves) {
    if (!leaf || !expected) continue;
    const relative = tolerance[leaf.engine.precision].gradient;
    expectClose(`gradient of ${name}`, gradientOf(leaf), expected.data, relative, least);
  }
}

/** {@link expectResultsAndGradients} of one result. */
export function expectOutputAndGradients(
  result: Tensor,
  { output, upstream }: { readonly output: FixtureTensor; readonly upstream: FixtureTensor },
  leaves: readonly ComparedLeaf[],
  least?: number,
): void {
  expectResultsAndGradients([{ name: "output", result, expected: output, upstream }], leaves, least);
}
