import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ItemSplit } from "./item-split.ts";
import { splitByTime, splitRandomly, splitStratified } from "./split-items.ts";

const sorted = (numbers: Iterable<number>): number[] => Array.from(numbers).sort((a, b) => a - b);
const all = ({ train, validation, test }: ItemSplit): number[] => sorted([...train, ...validation, ...test]);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

describe("every split", () => {
  const held = { testFraction: 0.2, validationFraction: 0.1 };
  const splits: readonly (readonly [what: string, split: (count: number) => ItemSplit])[] = [
    ["at random", (count) => splitRandomly(count, held)],
    [
      "by class",
      (count) =>
        splitStratified(
          upTo(count).map((item) => item % 3),
          held,
        ),
    ],
    [
      "by time",
      (count) =>
        splitByTime(
          upTo(count).map((item) => (item * 7) % 11),
          held,
        ),
    ],
  ];

  it.each(splits)("%s gives each item one part, of the size asked for, in ascending order", (_what, split) => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 300 }), (count) => {
        const parts = split(count);
        expect(all(parts)).toEqual(upTo(count));
        expect(parts.test).toHaveLength(Math.round(0.2 * count));
        expect(parts.validation).toHaveLength(Math.round(0.1 * count));
        for (const part of [parts.train, parts.validation, parts.test]) expect(Array.from(part)).toEqual(sorted(part));
      }),
      { numRuns: 30 },
    );
  });

  it.each(splits)("%s is the same each time", (_what, split) => expect(split(100)).toEqual(split(100)));
});

describe("splitRandomly", () => {
  it("holds out a tenth for validation from 50 items on, and nothing for testing, unless told to", () => {
    expect(splitRandomly(50).validation).toHaveLength(5);
    expect(splitRandomly(50).test).toHaveLength(0);
    expect(splitRandomly(49).train).toHaveLength(49);
  });

  it("draws others for another seed", () => {
    const test = (seed: number) => splitRandomly(100, { seed, testFraction: 0.2 }).test;
    expect(test(1)).not.toEqual(test(2));
  });

  it("splits the items of a list alone", () => {
    expect(all(splitRandomly([7, 3, 11, 5], { testFraction: 0.5 }))).toEqual([3, 5, 7, 11]);
  });
});

describe("splitStratified", () => {
  it("gives each class its share of every part, to the nearest item", () => {
    const classes = [
      ...new Array<string>(60).fill("often"),
      ...new Array<string>(30).fill("at times"),
      ...new Array<string>(10).fill("seldom"),
    ];
    const { train, validation, test } = splitStratified(classes, { testFraction: 0.1, validationFraction: 0.2 });
    const counts = (part: Uint32Array) =>
      ["often", "at times", "seldom"].map((name) => part.reduce((n, item) => n + (classes[item] === name ? 1 : 0), 0));
    expect(counts(test)).toEqual([6, 3, 1]);
    expect(counts(validation)).toEqual([12, 6, 2]);
    expect(counts(train)).toEqual([42, 21, 7]);
  });

  it("learns from a class of one", () => {
    for (let seed = 0; seed < 20; seed++) {
      const classes = [...new Array<number>(19).fill(0), 1];
      expect(splitStratified(classes, { seed, testFraction: 0.3, validationFraction: 0.3 }).train).toContain(19);
    }
  });

  it("splits the items named alone", () => {
    expect(all(splitStratified([0, 1, 0, 1, 0, 1], { items: [1, 2, 3, 4], testFraction: 0.5 }))).toEqual([1, 2, 3, 4]);
  });
});

describe("splitByTime", () => {
  it("learns from the earliest, stops by those after them, and tests on the latest", () => {
    const years = [2020, 2011, 2015, 2013, 2019, 2012, 2018, 2014, 2017, 2016];
    const { train, validation, test } = splitByTime(years, { testFraction: 0.2, validationFraction: 0.2 });
    const yearsOf = (part: Uint32Array) => sorted(Array.from(part, (item) => years[item]!));
    expect(yearsOf(test)).toEqual([2019, 2020]);
    expect(yearsOf(validation)).toEqual([2017, 2018]);
    expect(yearsOf(train)).toEqual([2011, 2012, 2013, 2014, 2015, 2016]);
  });

  it("takes of equal times those that are listed last as the latest", () => {
    expect(splitByTime([5, 5, 5, 5], { testFraction: 0.25 }).test).toEqual(Uint32Array.of(3));
  });
});

describe("a split refuses", () => {
  it.each<[string, string, () => unknown]>([
    ["a negative share", "out-of-range", () => splitRandomly(10, { testFraction: -0.1 })],
    ["nothing to train on", "out-of-range", () => splitRandomly(10, { testFraction: 0.5, validationFraction: 0.5 })],
    ["a share that is no number", "out-of-range", () => splitRandomly(10, { testFraction: Number.NaN })],
    ["half an item", "out-of-range", () => splitRandomly(2.5)],
    ["a part that would be empty", "too-few-items", () => splitRandomly(4, { testFraction: 0.1 })],
    ["no items", "too-few-items", () => splitStratified([])],
    ["an item twice", "duplicate-item", () => splitRandomly([1, 1])],
    ["an item that is no whole number", "index-out-of-range", () => splitRandomly([1, 0.5])],
    ["an item without a class", "index-out-of-range", () => splitStratified([0, 1], { items: [0, 2] })],
    ["an item without a time", "index-out-of-range", () => splitByTime([0, 1], { items: [2] })],
    ["a time that is no number", "not-finite", () => splitByTime([0, Number.NaN])],
    // @ts-expect-error: the option is not one.
    ["an option that is none", "unknown-option", () => splitByTime([0, 1], { seed: 1 })],
  ])("%s", (_what, code, call) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
