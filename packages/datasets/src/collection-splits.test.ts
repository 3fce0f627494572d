import { describe, expect, it } from "vitest";
import { protocolSplits, stratifiedSplits } from "./collection-splits.ts";
import type { Split } from "./dataset.ts";

function codes(split: Split | undefined, nodes: number): number[] {
  return Array.from({ length: nodes }, (_, node) => {
    const parts = [split?.train, split?.validation, split?.test];
    return parts.findIndex((part) => part?.includes(node)) + 1;
  });
}

describe("splits of the collection", () => {
  it("shuffles as NumPy does", () => {
    const labels = Int32Array.of(0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 2, 2, 1, 0, 0);
    const splits = stratifiedSplits(labels);
    expect(splits).toHaveLength(5);
    // From numpy.random.RandomState(seed).permutation of the nodes of each class, for the seeds 0 and 4.
    expect(codes(splits[0], 15)).toEqual([2, 2, 1, 1, 1, 1, 3, 1, 3, 3, 2, 1, 1, 1, 1]);
    expect(codes(splits[4], 15)).toEqual([1, 1, 1, 3, 3, 1, 2, 1, 1, 2, 1, 2, 1, 3, 1]);
  });

  it("takes 20 nodes a class to train and 30 to validate after the protocol of Shchur et al.", () => {
    const labels = Int32Array.from({ length: 300 }, (_, node) => node % 3);
    for (const split of protocolSplits(labels)) {
      expect([split.train.length, split.validation.length, split.test.length]).toEqual([60, 90, 150]);
      for (let c = 0; c < 3; c++) expect(split.train.filter((node) => labels[node] === c)).toHaveLength(20);
    }
  });
});
