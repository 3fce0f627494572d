import { Random } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Edge, neighborhoodOf } from "../testing/layer-examples.ts";
import { negativePairs } from "./negative-pairs.ts";

/** Every ordered pair of different nodes without an edge in either direction. */
function freePairs(list: readonly Edge[], nodes: number): string[] {
  const taken = new Set(list.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  const all = Array.from({ length: nodes * nodes }, (_, k) => [Math.floor(k / nodes), k % nodes] as const);
  return all.filter(([a, b]) => a !== b && !taken.has(`${a} ${b}`)).map(([a, b]) => `${a} ${b}`);
}

function drawn(list: readonly Edge[], nodes: number, count: number, seed: number): string[] {
  const { senders, receivers } = negativePairs(neighborhoodOf(list, nodes), count, new Random(seed));
  expect(receivers.length).toBe(senders.length);
  return Array.from(senders, (sender, k) => `${sender} ${receivers[k]}`);
}

describe("negativePairs", () => {
  it("gives pairs without an edge in either direction, none twice, as many as asked for or all there are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 50 }),
        fc.nat(60),
        fc.nat(),
        (nodes, ends, count, seed) => {
          const list = ends.map(([a, b]): Edge => [a % nodes, b % nodes]);
          const free = freePairs(list, nodes);
          const pairs = drawn(list, nodes, count, seed);
          expect(pairs.length).toBe(Math.min(count, free.length));
          expect(new Set(pairs).size).toBe(pairs.length);
          expect(free).toEqual(expect.arrayContaining(pairs));
        },
      ),
    );
  });

  const cycle = [0, 1, 2, 3, 4, 5].map((i): Edge => [i, (i + 1) % 6]);
  const dense = freePairs(cycle, 6).map((pair): Edge => [Number(pair[0]), Number(pair[2])]);
  for (const [what, list] of [
    ["where most pairs are free", cycle],
    ["where most pairs have an edge", dense],
  ] as const) {
    it(`draws every free pair equally often, ${what}`, () => {
      const free = freePairs(list, 6);
      const counts = new Map(free.map((pair) => [pair, 0]));
      const draws = 3000;
      for (let seed = 0; seed < draws; seed++) {
        for (const pair of drawn(list, 6, 2, seed)) counts.set(pair, counts.get(pair)! + 1);
      }
      const expected = (2 * draws) / free.length;
      // Chi-squared with at most 17 degrees of freedom exceeds 50 once in 20,000 draws.
      const squares = [...counts.values()].map((count) => (count - expected) ** 2 / expected);
      expect(squares.reduce((a, b) => a + b)).toBeLessThan(50);
    });
  }

  it("follows from the seed", () => {
    expect(drawn(cycle, 6, 5, 1)).toEqual(drawn(cycle, 6, 5, 1));
    expect(drawn(cycle, 6, 5, 1)).not.toEqual(drawn(cycle, 6, 5, 2));
  });

  it("does not list the pairs of a graph of many nodes", () => {
    const nodes = 1_000_000;
    const path = Array.from({ length: 1000 }, (_, i): Edge => [i, i + 1]);
    const pairs = drawn(path, nodes, 500, 1);
    expect(new Set(pairs).size).toBe(500);
    // Were the senders not spread over all nodes, few would be in the upper half.
    const upper = pairs.filter((pair) => Number(pair.split(" ")[0]) >= nodes / 2);
    expect(upper.length).toBeGreaterThan(200);
    expect(upper.length).toBeLessThan(300);
  });
});
