import { Random, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GATConv } from "../layers/gat.ts";
import { directed } from "../testing/edge-lists.ts";
import { clusterBatches } from "./cluster-batches.ts";

const cases = fc.integer({ min: 1, max: 15 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 50 }),
    clusters: fc.array(fc.nat(5), { minLength: nodes, maxLength: nodes }),
    size: fc.integer({ min: 1, max: 7 }),
    seed: fc.nat(),
  }),
);

describe("clusterBatches", () => {
  it("has each node in one batch, with the whole of its cluster", () => {
    fc.assert(
      fc.property(cases, ({ nodes, edges, clusters, size, seed }) => {
        const options = { size, random: new Random(seed) };
        const batches = [...clusterBatches(directed(nodes, edges), Uint32Array.from(clusters), options)];
        const all = batches.flatMap((batch) => [...batch.nodes]);
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: nodes }, (_, node) => node));
        const seen = batches.map((batch) => new Set(Array.from(batch.nodes, (node) => clusters[node]!)));
        expect(seen.reduce((total, { size }) => total + size, 0)).toBe(new Set(clusters).size);
        for (const { size: count } of seen.slice(0, -1)) expect(count).toBe(size);
      }),
    );
  });

  it("has the edges among the nodes of a batch, those between its clusters included, in the order of the graph", () => {
    fc.assert(
      fc.property(cases, ({ nodes, edges, clusters, size, seed }) => {
        const options = { size, random: new Random(seed) };
        const batches = clusterBatches(directed(nodes, edges), Uint32Array.from(clusters), options);
        for (const { nodes: members, neighborhood, edges: numbers } of batches) {
          expect([neighborhood.receivers, neighborhood.senders]).toEqual([members.length, members.length]);
          expect(numbers.length).toBe(neighborhood.edges);
          for (const [i, node] of members.entries()) {
            const [start, end] = [neighborhood.offsets[i]!, neighborhood.offsets[i + 1]!];
            const expected = edges.flatMap(([sender, receiver], e) =>
              receiver === node && members.includes(sender) ? [e] : [],
            );
            expect([...numbers.subarray(start, end)]).toEqual(expected);
            const senders = Array.from(neighborhood.senderOf.subarray(start, end), (sender) => members[sender]);
            expect(senders).toEqual(expected.map((e) => edges[e]![0]));
          }
        }
      }),
    );
  });

  it("computes what the whole graph computes where clusters have no edges between them", () => {
    const engine = createReferenceEngine();
    const graph = directed(6, [
      [0, 2],
      [2, 4],
      [4, 0],
      [1, 3],
      [5, 5],
      [3, 5],
    ]);
    const layer = new GATConv(3, 2, { random: new Random(1), engine });
    const x = Float64Array.from({ length: 18 }, (_, k) => Math.sin(k));
    const whole = layer.forward(tensor(x, [6, 3], { engine }), graph).dataSync();
    const batches = [...clusterBatches(graph, Uint32Array.of(0, 1, 0, 1, 0, 1))];
    expect(batches.map(({ nodes }) => [...nodes])).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    for (const { nodes, neighborhood } of batches) {
      const rows = Array.from(nodes).flatMap((node) => [...x.subarray(3 * node, 3 * node + 3)]);
      const got = layer.forward(tensor(rows, [nodes.length, 3], { engine }), neighborhood).dataSync();
      expect([...got]).toEqual(Array.from(nodes).flatMap((node) => [...whole.subarray(2 * node, 2 * node + 2)]));
    }
  });

  it("puts other clusters together in each epoch, and the same from the same seed", () => {
    const clusters = Uint32Array.from({ length: 40 }, (_, node) => node % 20);
    const epochs = (seed: number): number[][][] => {
      const random = new Random(seed);
      return [1, 2].map(() =>
        Array.from(clusterBatches(directed(40, []), clusters, { size: 4, random }), ({ nodes }) => [...nodes]),
      );
    };
    expect(epochs(1)).toEqual(epochs(1));
    expect(epochs(1)[0]).not.toEqual(epochs(1)[1]);
    expect(epochs(1)).not.toEqual(epochs(2));
  });

  it("leaves out clusters without nodes, and gives no batch of a graph without", () => {
    const batches = Array.from(clusterBatches(directed(2, []), Uint32Array.of(7, 3)), ({ nodes }) => [...nodes]);
    expect(batches).toEqual([[1], [0]]);
    expect([...clusterBatches(directed(0, []), new Uint32Array(0))]).toEqual([]);
  });

  it("refuses clusters of other nodes, batches of no clusters, an unknown option, and a neighborhood between different nodes", () => {
    const graph = directed(3, [[0, 1]]);
    const clusters = Uint32Array.of(0, 0, 1);
    expect(() => clusterBatches(graph, Uint32Array.of(0, 0))).toThrow(
      expect.objectContaining({ name: "DataError", code: "wrong-length" }),
    );
    expect(() => clusterBatches(graph, clusters, { size: 0 })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
    const options: object = { clusters: 2 };
    expect(() => clusterBatches(graph, clusters, options)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    expect(() => clusterBatches(graph.rows(0, 2), clusters)).toThrow(
      expect.objectContaining({ code: "shapes-differ" }),
    );
  });
});
