import { describe, expect, it } from "vitest";
import { largestError } from "../../conformance/largest-error.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { createWasmEngine } from "../../engine/wasm/wasm-engine.ts";
import { zeros } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import { alibi, alibiSlopes } from "./alibi.ts";

describe("the slopes of ALiBi", () => {
  it("are the published ones for 8 and 16 heads", () => {
    expect(Array.from(alibiSlopes(8))).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((k) => 1 / 2 ** k));
    alibiSlopes(16).forEach((slope, h) => {
      expect(slope).toBeCloseTo(2 ** (-(h + 1) / 2), 14);
    });
  });

  /** `get_slopes` of the authors' repository, attention_with_linear_biases/fairseq/models/transformer.py. */
  function authorsSlopes(n: number): number[] {
    if (Number.isInteger(Math.log2(n))) {
      const start = 2 ** -(2 ** -(Math.log2(n) - 3));
      return Array.from({ length: n }, (_, i) => start * start ** i);
    }
    const closest = 2 ** Math.floor(Math.log2(n));
    const between = authorsSlopes(2 * closest).filter((_, i) => i % 2 === 0);
    return [...authorsSlopes(closest), ...between.slice(0, n - closest)];
  }

  it("are those of the authors' code for every count of heads to 64", () => {
    for (let heads = 1; heads <= 64; heads++) {
      const expected = authorsSlopes(heads);
      expect(alibiSlopes(heads)).toHaveLength(heads);
      alibiSlopes(heads).forEach((slope, h) => {
        expect(slope, `head ${h} of ${heads}`).toBeCloseTo(expected[h]!, 14);
      });
    }
  });

  for (const heads of [0, -2, 1.5, Number.NaN]) {
    it(`refuse ${heads} heads`, () => {
      expect(() => alibiSlopes(heads)).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
    });
  }
});

describe("ALiBi", () => {
  it("has a bucket for each distance, and one for what comes after if causal", () => {
    const both = alibi({ heads: 2, receivers: 4 });
    expect(both.buckets).toBe(4);
    expect([both.bucketOf(3, 0), both.bucketOf(2, 2), both.bucketOf(0, 3)]).toEqual([3, 0, 3]);
    const causal = alibi({ heads: 2, receivers: 4, causal: true });
    expect(causal.buckets).toBe(5);
    expect([causal.bucketOf(3, 0), causal.bucketOf(2, 2), causal.bucketOf(0, 1)]).toEqual([3, 0, 4]);
  });

  it("takes positions of both sides, such as a decoder's that has only the last", () => {
    const bias = alibi({ heads: 1, receivers: [9], senders: 10 });
    expect([bias.buckets, bias.bucketOf(0, 9), bias.bucketOf(0, 0)]).toEqual([10, 0, 9]);
    expect(alibi({ heads: 1, receivers: [], senders: [4] }).buckets).toBe(1);
  });

  it("makes its table once an engine, outside of any scope", () => {
    const bias = alibi({ heads: 2, receivers: 3 });
    for (const engine of [createReferenceEngine(), createWasmEngine()]) {
      const query = zeros([3, 2, 4], { engine });
      const tables = [1, 2].map(() => scope(() => [bias.table(query)])[0]);
      scope(() => bias.table(query));
      expect(tables[0]).toBe(tables[1]);
      const expected = [0, 0, -1 / 16, -1 / 256, -1 / 8, -1 / 128];
      expect(largestError(bias.table(query).dataSync(), expected)).toBe(0);
    }
  });

  const refused: readonly (readonly [what: string, call: () => unknown, name: string, code: string])[] = [
    ["no heads", () => alibi({ heads: 0, receivers: 3 }), "OptionError", "out-of-range"],
    ["a negative count", () => alibi({ heads: 1, receivers: -3 }), "OptionError", "out-of-range"],
    ["half an element", () => alibi({ heads: 1, receivers: 3, senders: 2.5 }), "OptionError", "out-of-range"],
    ["time stamps", () => alibi({ heads: 1, receivers: [0, 1.7e9] }), "OptionError", "out-of-range"],
    ["half a position", () => alibi({ heads: 1, receivers: [0, 1.5] }), "DataError", "not-a-position"],
    [
      "an element without a position",
      () => alibi({ heads: 1, receivers: 2, senders: 3 }).bucketOf(2, 0),
      "DataError",
      "wrong-length",
    ],
    ["a misspelt option", () => alibi({ heads: 1, receivers: 3, ...{ sender: 2 } }), "OptionError", "unknown-option"],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }
});
