import type { Tensor } from "../tensor/tensor.ts";
import { checkGradients, unevenSum } from "./finite-differences.ts";
import { largestError } from "./largest-error.ts";

/** @throws Error unless the condition holds. */
export function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** Compares two lists of the same length, any length.
 *
 * @throws Error unless two lists of numbers agree to `tolerance`, relative to the largest of them or to 1. */
export function expectClose(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  const error = largestError(got, expected);
  expectThat(error <= tolerance, `${what}: got numbers that differ by ${error}; expected at most ${tolerance}`);
}

/**
 * Compares two lists of the same length, any length.
 *
 * @throws Error unless two lists of numbers have the same bits.
 */
export function expectSameBits(what: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  const isSame = got.length === expected.length && Array.from(expected).every((value, k) => Object.is(got[k], value));
  expectThat(isSame, `${what}: got other bits; expected the same`);
}

/** @throws Error unless the gradients of what `forward` gives agree with finite differences. */
export function expectGradients(what: string, leaves: Readonly<Record<string, Tensor>>, forward: () => Tensor): void {
  const checks = checkGradients(() => unevenSum(forward()), leaves, 1e-5);
  for (const [name, { relativeError }] of Object.entries(checks)) {
    expectThat(
      relativeError < 1e-5,
      `${what}: the gradient by ${name} differs from finite differences by ${relativeError}; expected less than 1e-5`,
    );
  }
}
