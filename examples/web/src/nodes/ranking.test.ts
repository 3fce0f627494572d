import { SparseNeighborhood } from "@vicinal/core";
import type { AttentionRecord } from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { neighborsOf, rankNeighbors } from "./ranking.ts";

/** Node 0 attends to 1, to 2 and, in the layer, to itself; messages have keys of edges in their order. */
const given = SparseNeighborhood.fromEdgeList({
  senders: Uint32Array.of(1, 0, 2, 0),
  receivers: Uint32Array.of(0, 1, 0, 2),
  senderCount: 3,
  receiverCount: 3,
});
const graph = { neighborhood: given, edgeKeys: ["ab", "ab", "ac", "ac"] };
const withLoops = SparseNeighborhood.fromEdgeList({
  senders: Uint32Array.of(1, 2, 0, 0, 1, 0, 2),
  receivers: Uint32Array.of(0, 0, 0, 1, 1, 2, 2),
  senderCount: 3,
  receiverCount: 3,
});
const record: AttentionRecord = {
  given,
  neighborhood: withLoops,
  edgeOf: Int32Array.of(0, 2, -1, 1, -1, 3, -1),
  heads: 2,
  weights: Float64Array.of(0.2, 0.5, 0.3, 0.4, 0.5, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
};

const numbers = new Map([
  ["ab", 0],
  ["ac", 1],
]);

describe("neighborsOf", () => {
  it("gives the heads of every layer to each neighbor, and to the node itself", () => {
    expect(neighborsOf(graph, [record, record], 0, numbers)).toEqual([
      {
        node: 1,
        edge: 0,
        heads: [
          [0.2, 0.5],
          [0.2, 0.5],
        ],
      },
      {
        node: 2,
        edge: 1,
        heads: [
          [0.3, 0.4],
          [0.3, 0.4],
        ],
      },
      {
        node: 0,
        edge: -1,
        heads: [
          [0.5, 0.1],
          [0.5, 0.1],
        ],
      },
    ]);
  });

  it("sums to one in each head", () => {
    const neighbors = neighborsOf(graph, [record], 0, numbers);
    for (const head of [0, 1]) {
      expect(neighbors.reduce((sum, { heads }) => sum + heads[0]![head]!, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe("rankNeighbors", () => {
  const neighbors = neighborsOf(graph, [record], 0, numbers);

  it("ranks by one head, or by the mean of all", () => {
    expect(rankNeighbors(neighbors, 0, 0).map(({ node }) => node)).toEqual([0, 2, 1]);
    expect(rankNeighbors(neighbors, 0, 1).map(({ node }) => node)).toEqual([1, 2, 0]);
    expect(rankNeighbors(neighbors, 0, "mean").map(({ node, weight }) => [node, weight])).toEqual([
      [1, 0.35],
      [2, 0.35],
      [0, 0.3],
    ]);
  });

  it("knows no weights of a layer that there is not", () => {
    expect(rankNeighbors(neighbors, 5, "mean").map(({ weight }) => weight)).toEqual([0, 0, 0]);
  });
});
