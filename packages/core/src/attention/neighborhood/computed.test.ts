import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causal } from "./causal.ts";
import { complete } from "./complete.ts";
import { grid } from "./grid.ts";
import { groups } from "./groups.ts";
import { keyPadding } from "./key-padding.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { sequences } from "./sequences.ts";
import { window } from "./window.ts";

/** A neighborhood with its mathematical definition. */
interface Defined {
  readonly neighborhood: Neighborhood;
  readonly receivers: number;
  readonly senders: number;
  readonly attends: (receiver: number, sender: number) => boolean;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
const small = fc.integer({ min: 0, max: 9 });

/** Which sequence each element of a packed batch belongs to, and its place there. */
function placesIn(lengths: readonly number[]): readonly { readonly sequence: number; readonly place: number }[] {
  return lengths.flatMap((length, sequence) => upTo(length).map((place) => ({ sequence, place })));
}

const families: Readonly<Record<string, fc.Arbitrary<Defined>>> = {
  "complete: everyone, everyone": fc.tuple(small, small).map(([receivers, senders]) => ({
    neighborhood: complete(receivers, senders),
    receivers,
    senders,
    attends: () => true,
  })),

  "causal: itself and all before it, the receivers being the last senders": fc
    .tuple(small, small)
    .map(([receivers, earlier]) => ({
      neighborhood: causal(receivers, { senders: receivers + earlier }),
      receivers,
      senders: receivers + earlier,
      attends: (i, j) => j <= i + earlier,
    })),

  "window: multiples of the dilation up to the radius, to either side or only before": fc
    .record({
      receivers: small,
      earlier: fc.integer({ min: 0, max: 4 }),
      radius: fc.integer({ min: 0, max: 11 }),
      dilation: fc.integer({ min: 1, max: 4 }),
      causal: fc.boolean(),
    })
    .map(({ receivers, earlier, radius, dilation, causal }) => ({
      neighborhood: window(receivers, { radius, dilation, causal, senders: receivers + earlier }),
      receivers,
      senders: receivers + earlier,
      attends: (i, j) => {
        const distance = j - (i + earlier);
        const isInside = Math.abs(distance) <= radius * dilation && Math.abs(distance) % dilation === 0;
        return isInside && !(causal && distance > 0);
      },
    })),

  "grid: a window in two directions, cut at the borders": fc
    .record({
      rows: fc.integer({ min: 0, max: 6 }),
      columns: fc.integer({ min: 0, max: 6 }),
      rowRadius: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
      columnRadius: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
      dilation: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ rows, columns, rowRadius, columnRadius, dilation }) => {
      const isNear = (distance: number, radius = Number.POSITIVE_INFINITY): boolean =>
        Math.abs(distance) <= radius * dilation && Math.abs(distance) % dilation === 0;
      return {
        neighborhood: grid(rows, columns, {
          ...(rowRadius !== undefined && { rowRadius }),
          ...(columnRadius !== undefined && { columnRadius }),
          dilation,
        }),
        receivers: rows * columns,
        senders: rows * columns,
        attends: (i, j) => {
          const [iRow, jRow] = [Math.floor(i / columns), Math.floor(j / columns)];
          return isNear(iRow - jRow, rowRadius) && isNear((i % columns) - (j % columns), columnRadius);
        },
      };
    }),

  "sequences: the same sequence, or only what is not later in it": fc
    .record({
      pairs: fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), { maxLength: 5 }),
      causal: fc.boolean(),
    })
    .map(({ pairs, causal }) => {
      const lengths = pairs.map(([length]) => length);
      const senderLengths = pairs.map(([length, more]) => (causal ? length + more : more));
      const [receivers, senders] = [placesIn(lengths), placesIn(senderLengths)];
      return {
        neighborhood: sequences(lengths, { causal, senders: senderLengths }),
        receivers: receivers.length,
        senders: senders.length,
        attends: (i, j) => {
          const [receiver, sender] = [receivers[i]!, senders[j]!];
          if (receiver.sequence !== sender.sequence) return false;
          const { sequence, place } = receiver;
          return !causal || sender.place <= place + senderLengths[sequence]! - lengths[sequence]!;
        },
      };
    }),

  "groups: the same group": fc
    .record({
      ofReceiver: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 9 }),
      ofSender: fc.option(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 9 }), { nil: undefined }),
    })
    .map(({ ofReceiver, ofSender }) => ({
      neighborhood: groups(ofReceiver, ofSender && { senders: ofSender }),
      receivers: ofReceiver.length,
      senders: (ofSender ?? ofReceiver).length,
      attends: (i, j) => ofReceiver[i] === (ofSender ?? ofReceiver)[j],
    })),

  "keyPadding: all that is present": fc
    .tuple(fc.array(fc.oneof(fc.boolean(), fc.constantFrom(0, 1)), { maxLength: 9 }), small)
    .map(([present, receivers]) => ({
      neighborhood: keyPadding(present, receivers),
      receivers,
      senders: present.length,
      attends: (_, j) => Boolean(present[j]),
    })),
};

for (const [name, arbitrary] of Object.entries(families)) {
  describe(name, () => {
    const forAll = (check: (defined: Defined) => void): void => fc.assert(fc.property(arbitrary, check));

    it("holds exactly the pairs of its definition, senders ascending", () =>
      forAll(({ neighborhood, receivers, senders, attends }) => {
        const expected = upTo(receivers).map((i) => upTo(senders).filter((j) => attends(i, j)));
        const { offsets, senderOf, edgeOf, receiverOf } = neighborhood.sparse();
        expect([neighborhood.receivers, neighborhood.senders]).toEqual([receivers, senders]);
        expect(neighborhood.edges).toBe(expected.flat().length);
        expect(upTo(receivers).map((i) => [...senderOf.subarray(offsets[i], offsets[i + 1])])).toEqual(expected);
        expect([...receiverOf]).toEqual(expected.flatMap((row, i) => row.map(() => i)));
        expect([...edgeOf]).toEqual(upTo(neighborhood.edges));
        expect(neighborhood.sparse()).toBe(neighborhood.sparse());
      }));

    it("gives any block of rows as a slice of the whole, numbered as there", () =>
      fc.assert(
        fc.property(arbitrary, fc.nat(), fc.nat(), ({ neighborhood, receivers, senders }, a, b) => {
          const last = a % (receivers + 1);
          const first = b % (last + 1);
          const whole = neighborhood.sparse();
          const block = neighborhood.computed?.rows(first, last);
          const [start, end] = [whole.offsets[first]!, whole.offsets[last]!];
          expect(block).toMatchObject({ receivers: last - first, senders, edges: end - start });
          expect(block?.offsets).toEqual(whole.offsets.slice(first, last + 1).map((offset) => offset - start));
          expect(block?.senderOf).toEqual(whole.senderOf.slice(start, end));
          expect(block?.edgeOf).toEqual(whole.edgeOf.slice(start, end));
        }),
      ));

    it("has runs, if any, that say the same as its rows", () =>
      forAll(({ neighborhood, receivers }) => {
        const { runs } = neighborhood;
        if (runs === undefined) return;
        const { offsets, senderOf } = neighborhood.sparse();
        expect([runs.starts.length, runs.ends.length]).toEqual([receivers, receivers]);
        for (let i = 0; i < receivers; i++) {
          const [start, end] = [runs.starts[i]!, runs.ends[i]!];
          expect([...senderOf.subarray(offsets[i], offsets[i + 1])]).toEqual(upTo(end - start).map((k) => start + k));
          expect(end).toBeLessThanOrEqual(neighborhood.senders);
        }
        expect(neighborhood.runs).toBe(runs);
      }));

    it("refuses blocks that it does not have", () =>
      forAll(({ neighborhood, receivers }) => {
        for (const [first, last] of [
          [0, receivers + 1],
          [-1, receivers],
          [1, 0],
          [0.5, receivers],
          [0, Number.NaN],
        ] as const) {
          expect(() => neighborhood.computed?.rows(first, last)).toThrow(
            expect.objectContaining({ name: "ShapeError", code: "out-of-range" }),
          );
        }
      }));
  });
}

describe("runs are there where rows are runs by construction:", () => {
  const cases: Readonly<Record<string, readonly [neighborhood: Neighborhood, hasRuns: boolean]>> = {
    complete: [complete(3, 4), true],
    causal: [causal(3), true],
    "a window without dilation": [window(6, { radius: 2 }), true],
    "no window with dilation": [window(6, { radius: 2, dilation: 2 }), false],
    "a grid where everyone attends to everyone": [grid(3, 4), true],
    "a grid of rows": [grid(3, 4, { rowRadius: 0 }), true],
    "a grid of bands of rows": [grid(3, 4, { rowRadius: 1 }), true],
    "a grid with a window as wide as itself": [grid(3, 4, { radius: 3 }), true],
    "no grid with a smaller window": [grid(3, 4, { radius: 2 }), false],
    "no grid with dilation": [grid(3, 4, { rowRadius: 0, dilation: 2 }), false],
    sequences: [sequences([3, 0, 2]), true],
    "groups that follow one another": [groups([7, 7, 2, 5, 5]), true],
    "no groups that interleave": [groups([0, 1, 0]), false],
    "padding at the ends": [keyPadding([0, 1, 1, 0]), true],
    "nothing but padding": [keyPadding([0, 0]), true],
    "no padding in the middle": [keyPadding([1, 0, 1]), false],
  };
  for (const [name, [neighborhood, hasRuns]] of Object.entries(cases)) {
    it(name, () => expect(neighborhood.runs !== undefined).toBe(hasRuns));
  }
});

describe("defaults", () => {
  const rowsOf = (neighborhood: Neighborhood): number[][] => {
    const { offsets, senderOf, receivers } = neighborhood.sparse();
    return upTo(receivers).map((i) => [...senderOf.subarray(offsets[i], offsets[i + 1])]);
  };

  it("causal has as many senders as receivers", () => expect(rowsOf(causal(3))).toEqual([[0], [0, 1], [0, 1, 2]]));

  it("a window looks to both sides, without dilation", () =>
    expect(rowsOf(window(4, { radius: 1 }))).toEqual([
      [0, 1],
      [0, 1, 2],
      [1, 2, 3],
      [2, 3],
    ]));

  it("sequences attend to themselves, in full", () =>
    expect(rowsOf(sequences(Uint8Array.of(2, 1)))).toEqual([[0, 1], [0, 1], [2]]));

  it("key padding is that of self-attention", () => expect(rowsOf(keyPadding([true, false]))).toEqual([[0], [0]]));

  it("a grid takes one radius for both directions, or another for one of them", () => {
    expect(rowsOf(grid(3, 3, { radius: 1 }))[0]).toEqual([0, 1, 3, 4]);
    expect(rowsOf(grid(3, 3, { radius: 1, rowRadius: 0 }))[4]).toEqual([3, 4, 5]);
    expect(rowsOf(grid(3, 3, { radius: 1, columnRadius: 0 }))[4]).toEqual([1, 4, 7]);
  });
});

describe("nothing is listed before it is asked for", () => {
  it("gives rows of neighborhoods that no memory holds", () => {
    const most = 2 ** 32 - 1;
    expect(complete(most, 3).computed?.rows(7, 9).senderOf).toEqual(Uint32Array.of(0, 1, 2, 0, 1, 2));
    expect(window(most, { radius: 1 }).computed?.rows(most - 1, most).senderOf).toEqual(
      Uint32Array.of(most - 2, most - 1),
    );
    expect(causal(1e6).computed?.rows(1, 2).senderOf).toEqual(Uint32Array.of(0, 1));
    expect(grid(65_535, 65_537, { radius: 1 }).computed?.rows(0, 1).senderOf).toEqual(
      Uint32Array.of(0, 1, 65_537, 65_538),
    );
  });

  it("counts and has runs where listing is refused", () => {
    const neighborhood = complete(1e6);
    expect(neighborhood.edges).toBe(1e12);
    expect(neighborhood.runs?.ends[999_999]).toBe(1e6);
    for (const list of [() => neighborhood.sparse(), () => neighborhood.computed?.rows(0, 3000)]) {
      expect(list).toThrow(
        expect.objectContaining({
          name: "ShapeError",
          code: "too-many-pairs",
          message: expect.stringContaining("Take them in blocks"),
        }),
      );
    }
  });

  it("gives the rows of a block whose numbers in the whole do not fit 32 bits", () => {
    const block = complete(1e6, 5000).computed?.rows(999_999, 1e6);
    expect(block?.senderOf).toHaveLength(5000);
    expect(() => block?.edgeOf).toThrow(expect.objectContaining({ name: "ShapeError", code: "too-many-pairs" }));
    const last = complete(2 ** 31, 2).computed?.rows(2 ** 31 - 1, 2 ** 31);
    expect(last?.edgeOf).toEqual(Uint32Array.of(2 ** 32 - 2, 2 ** 32 - 1));
  });
});

/** Options as they come from where no compiler looks. */
const untyped = (options: object): object => options;

describe("bad arguments are refused:", () => {
  const refused: Readonly<Record<string, readonly [make: () => unknown, name: string, code: string, says: string]>> = {
    "a negative count": [() => complete(-1), "OptionError", "out-of-range", "receivers -1"],
    "a fraction": [() => complete(2, 1.5), "OptionError", "out-of-range", "senders 1.5"],
    "more than 32 bits number": [() => complete(2 ** 32), "OptionError", "out-of-range", "4294967296"],
    "causal, of no number": [() => causal(Number.NaN), "OptionError", "out-of-range", "NaN"],
    "causal, with fewer senders": [() => causal(3, { senders: 2 }), "OptionError", "out-of-range", "from 3 to"],
    "a window of a negative count": [() => window(-1, { radius: 1 }), "OptionError", "out-of-range", "receivers -1"],
    "a negative radius": [() => window(3, { radius: -1 }), "OptionError", "out-of-range", "radius -1"],
    "a dilation of 0": [() => window(3, { radius: 1, dilation: 0 }), "OptionError", "out-of-range", "dilation 0"],
    "a window with fewer senders": [
      () => window(3, { radius: 1, senders: 2 }),
      "OptionError",
      "out-of-range",
      "senders 2",
    ],
    "a negative count of rows": [() => grid(-1, 2), "OptionError", "out-of-range", "rows -1"],
    "a fraction of a column": [() => grid(1, 2.5), "OptionError", "out-of-range", "columns 2.5"],
    "a grid of too many cells": [() => grid(2 ** 20, 2 ** 20), "OptionError", "out-of-range", "cells"],
    "a negative radius of a grid": [() => grid(2, 2, { radius: -1 }), "OptionError", "out-of-range", "radius -1"],
    "a negative radius of rows": [() => grid(2, 2, { rowRadius: -1 }), "OptionError", "out-of-range", "rowRadius -1"],
    "a radius of half a column": [
      () => grid(2, 2, { columnRadius: 0.5 }),
      "OptionError",
      "out-of-range",
      "columnRadius 0.5",
    ],
    "a dilation of a grid of 0": [() => grid(2, 2, { dilation: 0 }), "OptionError", "out-of-range", "dilation 0"],
    "a negative length": [
      () => sequences([2, -1]),
      "DataError",
      "out-of-range",
      "receivers: got the length -1 for sequence 1",
    ],
    "a fraction of a sender": [
      () => sequences([2], { senders: [0.5] }),
      "DataError",
      "out-of-range",
      "senders: got the length 0.5 for sequence 0",
    ],
    "other sequences of senders": [
      () => sequences([2, 1], { senders: [2] }),
      "ShapeError",
      "shapes-differ",
      "2 sequences of receivers and 1",
    ],
    "a causal sequence longer than its senders": [
      () => sequences([1, 3], { senders: [4, 2], causal: true }),
      "DataError",
      "out-of-range",
      "in sequence 1",
    ],
    "sequences of too many elements": [() => sequences([2 ** 31, 2 ** 31]), "OptionError", "out-of-range", "in total"],
    "a negative group": [() => groups([0, -1]), "DataError", "out-of-range", "the group -1 for element 1"],
    "a group of the senders that is none": [
      () => groups([0], { senders: [0.5] }),
      "DataError",
      "out-of-range",
      "the group 0.5",
    ],
    "a mask that is added to logits": [
      () => keyPadding([0, Number.NEGATIVE_INFINITY]),
      "DataError",
      "out-of-range",
      "-Infinity for element 1",
    ],
    "a negative count of receivers of padding": [
      () => keyPadding([1], -1),
      "OptionError",
      "out-of-range",
      "receivers -1",
    ],
    "an unknown option of causal": [() => causal(1, untyped({ sender: 1 })), "OptionError", "unknown-option", "sender"],
    "an unknown option of window": [
      () => window(1, { radius: 1, ...untyped({ size: 1 }) }),
      "OptionError",
      "unknown-option",
      "size",
    ],
    "an unknown option of grid": [() => grid(1, 1, untyped({ size: 1 })), "OptionError", "unknown-option", "size"],
    "an unknown option of sequences": [
      () => sequences([1], untyped({ masked: true })),
      "OptionError",
      "unknown-option",
      "masked",
    ],
    "an unknown option of groups": [
      () => groups([1], untyped({ sender: [1] })),
      "OptionError",
      "unknown-option",
      "sender",
    ],
  };
  for (const [what, [make, name, code, says]] of Object.entries(refused)) {
    it(what, () =>
      expect(make).toThrow(expect.objectContaining({ name, code, message: expect.stringContaining(says) })),
    );
  }
});
