import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocksOf, rowsOf, smallBlocks } from "./blocks.ts";
import { causal } from "./causal.ts";
import { complete } from "./complete.ts";
import { ComputedRows } from "./computed-rows.ts";
import { keyPadding } from "./key-padding.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { segments } from "./segments.ts";
import { sequences } from "./sequences.ts";
import { SparseNeighborhood } from "./sparse.ts";
import { window } from "./window.ts";

/** Neighborhoods that have runs, that compute rows, and that are stored, with empty rows. */
const neighborhoods = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }).map((lengths) => sequences(lengths, { causal: true })),
  fc.integer({ min: 0, max: 12 }).map((count) => window(count, { radius: 2, dilation: 2 })),
  fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 20 }).map((of) => segments(Uint32Array.from(of), 7)),
  fc.array(fc.boolean(), { maxLength: 6 }).map((present) => keyPadding(present, 4)),
);

const degreesIn = (neighborhood: Neighborhood): number[] => {
  const { offsets } = neighborhood.sparse();
  return Array.from({ length: neighborhood.receivers }, (_, i) => offsets[i + 1]! - offsets[i]!);
};

describe("blocksOf", () => {
  it("cuts the receivers in order into blocks with the pairs allowed, as few as possible", () =>
    fc.assert(
      fc.property(neighborhoods, fc.integer({ min: 1, max: 20 }), (neighborhood, most) => {
        const degrees = degreesIn(neighborhood);
        const total = (first: number, last: number): number =>
          degrees.slice(first, last).reduce((sum, degree) => sum + degree, 0);
        let next = 0;
        for (const [first, last] of blocksOf(neighborhood, most)) {
          expect(first).toBe(next);
          expect(last).toBeGreaterThan(first);
          if (last - first > 1) expect(total(first, last)).toBeLessThanOrEqual(most);
          if (last < degrees.length) expect(total(first, last + 1)).toBeGreaterThan(most);
          next = last;
        }
        expect(next).toBe(neighborhood.receivers);
      }),
    ));

  it("lists no pairs of a neighborhood that has runs", () => {
    const blocks = [...blocksOf(complete(1e5, 1e9), 4e9)];
    expect(blocks).toHaveLength(25_000);
    expect(blocks[24_999]).toEqual([99_996, 100_000]);
  });

  it("looks through a neighborhood without runs a bounded part at a time, and never at the whole", () => {
    const many = 1e6;
    let most = 0;
    const dilated = window(many, { radius: 1, dilation: 2 });
    const watched: Neighborhood = {
      kind: "watched",
      receivers: 40,
      senders: many,
      edges: 0,
      sparse: () => {
        throw new Error("listed as a whole");
      },
      computed: new ComputedRows((first, last) => {
        most = Math.max(most, last - first);
        return rowsOf(dilated, first, last);
      }),
    };
    expect([...blocksOf(watched, 9)].slice(0, 3)).toEqual([
      [0, 3],
      [3, 6],
      [6, 9],
    ]);
    expect(most * many).toBeLessThanOrEqual(2 ** 24);
  });

  it("refuses blocks of nothing before the first is asked for", () => {
    for (const pairs of [0, -1, 0.5, Number.NaN]) {
      expect(() => blocksOf(complete(2), pairs)).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    }
  });
});

describe("rowsOf", () => {
  it("gives the same rows of stored and of computed neighborhoods", () =>
    fc.assert(
      fc.property(neighborhoods, fc.nat(), fc.nat(), (neighborhood, a, b) => {
        const last = a % (neighborhood.receivers + 1);
        const first = b % (last + 1);
        const { offsets, senderOf } = neighborhood.sparse();
        const block = rowsOf(neighborhood, first, last);
        const [start, end] = [offsets[first]!, offsets[last]!];
        expect(block).toMatchObject({ receivers: last - first, senders: neighborhood.senders });
        expect(block.senderOf).toEqual(senderOf.slice(start, end));
        expect(block.offsets).toEqual(offsets.slice(first, last + 1).map((offset) => offset - start));
        expect([...block.edgeOf]).toEqual(Array.from({ length: end - start }, (_, p) => start + p));
      }),
    ));

  it("refuses rows that are not there, of either", () => {
    const stored = segments(Uint32Array.of(0), 2);
    const list = SparseNeighborhood.fromRows({
      offsets: Uint32Array.of(0, 0, 0),
      senderOf: new Uint32Array(0),
      senders: 1,
    });
    for (const neighborhood of [stored, list, causal(2)]) {
      expect(() => rowsOf(neighborhood, 1, 3)).toThrow(
        expect.objectContaining({ name: "ShapeError", code: "out-of-range" }),
      );
    }
  });
});

describe("small blocks", () => {
  it("take one receiver at least, and cover all that is asked for", () => {
    expect([...smallBlocks(complete(9, 2 ** 25), 2, 5)]).toEqual([
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
    expect([...smallBlocks(complete(9, 2 ** 23), 2, 5)]).toEqual([
      [2, 4],
      [4, 5],
    ]);
    expect([...smallBlocks(complete(9, 0), 2, 5)]).toEqual([[2, 5]]);
    expect([...smallBlocks(complete(9), 4, 4)]).toEqual([]);
  });
});
