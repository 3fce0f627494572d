import { describe, expect, it } from "vitest";
import { chains, compilePeak, operationsPerCount, stepsPerCount } from "./peak-module.ts";

describe("peak", () => {
  it("does every step of every chain: c = a c + b, from 0, 1, 2, ..., summed", () => {
    const [count, a, b] = [5, 0.75, 0.3];
    let sum = 0;
    for (let chain = 0; chain < chains; chain++) {
      let c = chain;
      for (let step = 0; step < count * stepsPerCount; step++) c = Math.fround(Math.fround(c * a) + Math.fround(b));
      sum = Math.fround(sum + c);
    }
    expect(compilePeak()(count, a, b)).toBe(sum);
  });

  it("counts a multiplication and an addition for each of four lanes", () => {
    expect(operationsPerCount).toBe(chains * stepsPerCount * 8);
  });
});
