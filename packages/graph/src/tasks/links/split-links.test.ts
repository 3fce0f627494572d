import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { communityEdges, edgesOf } from "../../testing/linked-communities.ts";
import { type SplitLinksOptions, splitLinks } from "./split-links.ts";

/** Many pairs, some repeated, some reversed, some of a node with itself. */
const anyPairs = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { minLength: 40, maxLength: 120 });
const fraction = fc.double({ min: 0.1, max: 0.4, noNaN: true });

const keyOf = ([a, b]: readonly [number, number]): string => `${Math.min(a, b)} ${Math.max(a, b)}`;

describe("splitLinks", () => {
  it("puts every edge between different nodes into one part, and self-loops into none", () => {
    fc.assert(
      fc.property(anyPairs, fraction, fraction, fc.nat(), (pairs, testFraction, validationFraction, seed) => {
        const { train, validation, test } = splitLinks(edgesOf(pairs), { testFraction, validationFraction, seed });
        const together = [...train, ...validation, ...test].sort((a, b) => a - b);
        expect(together).toEqual([...pairs.keys()].filter((e) => pairs[e]![0] !== pairs[e]![1]));
        for (const part of [train, validation, test]) expect([...part]).toEqual([...part].sort((a, b) => a - b));
      }),
    );
  });

  it("keeps all edges between two nodes together, in either direction", () => {
    fc.assert(
      fc.property(anyPairs, fraction, fraction, fc.nat(), (pairs, testFraction, validationFraction, seed) => {
        const split = splitLinks(edgesOf(pairs), { testFraction, validationFraction, seed });
        const sets = [split.train, split.validation, split.test].map(
          (part) => new Set(Array.from(part, (e) => keyOf(pairs[e]!))),
        );
        const [train, validation, test] = sets.map((set) => set.size);
        const all = new Set(sets.flatMap((set) => [...set]));
        expect(all.size).toBe(train! + validation! + test!);
        expect(test).toBe(Math.round(testFraction * all.size));
        expect(validation).toBe(Math.round(validationFraction * all.size));
      }),
    );
  });

  it("does not depend on the order of the edges", () => {
    fc.assert(
      fc.property(anyPairs, fc.nat(), (pairs, seed) => {
        const testPairs = (list: readonly (readonly [number, number])[]) =>
          new Set(Array.from(splitLinks(edgesOf(list), { testFraction: 0.2, seed }).test, (e) => keyOf(list[e]!)));
        expect(testPairs([...pairs].reverse())).toEqual(testPairs(pairs));
      }),
    );
  });

  it("follows from the seed", () => {
    const edges = communityEdges(4, 10, 6, 0);
    const split = (seed: number) => splitLinks(edges, { testFraction: 0.2, seed });
    expect(split(1)).toEqual(split(1));
    expect(split(2).test).not.toEqual(split(1).test);
  });

  it("by time holds out the latest, tests on the last of them, and counts the first of several edges", () => {
    const pairs = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [1, 0],
      [4, 4],
    ] as const;
    const options = { times: [1, 40, 30, 20, 99, 100], testFraction: 0.25, validationFraction: 0.25 };
    const { train, validation, test } = splitLinks(edgesOf(pairs), options);
    expect([[...train], [...validation], [...test]]).toEqual([[0, 3, 4], [2], [1]]);
  });

  it("by time never trains on what came after what is tested on", () => {
    const timed = fc.array(fc.tuple(fc.nat(12), fc.nat(12), fc.nat(50)), { minLength: 40 });
    fc.assert(
      fc.property(timed, (rows) => {
        const edges = edgesOf(rows.map(([a, b]) => [a, b] as const));
        const times = rows.map(([, , time]) => time);
        const { train, validation, test } = splitLinks(edges, { times, testFraction: 0.2, validationFraction: 0.2 });
        const first = new Map<string, number>();
        for (const [a, b, time] of rows) {
          const key = keyOf([a, b]);
          first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, time));
        }
        const timesOf = (part: Uint32Array) => Array.from(part, (e) => first.get(keyOf([rows[e]![0], rows[e]![1]]))!);
        expect(Math.max(...timesOf(train))).toBeLessThanOrEqual(Math.min(...timesOf(validation)));
        expect(Math.max(...timesOf(validation))).toBeLessThanOrEqual(Math.min(...timesOf(test)));
      }),
    );
  });

  it("holds out a tenth for validation from 50 pairs on, and nothing for testing, unless asked", () => {
    const path = (pairs: number) => edgesOf(Array.from({ length: pairs }, (_, i) => [i, i + 1] as const));
    expect(splitLinks(path(50)).validation).toHaveLength(5);
    expect(splitLinks(path(50)).test).toHaveLength(0);
    expect(splitLinks(path(49)).validation).toHaveLength(0);
  });

  const four = edgesOf([
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 3],
  ]);
  it.each<[string, string, SplitLinksOptions | object]>([
    ["OptionError", "unknown-option", { fraction: 0.1 }],
    ["OptionError", "out-of-range", { testFraction: -0.1 }],
    ["OptionError", "out-of-range", { testFraction: Number.NaN }],
    ["OptionError", "out-of-range", { testFraction: 0.5, validationFraction: 0.5 }],
    ["DataError", "too-few-edges", { testFraction: 0.1 }],
    ["DataError", "too-few-edges", { validationFraction: 0.1 }],
    ["DataError", "too-few-edges", { testFraction: 0.5, validationFraction: 0.4 }],
    ["DataError", "wrong-length", { times: [1] }],
    ["DataError", "not-finite", { times: [1, 2, Number.NaN, 4] }],
  ])("refuses with %s %s: %j", (name, code, options) => {
    expect(() => splitLinks(four, options)).toThrow(expect.objectContaining({ name, code }));
  });

  it("refuses edges that are none, or join no two nodes", () => {
    const uneven = { sources: new Uint32Array(2), targets: new Uint32Array(1) };
    expect(() => splitLinks(uneven)).toThrow(expect.objectContaining({ code: "wrong-length" }));
    for (const edges of [edgesOf([]), edgesOf([[1, 1]])]) {
      expect(() => splitLinks(edges)).toThrow(expect.objectContaining({ name: "DataError", code: "no-edges" }));
    }
  });
});
