import { OptionError, Random } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeBatches } from "./node-batches.ts";

const listed = (batches: readonly Uint32Array[]): number[][] => batches.map((batch) => [...batch]);

describe("nodeBatches", () => {
  it("keeps the order of the nodes unless it is given random numbers", () => {
    expect(listed(nodeBatches(Uint32Array.of(5, 3, 8, 1, 9), { size: 2 }))).toEqual([[5, 3], [8, 1], [9]]);
  });

  it("has each node in one batch, and only the last batch smaller", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000)), fc.integer({ min: 1, max: 10 }), fc.nat(), (nodes, size, seed) => {
        const batches = listed(nodeBatches(Uint32Array.from(nodes), { size, random: new Random(seed) }));
        expect(batches.flat().sort((a, b) => a - b)).toEqual(nodes.sort((a, b) => a - b));
        for (const batch of batches.slice(0, -1)) expect(batch.length).toBe(size);
        for (const batch of batches.slice(-1)) expect(batch.length).toBeGreaterThan(0);
      }),
    );
  });

  it("gives another order in each epoch, and the same epochs from the same seed", () => {
    const nodes = Uint32Array.from({ length: 50 }, (_, node) => node);
    const epochs = (seed: number): number[][][] => {
      const random = new Random(seed);
      return [1, 2].map(() => listed(nodeBatches(nodes, { size: 20, random })));
    };
    expect(epochs(1)).toEqual(epochs(1));
    expect(epochs(1)[0]).not.toEqual(epochs(1)[1]);
    expect(epochs(1)).not.toEqual(epochs(2));
  });

  it("leaves the nodes as they are", () => {
    const nodes = Uint32Array.of(4, 2, 7);
    const [batch] = nodeBatches(nodes, { random: new Random(0) });
    batch?.fill(0);
    nodeBatches(nodes)[0]?.fill(0);
    expect([...nodes]).toEqual([4, 2, 7]);
  });

  it("cuts into batches of 1024 by default", () => {
    expect(nodeBatches(new Uint32Array(1025)).map(({ length }) => length)).toEqual([1024, 1]);
  });

  it("gives no batch of no nodes", () => {
    expect(nodeBatches(new Uint32Array(0))).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses batches of %s nodes", (size) => {
    expect(() => nodeBatches(Uint32Array.of(1), { size })).toThrow(OptionError);
    expect(() => nodeBatches(Uint32Array.of(1), { size })).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });

  it("refuses an unknown option", () => {
    const options: object = { batchSize: 3 };
    expect(() => nodeBatches(Uint32Array.of(1), options)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
