import { type Engine, type Tensor, tensor } from "@vicinal/core";
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
