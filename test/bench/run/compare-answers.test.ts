import { describe, expect, it } from "vitest";
import { relativeDifference } from "./compare-answers.ts";

describe("relativeDifference", () => {
  it("is the length of the difference over that of the other", () => {
    expect(relativeDifference(new Float32Array([1, 2, 3]), new Float32Array([1, 2.5, -5]))).toBeCloseTo(
      Math.sqrt(64.25 / 32.25),
      12,
    );
    expect(relativeDifference(new Float32Array([0, 0]), new Float32Array([0, 0]))).toBe(0);
  });

  it("lets no broken answer pass", () => {
    expect(relativeDifference(new Float32Array([1]), new Float32Array([1, 2]))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDifference(new Float32Array([Number.NaN]), new Float32Array([1]))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDifference(new Float32Array([1]), new Float32Array([0]))).toBe(Number.POSITIVE_INFINITY);
  });
});
