import { Random, type SparseNeighborhood } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Edges, neighborhoodOfEdges } from "../../convert/edge-list.ts";
import { plantedEdges } from "../../testing/graphs.ts";
import { partitionNodes } from "./partition-nodes.ts";

function sizesOf(clusterOf: Uint32Array, clusters: number): number[] {
  const sizes = new Array<number>(clusters).fill(0);
  for (const cluster of clusterOf) sizes[cluster]!++;
  return sizes;
}

/** The share of the edges that lead from one cluster to another. */
function cutOf({ senderOf, receiverOf, edges }: SparseNeighborhood, clusterOf: Uint32Array): number {
  let cut = 0;
  for (let p = 0; p < edges; p++) if (clusterOf[senderOf[p]!] !== clusterOf[receiverOf[p]!]) cut++;
  return cut / edges;
}

function gridEdges(side: number): Edges {
  const pairs: [number, number][] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const node = row * side + column;
      if (column + 1 < side) pairs.push([node, node + 1]);
      if (row + 1 < side) pairs.push([node, node + side]);
    }
  }
  return {
    sources: Uint32Array.from(pairs, ([source]) => source),
    targets: Uint32Array.from(pairs, ([, target]) => target),
  };
}

describe("partitionNodes", () => {
  it("puts each node into one of the clusters, none larger than allowed", () => {
    const graphs = fc.integer({ min: 1, max: 60 }).chain((nodes) =>
      fc.record({
        nodes: fc.constant(nodes),
        pairs: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 200 }),
        clusters: fc.integer({ min: 1, max: 12 }),
        imbalance: fc.constantFrom(0, 0.05, 0.3, 2),
        seed: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(graphs, ({ nodes, pairs, clusters, imbalance, seed }) => {
        const edges = {
          sources: Uint32Array.from(pairs, ([source]) => source),
          targets: Uint32Array.from(pairs, ([, target]) => target),
        };
        const graph = neighborhoodOfEdges(nodes, edges, { directed: true, coalesce: false });
        const clusterOf = partitionNodes(graph, { clusters, imbalance, random: new Random(seed) });
        expect(clusterOf.length).toBe(nodes);
        const sizes = sizesOf(clusterOf, clusters);
        expect(sizes.length).toBe(clusters);
        const most = Math.max(Math.ceil(nodes / clusters), Math.floor(((1 + imbalance) * nodes) / clusters));
        for (const size of sizes) expect(size).toBeLessThanOrEqual(most);
      }),
      { numRuns: 300 },
    );
  });

  it("finds communities, if they are as large as the clusters", () => {
    const size = 500;
    const graph = neighborhoodOfEdges(2 * size, plantedEdges(size, 10, 1));
    const clusterOf = partitionNodes(graph, { clusters: 2 });
    const ofFirst = clusterOf.slice(0, size).filter((cluster) => cluster === clusterOf[0]).length;
    const ofSecond = clusterOf.slice(size).filter((cluster) => cluster !== clusterOf[0]).length;
    expect(ofFirst + ofSecond).toBeGreaterThan(0.97 * 2 * size);
    expect(cutOf(graph, clusterOf)).toBeLessThan(0.13);
  });

  it("cuts few edges of a grid", () => {
    const graph = neighborhoodOfEdges(3600, gridEdges(60));
    for (const seed of [0, 1, 2]) {
      const clusterOf = partitionNodes(graph, { clusters: 9, random: new Random(seed) });
      // Nine squares cut 3.4 % of the edges, nine clusters at random 89 %.
      expect(cutOf(graph, clusterOf)).toBeLessThan(0.08);
      for (const size of sizesOf(clusterOf, 9)) expect(size).toBeGreaterThan(300);
    }
  });

  it("does not look at the direction of edges, nor at self-loops", () => {
    const edges = plantedEdges(300, 12, 2);
    const reversed = { sources: edges.targets, targets: edges.sources };
    const loops = Uint32Array.from({ length: 600 }, (_, node) => node);
    const withLoops = {
      sources: Uint32Array.from([...loops, ...edges.sources]),
      targets: Uint32Array.from([...loops, ...edges.targets]),
    };
    for (const variant of [edges, reversed, withLoops]) {
      const graph = neighborhoodOfEdges(600, variant, { directed: true });
      expect(cutOf(graph, partitionNodes(graph, { clusters: 2 }))).toBeLessThan(0.13);
    }
  });

  it("gives the same clusters from the same seed, and seed 0 by default", () => {
    const graph = neighborhoodOfEdges(900, gridEdges(30));
    const clustersOf = (seed: number): Uint32Array => partitionNodes(graph, { clusters: 5, random: new Random(seed) });
    expect(clustersOf(1)).toEqual(clustersOf(1));
    expect(clustersOf(1)).not.toEqual(clustersOf(2));
    expect(partitionNodes(graph, { clusters: 5 })).toEqual(clustersOf(0));
  });

  it("keeps hubs in bounds: a star is cut into equal parts", () => {
    const leaves = Uint32Array.from({ length: 999 }, (_, k) => k + 1);
    const star = neighborhoodOfEdges(1000, { sources: leaves, targets: new Uint32Array(999) });
    const sizes = sizesOf(partitionNodes(star, { clusters: 4, imbalance: 0 }), 4);
    expect(sizes).toEqual([250, 250, 250, 250]);
  });

  it("takes a graph without edges or nodes, and more clusters than nodes", () => {
    const none = { sources: new Uint32Array(0), targets: new Uint32Array(0) };
    expect(sizesOf(partitionNodes(neighborhoodOfEdges(10, none), { clusters: 5 }), 5)).toEqual([2, 2, 2, 2, 2]);
    expect(partitionNodes(neighborhoodOfEdges(0, none), { clusters: 3 })).toEqual(new Uint32Array(0));
    expect(new Set(partitionNodes(neighborhoodOfEdges(3, none), { clusters: 8 })).size).toBe(3);
  });

  const graph = neighborhoodOfEdges(4, gridEdges(2));
  it.each([0, -1, 1.5, Number.NaN])("refuses %s clusters", (clusters) => {
    expect(() => partitionNodes(graph, { clusters })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
  });

  it.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])("refuses an imbalance of %s", (imbalance) => {
    expect(() => partitionNodes(graph, { clusters: 2, imbalance })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
  });

  it("refuses an unknown option, and senders and receivers that are different nodes", () => {
    const options = { clusters: 2, parts: 3 };
    expect(() => partitionNodes(graph, options)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    expect(() => partitionNodes(graph.rows(0, 2), { clusters: 2 })).toThrow(
      expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
    );
  });
});
