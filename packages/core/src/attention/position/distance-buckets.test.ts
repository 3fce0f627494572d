import { describe, expect, it } from "vitest";
import { clippedBuckets, logarithmicBuckets } from "./distance-buckets.ts";

describe("clipped buckets", () => {
  it("are one for each distance, and one at either end for all that are farther", () => {
    const { buckets, bucketOf } = clippedBuckets(2);
    expect(buckets).toBe(5);
    expect([-1000, -3, -2, -1, 0, 1, 2, 3, 1000].map(bucketOf)).toEqual([0, 0, 0, 1, 2, 3, 4, 4, 4]);
  });

  it("may be a single one", () => {
    const { buckets, bucketOf } = clippedBuckets(0);
    expect([buckets, bucketOf(-7), bucketOf(0), bucketOf(7)]).toEqual([1, 0, 0, 0]);
  });

  for (const maximum of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuse the maximum ${maximum}`, () => {
      expect(() => clippedBuckets(maximum)).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    });
  }
});

/**
 * Where buckets begin, as [distance, bucket]: from `T5Attention._relative_position_bucket` of Hugging Face transformers, a copy of the authors'
 * code, for all distances to 1200.
 */
const published = [
  {
    options: {},
    before: [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91].map((start, bucket) => [start, bucket] as const),
    after: [
      [0, 0] as const,
      ...[1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91].map((start, k) => [start, 17 + k] as const),
    ],
  },
  {
    options: { causal: true },
    before: [
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      ...[16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113],
    ].map((start, bucket) => [start, bucket] as const),
    after: [[0, 0] as const],
  },
  {
    options: { buckets: 7, maximumDistance: 40, causal: true },
    before: [0, 1, 2, 3, 6, 11, 21].map((start, bucket) => [start, bucket] as const),
    after: [[0, 0] as const],
  },
];

describe("logarithmic buckets", () => {
  for (const { options, before, after } of published) {
    it(`are those of T5 for ${JSON.stringify(options)}`, () => {
      const { buckets, bucketOf } = logarithmicBuckets(options);
      expect(buckets).toBe(options.buckets ?? 32);
      for (let n = 0; n <= 1200; n++) {
        expect(bucketOf(-n), `${n} before`).toBe(before.findLast(([start]) => start <= n)?.[1]);
        expect(bucketOf(n), `${n} after`).toBe(after.findLast(([start]) => start <= n)?.[1]);
      }
    });
  }

  it("never fall with the distance, and use every bucket but the one that a distance of 0 would have after the receiver", () => {
    for (const options of [
      { buckets: 4, maximumDistance: 2 },
      { buckets: 20, maximumDistance: 300 },
      { buckets: 64, maximumDistance: 128 },
    ]) {
      const { bucketOf } = logarithmicBuckets(options);
      const half = options.buckets / 2;
      const before = Array.from({ length: 1000 }, (_, n) => bucketOf(-n));
      const after = Array.from({ length: 1000 }, (_, n) => bucketOf(n + 1));
      for (const list of [before, after]) expect(list).toEqual(list.toSorted((a, b) => a - b));
      expect(before[999]).toBe(half - 1);
      expect([after[0], after[999]]).toEqual([half + 1, 2 * half - 1]);
    }
  });

  for (const options of [
    { buckets: 31 },
    { buckets: 2 },
    { buckets: 1, causal: true },
    { buckets: 4.5 },
    { buckets: Number.NaN },
    { maximumDistance: 8 },
    { maximumDistance: 16, causal: true },
    { maximumDistance: 99.5 },
  ]) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      expect(() => logarithmicBuckets(options)).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    });
  }

  it("refuse a misspelt option", () => {
    expect(() => logarithmicBuckets({ causal: true, ...{ maxDistance: 3 } })).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});
