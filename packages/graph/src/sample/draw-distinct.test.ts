import { Random } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawDistinct } from "./draw-distinct.ts";

function draw(count: number, limit: number, random: Random): number[] {
  const drawn: number[] = [];
  drawDistinct(count, limit, random, (next) => drawn.push(next));
  return drawn;
}

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[], draws: number): number {
  const expected = draws / counts.length;
  return counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
}

describe("drawDistinct", () => {
  it("draws as many different numbers below the limit as asked for", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(200), fc.nat(), (count, more, seed) => {
        const drawn = draw(count, count + more, new Random(seed));
        expect(new Set(drawn).size).toBe(count);
        expect(drawn.length).toBe(count);
        for (const next of drawn) expect(Number.isInteger(next) && next >= 0 && next < count + more).toBe(true);
      }),
    );
  });

  it("draws every set of three out of six with the same probability", () => {
    const random = new Random(1);
    const counts = new Map<string, number>();
    const draws = 20_000;
    for (let k = 0; k < draws; k++) {
      const key = draw(3, 6, random).sort().join(" ");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(20);
    // 19 degrees of freedom: larger than 43.8 once in a thousand seeds.
    expect(chiSquare([...counts.values()], draws)).toBeLessThan(43.8);
  });

  it.each([
    [10, 40],
    [30, 40],
    [60, 200],
  ])("draws each number, and each pair of neighbors, equally often: %s out of %s", (count, limit) => {
    const random = new Random(2);
    const draws = 8000;
    const singles = new Array<number>(limit).fill(0);
    const pairs = new Array<number>(limit).fill(0);
    for (let k = 0; k < draws; k++) {
      const drawn = new Set(draw(count, limit, random));
      for (const next of drawn) {
        singles[next]!++;
        if (drawn.has((next + 1) % limit)) pairs[next]!++;
      }
    }
    // Deviations from the expectation, in standard deviations: the largest of some hundred stays below 4.5.
    for (const [counts, probability] of [
      [singles, count / limit],
      [pairs, (count * (count - 1)) / (limit * (limit - 1))],
    ] as const) {
      const deviation = Math.sqrt(draws * probability * (1 - probability));
      for (const times of counts) expect(Math.abs(times - draws * probability) / deviation).toBeLessThan(4.5);
    }
  });

  it("takes all where as many are asked for", () => {
    expect(draw(5, 5, new Random(3)).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(draw(30, 30, new Random(3)).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, k) => k));
    expect(draw(0, 5, new Random(3))).toEqual([]);
  });
});
