import { describe, expect, it } from "vitest";
import { normalDensity, normalDistribution } from "./normal-distribution.ts";

describe("the normal distribution in float64", () => {
  // (1 + erf(x / sqrt 2)) / 2 from the C library.
  it.each([
    [-37, 5.725571222525139e-300],
    [-10, 7.619853024160593e-24],
    [-6, 9.865876450377012e-10],
    [-3.5, 0.00023262907903552504],
    [-3, 0.0013498980316300957],
    [-1, 0.15865525393145707],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [2, 0.9772498680518208],
    [3.2, 0.9993128620620841],
    [8, 0.9999999999999993],
  ])("at %d it is %d, to 13 digits", (x, expected) => {
    expect(Math.abs(normalDistribution(x) - expected) / expected).toBeLessThan(1e-13);
  });

  it("adds up to 1 on both sides, and has its limits", () => {
    for (const x of [0, 0.3, 2.9, 3, 3.1, 7]) expect(normalDistribution(x) + normalDistribution(-x)).toBeCloseTo(1, 15);
    expect(normalDistribution(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalDistribution(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalDistribution(Number.NaN)).toBeNaN();
  });

  it("has its density for a derivative", () => {
    for (const x of [-5, -3, -1, 0, 0.7, 3, 4]) {
      const slope = (normalDistribution(x + 1e-5) - normalDistribution(x - 1e-5)) / 2e-5;
      expect(Math.abs(slope - normalDensity(x))).toBeLessThan(1e-10);
    }
  });
});
