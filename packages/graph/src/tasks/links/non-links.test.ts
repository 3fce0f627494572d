import { Random } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LinkIndex } from "../../convert/link-index.ts";
import { edgesOf, pairsOf } from "../../testing/linked-communities.ts";
import { NonLinks } from "./non-links.ts";

const anyPairs = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 40 });

describe("NonLinks", () => {
  it.each([false, true])("draws pairs of different nodes without a link, directed %s", (directed) => {
    fc.assert(
      fc.property(anyPairs, fc.nat(), (pairs, seed) => {
        const index = new LinkIndex(6, edgesOf(pairs), directed);
        fc.pre(index.free > 0);
        const drawn = pairsOf(new NonLinks(index).draw(30, new Random(seed)));
        expect(drawn).toHaveLength(30);
        for (const [source, target] of drawn) {
          expect(source).not.toBe(target);
          expect(index.has(source, target)).toBe(false);
          // Without direction the other way round is the same pair.
          if (!directed) expect(source).toBeLessThan(target);
        }
      }),
    );
  });

  it.each([
    ["few links", 3],
    ["few free pairs", 12],
  ])("draws each free pair about equally often: %s", (_what, links) => {
    const every = [0, 1, 2, 3, 4, 5].flatMap((a) =>
      [0, 1, 2, 3, 4, 5].filter((b) => b > a).map((b) => [a, b] as const),
    );
    const index = new LinkIndex(6, edgesOf(every.slice(0, links)), false);
    const counts = new Map<string, number>();
    for (const pair of pairsOf(new NonLinks(index).draw(6000, new Random(3)))) {
      counts.set(String(pair), (counts.get(String(pair)) ?? 0) + 1);
    }
    expect(counts.size).toBe(15 - links);
    const expected = 6000 / (15 - links);
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it("finds the one free pair of a graph that lacks it alone", () => {
    const size = 60;
    const every = Array.from({ length: size * size }, (_, k) => [Math.floor(k / size), k % size] as const);
    const index = new LinkIndex(size, edgesOf(every.filter(([a, b]) => !(a === 17 && b === 4))), true);
    expect(new Set(pairsOf(new NonLinks(index).draw(50, new Random(0))).map(String))).toEqual(new Set(["17,4"]));
  });

  it("draws ends that a node has no link to, or from", () => {
    fc.assert(
      fc.property(
        anyPairs,
        fc.nat(5),
        fc.constantFrom("source", "target"),
        fc.boolean(),
        (pairs, node, side, directed) => {
          const index = new LinkIndex(6, edgesOf(pairs), directed);
          const ends = new NonLinks(index).drawEnds(node, side, 12, new Random(1));
          const free = [0, 1, 2, 3, 4, 5].filter(
            (end) => end !== node && !(side === "target" ? index.has(node, end) : index.has(end, node)),
          );
          if (free.length === 0) expect(ends).toBeUndefined();
          else {
            expect(ends).toHaveLength(12);
            for (const end of ends ?? []) expect(free).toContain(end);
          }
        },
      ),
    );
  });
});
