import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causal } from "./causal.ts";
import { complete } from "./complete.ts";
import { ComputedRows } from "./computed-rows.ts";
import { keyPadding } from "./key-padding.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { difference, intersection, union } from "./set-algebra.ts";
import { SparseNeighborhood } from "./sparse.ts";
import { window } from "./window.ts";

const upTo = (n: number): number[] => Array.from({ length: n }, (_, k) => k);

/** The senders of each receiver, in their order. */
function rowsIn(neighborhood: Neighborhood): number[][] {
  const { offsets, senderOf, receivers } = neighborhood.sparse();
  return upTo(receivers).map((i) => [...senderOf.subarray(offsets[i], offsets[i + 1])]);
}

const setsIn = (neighborhood: Neighborhood): Set<number>[] => rowsIn(neighborhood).map((row) => new Set(row));

const ascending = (sets: readonly Iterable<number>[]): number[][] => sets.map((set) => [...set].sort((a, b) => a - b));

/** Neighborhoods of one element count, some with runs, some with unsorted rows and repeated pairs. */
function neighborhoodOf(count: number): fc.Arbitrary<Neighborhood> {
  const place = fc.integer({ min: 0, max: Math.max(0, count - 1) });
  const listed = fc.array(fc.tuple(place, place), { maxLength: count === 0 ? 0 : 25 }).map((edges) =>
    SparseNeighborhood.fromEdgeList({
      senders: Uint32Array.from(edges, ([sender]) => sender),
      receivers: Uint32Array.from(edges, ([, receiver]) => receiver),
      senderCount: count,
      receiverCount: count,
    }),
  );
  const windows = fc
    .record({ radius: fc.integer({ min: 0, max: 4 }), dilation: fc.integer({ min: 1, max: 2 }), causal: fc.boolean() })
    .map((options) => window(count, options));
  const padded = fc.array(fc.boolean(), { minLength: count, maxLength: count }).map((present) => keyPadding(present));
  return fc.oneof(listed, windows, padded, fc.constant(complete(count)), fc.constant(causal(count)));
}

const triples = fc
  .integer({ min: 0, max: 7 })
  .chain((count) => fc.tuple(neighborhoodOf(count), neighborhoodOf(count), neighborhoodOf(count)));

const forAll = (check: (a: Neighborhood, b: Neighborhood, c: Neighborhood) => void): void =>
  fc.assert(
    fc.property(triples, ([a, b, c]) => check(a, b, c)),
    { numRuns: 300 },
  );

describe("sets of pairs", () => {
  it("union holds what is in any operand", () =>
    forAll((a, b, c) => {
      const [ofA, ofB, ofC] = [setsIn(a), setsIn(b), setsIn(c)];
      expect(rowsIn(union(a, b))).toEqual(ascending(ofA.map((set, i) => new Set([...set, ...ofB[i]!]))));
      expect(rowsIn(union(a, b, c))).toEqual(ascending(ofA.map((set, i) => new Set([...set, ...ofB[i]!, ...ofC[i]!]))));
    }));

  it("intersection holds what is in all operands", () =>
    forAll((a, b, c) => {
      const [ofA, ofB, ofC] = [setsIn(a), setsIn(b), setsIn(c)];
      const both = ofA.map((set, i) => [...set].filter((j) => ofB[i]!.has(j)));
      expect(rowsIn(intersection(a, b))).toEqual(ascending(both));
      expect(rowsIn(intersection(a, b, c))).toEqual(ascending(both.map((row, i) => row.filter((j) => ofC[i]!.has(j)))));
    }));

  it("difference holds what is in the first operand alone", () =>
    forAll((a, b) => {
      const [ofA, ofB] = [setsIn(a), setsIn(b)];
      const rest = ofA.map((set, i) => [...set].filter((j) => !ofB[i]!.has(j)));
      expect(rowsIn(difference(a, b))).toEqual(ascending(rest));
    }));

  it("obey the laws of sets", () =>
    forAll((a, b, c) => {
      const same = (left: Neighborhood, right: Neighborhood): void => expect(rowsIn(left)).toEqual(rowsIn(right));
      const all = complete(a.receivers);
      const not = (x: Neighborhood): Neighborhood => difference(all, x);
      same(union(a, b), union(b, a));
      same(intersection(a, b), intersection(b, a));
      same(union(a, intersection(b, c)), intersection(union(a, b), union(a, c)));
      same(intersection(a, union(b, c)), union(intersection(a, b), intersection(a, c)));
      same(not(union(a, b)), intersection(not(a), not(b)));
      same(not(intersection(a, b)), union(not(a), not(b)));
      same(difference(a, b), intersection(a, not(b)));
      same(union(a, a), intersection(a, all));
      expect(difference(a, a).edges).toBe(0);
    }));

  it("count, cut and number their pairs as their sparse form does", () =>
    fc.assert(
      fc.property(triples, fc.nat(), fc.nat(), ([a, b, c], m, n) => {
        const last = m % (a.receivers + 1);
        const first = n % (last + 1);
        for (const make of [() => union(a, b, c), () => intersection(a, b, c), () => difference(a, b)]) {
          const whole = make().sparse();
          const [start, end] = [whole.offsets[first]!, whole.offsets[last]!];
          const fresh = make();
          const block = fresh.computed?.rows(first, last);
          expect(block).toMatchObject({ receivers: last - first, senders: a.senders, edges: end - start });
          expect(block?.offsets).toEqual(whole.offsets.slice(first, last + 1).map((offset) => offset - start));
          expect(block?.senderOf).toEqual(whole.senderOf.slice(start, end));
          expect(block?.edgeOf).toEqual(whole.edgeOf.slice(start, end));
          expect(fresh.edges).toBe(whole.edges);
          expect(fresh.sparse()).toEqual(whole);
          expect(fresh.sparse()).toBe(fresh.sparse());
          const numbered = fresh.computed?.rows(first, last);
          expect(numbered?.edgeOf).toEqual(block?.edgeOf);
        }
      }),
    ));

  it("are named after the operation", () => {
    const [a, b] = [complete(1), keyPadding([1])];
    expect([union(a, b).kind, intersection(a, b).kind, difference(a, b).kind]).toEqual([
      "union",
      "intersection",
      "difference",
    ]);
  });

  it("hold a row that is longer than what came before it", () => {
    const present = upTo(3000).map((j) => j % 2 === 0);
    const rest = difference(complete(2, 3000), keyPadding(present, 2));
    expect(rest.edges).toBe(3000);
    expect(rowsIn(rest)[1]).toEqual(upTo(1500).map((k) => 2 * k + 1));
    expect(rowsIn(union(rest, keyPadding(present, 2)))[1]).toEqual(upTo(3000));
  });
});

describe("an intersection of runs has runs", () => {
  it("from the later start to the earlier end, also where nothing is left", () => {
    const both = intersection(causal(4), keyPadding([0, 1, 1, 0]), window(4, { radius: 1 }));
    expect(both.runs).toEqual({ starts: Uint32Array.of(1, 1, 1, 2), ends: Uint32Array.of(1, 2, 3, 3) });
    expect(rowsIn(both)).toEqual([[], [1], [1, 2], [2]]);
  });

  it("and no other combination has", () => {
    const dilated = window(4, { radius: 1, dilation: 2 });
    expect(intersection(causal(4), dilated).runs).toBeUndefined();
    expect(intersection(dilated, causal(4)).runs).toBeUndefined();
    expect(union(causal(4), complete(4)).runs).toBeUndefined();
    expect(difference(complete(4), causal(4)).runs).toBeUndefined();
  });
});

describe("combinations of neighborhoods that could not be listed", () => {
  const many = 100_000;

  it("give the rows of a block", () => {
    const everyoneSeesTheFirst = keyPadding([1, ...new Array<number>(many - 1).fill(0)]);
    const pattern = union(window(many, { radius: 1 }), everyoneSeesTheFirst);
    expect(pattern.computed?.rows(5, 7).senderOf).toEqual(Uint32Array.of(0, 4, 5, 6, 0, 5, 6, 7));
    const later = difference(complete(many), causal(many));
    expect(later.computed?.rows(many - 3, many).senderOf).toEqual(Uint32Array.of(many - 2, many - 1, many - 1));
    expect(union(complete(many), causal(many)).computed?.rows(5, 8).edges).toBe(3 * many);
  });

  it("ask their operands for no other rows", () => {
    const asked: (readonly [number, number])[] = [];
    const operand = complete(many);
    const watched: Neighborhood = {
      kind: "watched",
      receivers: many,
      senders: many,
      edges: operand.edges,
      sparse: () => {
        throw new Error("listed as a whole");
      },
      computed: new ComputedRows((first, last) => {
        asked.push([first, last]);
        return SparseNeighborhood.fromRows({
          offsets: Uint32Array.from({ length: last - first + 1 }, (_, k) => k),
          senderOf: Uint32Array.from({ length: last - first }, () => 7),
          senders: many,
        });
      }),
    };
    for (const make of [union, intersection, difference]) {
      asked.length = 0;
      const combined = make(watched, window(many, { radius: 1, dilation: 2 }));
      expect(asked).toEqual([]);
      combined.computed?.rows(5, 8);
      expect(asked).toEqual([[5, 8]]);
    }
  });

  it("list what is left of a run, not the run", () => {
    const edges = SparseNeighborhood.fromEdgeList({
      senders: Uint32Array.of(3, 9, many - 1),
      receivers: Uint32Array.of(9, 3, 5),
      senderCount: many,
      receiverCount: many,
    });
    const [back, forth] = [intersection(causal(many), edges), difference(edges, causal(many))];
    expect([...back.sparse().senderOf]).toEqual([3]);
    expect([...forth.sparse().senderOf]).toEqual([9, many - 1]);
  });
});

describe("neighborhoods of other counts are not combined", () => {
  const combinations: Readonly<Record<string, () => Neighborhood>> = {
    "union: receivers": () => union(complete(2, 3), complete(3, 3)),
    "union: the third": () => union(complete(2), complete(2), complete(3)),
    "intersection: senders": () => intersection(complete(2, 3), complete(2, 4)),
    "difference: both": () => difference(complete(2, 3), complete(3, 2)),
  };
  for (const [name, combine] of Object.entries(combinations)) {
    it(name, () =>
      expect(combine).toThrow(
        expect.objectContaining({
          name: "ShapeError",
          code: "shapes-differ",
          message: expect.stringContaining("receivers x senders"),
        }),
      ),
    );
  }
});
