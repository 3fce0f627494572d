import { Random, SparseNeighborhood } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { directed, type Pair } from "../testing/edge-lists.ts";
import type { NeighborSample } from "./neighbor-sample.ts";
import { neighborSampler } from "./neighbor-sampler.ts";

/** Directed graphs with repeated edges, self-loops and isolated nodes, and some of their nodes. */
const cases = fc.integer({ min: 1, max: 12 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 40 }),
    seeds: fc.uniqueArray(fc.nat(nodes - 1), { minLength: 1 }),
    hops: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(),
  }),
);

/** The numbers in the edge list of the edges that arrive at each receiver of a layer, in the order of positions. */
function rowsOf({ offsets, receivers }: SparseNeighborhood, { edges }: NeighborSample): number[][] {
  return Array.from({ length: receivers }, (_, i) => [...edges.subarray(offsets[i], offsets[i + 1])]);
}

/** Nodes by hop, by definition: those of the hop before, and whoever sends to them, as they are found. */
function nodesByHop(edges: readonly Pair[], seeds: readonly number[], hops: number): number[][] {
  const found = [[...seeds]];
  let frontier: readonly number[] = seeds;
  for (let hop = 0; hop < hops; hop++) {
    const known = new Set(found.at(-1));
    const next: number[] = [];
    for (const node of frontier) {
      for (const [sender, receiver] of edges) {
        if (receiver !== node || known.has(sender)) continue;
        known.add(sender);
        next.push(sender);
      }
    }
    found.push([...known]);
    frontier = next;
  }
  return found;
}

describe("neighborSampler with all neighbors", () => {
  it("finds the nodes within as many hops, hop by hop, and all edges that arrive at those before the last", () => {
    fc.assert(
      fc.property(cases, ({ nodes, edges, seeds, hops, seed }) => {
        const sampler = neighborSampler(directed(nodes, edges), {
          fanOut: new Array<number>(hops).fill(-1),
          random: new Random(seed),
        });
        const sample = sampler.sample(Uint32Array.from(seeds));
        const expected = nodesByHop(edges, seeds, hops);
        expect([...sample.nodes]).toEqual(expected.at(-1));
        expect(sample.seeds).toBe(seeds.length);
        expect(sample.layers.map(({ senders }) => senders)).toEqual(
          expected
            .slice(1)
            .map(({ length }) => length)
            .reverse(),
        );
        for (const layer of sample.layers) {
          const arriving = Array.from({ length: layer.receivers }, (_, i) =>
            edges.flatMap(([, receiver], e) => (receiver === sample.nodes[i] ? [e] : [])),
          );
          expect(rowsOf(layer, sample)).toEqual(arriving);
        }
      }),
    );
  });

  it.each([false, true])("draws nothing at random: replace %s", (replace) => {
    const graph = directed(3, [
      [1, 0],
      [2, 0],
      [1, 0],
    ]);
    const sample = neighborSampler(graph, { fanOut: [-1], replace }).sample(Uint32Array.of(0));
    expect([...sample.edges]).toEqual([0, 1, 2]);
  });
});

describe.each([false, true])("neighborSampler with a fan-out, replace %s", (replace) => {
  const fanOuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });

  it("puts the receivers of each layer first among its senders, and those of the last are the seeds", () => {
    fc.assert(
      fc.property(cases, fanOuts, ({ nodes, edges, seeds, seed }, fanOut) => {
        const sampler = neighborSampler(directed(nodes, edges), { fanOut, replace, random: new Random(seed) });
        const { layers, nodes: sampled, seeds: count } = sampler.sample(Uint32Array.from(seeds));
        expect(layers.length).toBe(fanOut.length);
        expect(layers[0]?.senders).toBe(sampled.length);
        for (const [k, { receivers }] of layers.entries()) expect(receivers).toBe(layers[k + 1]?.senders ?? count);
        expect([...sampled.subarray(0, count)]).toEqual(seeds);
        expect(new Set(sampled).size).toBe(sampled.length);
      }),
    );
  });

  it("draws edges that arrive at their receiver, as many as asked for", () => {
    fc.assert(
      fc.property(cases, fanOuts, ({ nodes, edges, seeds, seed }, fanOut) => {
        const sampler = neighborSampler(directed(nodes, edges), { fanOut, replace, random: new Random(seed) });
        const sample = sampler.sample(Uint32Array.from(seeds));
        const [first] = sample.layers;
        // A row belongs to the first hop at which its node was found.
        const hopOf = (i: number): number => sample.layers.filter(({ receivers }) => receivers <= i).length;
        for (const [i, row] of rowsOf(first!, sample).entries()) {
          const node = sample.nodes[i];
          const degree = edges.filter(([, receiver]) => receiver === node).length;
          const asked = fanOut[hopOf(i)]!;
          expect(row.length).toBe(degree === 0 ? 0 : replace ? asked : Math.min(asked, degree));
          if (!replace) expect(new Set(row).size).toBe(row.length);
          for (const [k, edge] of row.entries()) {
            expect(edges[edge]).toEqual([sample.nodes[first!.senderOf[first!.offsets[i]! + k]!], node]);
          }
        }
      }),
    );
  });

  it("lets a node attend to the same neighbors in every layer", () => {
    fc.assert(
      fc.property(cases, fanOuts, ({ nodes, edges, seeds, seed }, fanOut) => {
        const sampler = neighborSampler(directed(nodes, edges), { fanOut, replace, random: new Random(seed) });
        const sample = sampler.sample(Uint32Array.from(seeds));
        const all = rowsOf(sample.neighborhood, sample);
        for (const layer of sample.layers) expect(rowsOf(layer, sample)).toEqual(all.slice(0, layer.receivers));
        for (const row of all.slice(sample.layers[0]!.receivers)) expect(row).toEqual([]);
        expect([sample.neighborhood.receivers, sample.neighborhood.senders]).toEqual([
          sample.nodes.length,
          sample.nodes.length,
        ]);
      }),
    );
  });

  it("draws the same from the same seed, and something else from another", () => {
    const graph = directed(
      200,
      Array.from({ length: 4000 }, (_, e): Pair => [(e * 7919) % 200, e % 200]),
    );
    const draw = (random?: Random): number[][] => {
      const sampler = neighborSampler(graph, { fanOut: [3, 2], replace, ...(random && { random }) });
      return [0, 1].map((batch) => [...sampler.sample(Uint32Array.of(batch, batch + 50)).edges]);
    };
    expect(draw(new Random(1))).toEqual(draw(new Random(1)));
    expect(draw(new Random(1))).not.toEqual(draw(new Random(2)));
    expect(draw()).toEqual(draw(new Random(0)));
  });

  it("draws the same again from random numbers of the call", () => {
    const graph = directed(
      50,
      Array.from({ length: 500 }, (_, e): Pair => [e % 50, 0]),
    );
    const sampler = neighborSampler(graph, { fanOut: [5], replace });
    const seeds = Uint32Array.of(0);
    const [first, between, again] = [
      sampler.sample(seeds, new Random(9)),
      sampler.sample(seeds),
      sampler.sample(seeds, new Random(9)),
    ];
    expect([...again.edges]).toEqual([...first.edges]);
    expect([...between.edges]).not.toEqual([...first.edges]);
  });

  it("draws each edge of a hub equally often", () => {
    const [degree, fanOut, draws] = [100, 7, 6000];
    const hub = directed(
      degree + 1,
      Array.from({ length: degree }, (_, e): Pair => [e + 1, 0]),
    );
    const sampler = neighborSampler(hub, { fanOut: [fanOut], replace, random: new Random(4) });
    const counts = new Array<number>(degree).fill(0);
    for (let k = 0; k < draws; k++) for (const edge of sampler.sample(Uint32Array.of(0)).edges) counts[edge]!++;
    const expected = (draws * fanOut) / degree;
    for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
  });
});

describe("neighborSampler", () => {
  it("follows edges from receivers to senders only", () => {
    const path = directed(4, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    const sampler = neighborSampler(path, { fanOut: [5, 5] });
    expect([...sampler.sample(Uint32Array.of(2)).nodes]).toEqual([2, 1, 0]);
    expect([...sampler.sample(Uint32Array.of(0)).nodes]).toEqual([0]);
  });

  it("draws nothing again for a node that is found again", () => {
    const both = directed(2, [
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    const sample = neighborSampler(both, { fanOut: [5, 5, 5] }).sample(Uint32Array.of(0));
    expect([...sample.nodes]).toEqual([0, 1]);
    expect(sample.layers.map(({ edges }) => edges)).toEqual([3, 3, 2]);
  });

  it("gives isolated seeds empty rows", () => {
    const sample = neighborSampler(directed(5, [[0, 1]]), { fanOut: [3, 3] }).sample(Uint32Array.of(4, 2));
    expect([...sample.nodes]).toEqual([4, 2]);
    expect(sample.layers.map(({ receivers, edges }) => [receivers, edges])).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });

  it("gives an empty sample of no seeds", () => {
    const sample = neighborSampler(directed(3, [[0, 1]]), { fanOut: [3] }).sample(new Uint32Array(0));
    expect([sample.nodes.length, sample.seeds, sample.edges.length]).toEqual([0, 0, 0]);
  });

  it("gives samples that later ones do not change", () => {
    const graph = directed(4, [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 0],
    ]);
    const sampler = neighborSampler(graph, { fanOut: [-1, -1] });
    const first = sampler.sample(Uint32Array.of(1));
    sampler.sample(Uint32Array.of(3, 2));
    expect([...first.nodes]).toEqual([1, 0, 3]);
    expect([...first.edges]).toEqual([0, 3]);
  });

  it("numbers the edges of a neighborhood that was made from rows by their position", () => {
    const rows = { offsets: Uint32Array.of(0, 2, 3), senderOf: Uint32Array.of(1, 0, 0), senders: 2 };
    const sample = neighborSampler(SparseNeighborhood.fromRows(rows), { fanOut: [-1] }).sample(Uint32Array.of(1, 0));
    expect([...sample.edges]).toEqual([2, 0, 1]);
  });

  it.each([[[]], [[0]], [[5, -2]], [[1.5]], [[Number.NaN]]])("refuses the fan-out %j", (fanOut) => {
    expect(() => neighborSampler(directed(2, []), { fanOut })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
  });

  it("refuses an unknown option", () => {
    const options = { fanOut: [1], numNeighbors: 3 };
    expect(() => neighborSampler(directed(2, []), options)).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });

  it("refuses senders and receivers that are different nodes", () => {
    const bipartite = SparseNeighborhood.fromEdgeList({
      senders: Uint32Array.of(0),
      receivers: Uint32Array.of(0),
      senderCount: 2,
      receiverCount: 3,
    });
    expect(() => neighborSampler(bipartite, { fanOut: [1] })).toThrow(
      expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
    );
  });

  it("refuses a seed that is not there, and one that comes twice", () => {
    const sampler = neighborSampler(directed(3, [[0, 1]]), { fanOut: [1] });
    expect(() => sampler.sample(Uint32Array.of(1, 3))).toThrow(
      expect.objectContaining({ name: "DataError", code: "index-out-of-range", message: expect.stringContaining("3") }),
    );
    expect(() => sampler.sample(Uint32Array.of(2, 1, 2))).toThrow(
      expect.objectContaining({ name: "DataError", code: "repeated-node", message: expect.stringContaining("2") }),
    );
    expect([...sampler.sample(Uint32Array.of(1)).nodes]).toEqual([1, 0]);
  });
});
