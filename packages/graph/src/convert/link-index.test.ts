import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edgesOf, pairsOf } from "../testing/linked-communities.ts";
import { LinkIndex } from "./link-index.ts";

const anyPairs = fc.array(fc.tuple(fc.nat(6), fc.nat(6)));

describe("LinkIndex", () => {
  it.each([false, true])("holds each pair of different nodes that an edge joins once, directed %s", (directed) => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const index = new LinkIndex(7, edgesOf(pairs), directed);
        const isLinked = (a: number, b: number): boolean =>
          a !== b && pairs.some(([s, t]) => (s === a && t === b) || (!directed && s === b && t === a));
        let count = 0;
        for (let a = 0; a < 7; a++) {
          for (let b = 0; b < 7; b++) {
            expect(index.has(a, b)).toBe(isLinked(a, b));
            if (isLinked(a, b) && (directed || a < b)) count++;
          }
        }
        expect(index.count).toBe(count);
        expect(index.count + index.free).toBe(directed ? 42 : 21);
        const links = pairsOf(index.links);
        expect(new Set(links.map(String)).size).toBe(count);
        for (const [a, b] of links) expect(isLinked(a, b) && (directed || a < b)).toBe(true);
      }),
    );
  });

  it("does not depend on the order of the edges", () => {
    fc.assert(
      fc.property(anyPairs, fc.boolean(), (pairs, directed) => {
        const reversed = new LinkIndex(7, edgesOf([...pairs].reverse()), directed);
        expect(new LinkIndex(7, edgesOf(pairs), directed).links).toEqual(reversed.links);
      }),
    );
  });

  it.each([
    ["index-out-of-range", [0], [3]],
    ["wrong-length", [0, 1], [1]],
  ])("refuses with %s: sources %j, targets %j", (code, sources, targets) => {
    const edges = { sources: Uint32Array.from(sources), targets: Uint32Array.from(targets) };
    expect(() => new LinkIndex(3, edges, false)).toThrow(expect.objectContaining({ name: "DataError", code }));
  });
});
