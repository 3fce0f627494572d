import { describe, expect, it } from "vitest";
import { keepsElement } from "../../engine/kernels.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { backward } from "../../tensor/backward.ts";
import { parameter, zeros } from "../../tensor/create.ts";
import { sum } from "../../tensor/sum.ts";
import { withGumbelNoise } from "./gumbel-noise.ts";

const engine = createReferenceEngine();

function noise(count: number, seed: number): Float64Array {
  return Float64Array.from(withGumbelNoise(zeros([count], { engine }), seed).dataSync());
}

describe("withGumbelNoise", () => {
  it("adds numbers of the distribution exp(-exp(-x)): Kolmogorov and Smirnov's largest distance", () => {
    const count = 100_000;
    for (const seed of [0, 1, 2, 0xffff_ffff]) {
      let distance = 0;
      noise(count, seed)
        .sort()
        .forEach((x, k) => {
          const cumulative = Math.exp(-Math.exp(-x));
          distance = Math.max(distance, Math.abs(cumulative - k / count), Math.abs(cumulative - (k + 1) / count));
        });
      // Exceeded by one sample in a thousand.
      expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
    }
  });

  it("adds numbers that do not depend on each other, within a seed or between seeds", () => {
    const count = 50_000;
    const correlation = (a: Float64Array, b: Float64Array): number => {
      const mean = 0.5772156649015329;
      const variance = Math.PI ** 2 / 6;
      let total = 0;
      for (let k = 0; k < a.length; k++) total += (a[k]! - mean) * (b[k]! - mean);
      return total / a.length / variance;
    };
    const x = noise(count, 7);
    for (const lag of [1, 2, 8, 64]) {
      expect(Math.abs(correlation(x.subarray(lag), x.subarray(0, count - lag)))).toBeLessThan(4 / Math.sqrt(count));
    }
    for (const seed of [6, 8, 7 + 2 ** 16]) {
      expect(Math.abs(correlation(x, noise(count, seed)))).toBeLessThan(4 / Math.sqrt(count));
    }
  });

  it("does not follow the mask of dropout with the same seed", () => {
    const count = 20_000;
    const seed = 5;
    let total = 0;
    let kept = 0;
    noise(count, seed).forEach((x, i) => {
      if (!keepsElement(seed, i, 0.5)) return;
      total += x;
      kept++;
    });
    expect(Math.abs(total / kept - 0.5772156649015329)).toBeLessThan((4 * Math.PI) / Math.sqrt(6 * kept));
  });

  it("is a constant: the gradient passes", () => {
    const x = parameter([1, 2, 3], [3], { engine });
    backward(sum(withGumbelNoise(x, 1)));
    expect(Array.from(x.grad!.dataSync())).toEqual([1, 1, 1]);
  });
});
