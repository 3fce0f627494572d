import { attend, complete, Random, scaledDot, sequences } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { batchGraphs } from "../batch/batch-graphs.ts";
import { connectedPairs, cycle, directed, type Pair, path, undirected } from "../testing/edge-lists.ts";
import { motleyGraph } from "../testing/graphs.ts";
import { numbers, reference } from "../testing/layer-examples.ts";
import { ShortestPathBias } from "./shortest-path-bias.ts";
import { shortestPathDistances } from "./shortest-path-distances.ts";

/** All shortest ways by dynamic programming over the nodes between (Floyd, 1962), from sender to receiver. */
function waysOf(nodes: number, pairs: readonly Pair[]): number[] {
  const ways = Matrix.zeros(nodes, nodes).fill(Number.POSITIVE_INFINITY);
  for (const [sender, receiver] of pairs) ways.set(receiver, sender, 1);
  for (let i = 0; i < nodes; i++) ways.set(i, i, 0);
  for (let k = 0; k < nodes; k++) {
    for (let i = 0; i < nodes; i++) {
      for (let j = 0; j < nodes; j++) ways.set(i, j, Math.min(ways.get(i, j), ways.get(i, k) + ways.get(k, j)));
    }
  }
  return ways.to1DArray();
}

describe("shortest-path distances", () => {
  const graphs: Readonly<Record<string, readonly [nodes: number, pairs: readonly Pair[]]>> = {
    "a connected graph": [25, connectedPairs(25, 10, 1)],
    "a graph of two components and lone nodes": [20, [...cycle(9), ...path(5).map(([a, b]): Pair => [a + 10, b + 10])]],
    "loops and repeated edges": [6, [...path(5), ...path(5), [2, 2]]],
    "one node": [1, []],
    "no node": [0, []],
  };
  for (const [what, [nodes, pairs]] of Object.entries(graphs)) {
    it(`of ${what} are the lengths of the shortest ways, along directions where there are any`, () => {
      for (const maximum of [3, 20]) {
        const cut = (way: number): number => (way === Number.POSITIVE_INFINITY ? -1 : Math.min(maximum, way));
        const oneWay = shortestPathDistances(directed(nodes, pairs), { maximum });
        expect([...oneWay.values]).toEqual(waysOf(nodes, pairs).map(cut));
        const both = [...pairs, ...pairs.map(([a, b]): Pair => [b, a])];
        const { values } = shortestPathDistances(undirected(nodes, pairs), { maximum });
        expect([...values]).toEqual(waysOf(nodes, both).map(cut));
        expect(oneWay).toMatchObject({ nodes, maximum });
      }
    });
  }

  it("are written to the nodes of a graphology graph, in its order of nodes", () => {
    const graph = motleyGraph();
    shortestPathDistances.assign(graph);
    // b hears of a, of itself, of c, and of d by way of a.
    expect(graph.getNodeAttribute("b", "shortestPathDistances")).toEqual([1, 0, 1, 2, -1]);
    shortestPathDistances.assign(graph, { maximum: 1, nodeDistancesAttribute: "near" });
    expect(graph.getNodeAttribute("b", "near")).toEqual([1, 0, 1, 1, -1]);
  });

  it("refuse another maximum, and graphs whose pairs do not fit", () => {
    for (const maximum of [0, -1, 1.5, 32_768, Number.NaN]) {
      expect(() => shortestPathDistances(undirected(2, []), { maximum })).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    }
    expect(() => shortestPathDistances(undirected(32_769, []))).toThrow(
      expect.objectContaining({ name: "ShapeError", code: "too-many-pairs" }),
    );
    const misspelt = { max: 2 };
    // @ts-expect-error: what a caller without types may pass.
    expect(() => shortestPathDistances(undirected(2, []), misspelt)).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});

describe("ShortestPathBias", () => {
  const made = (heads: number, maximum = 3): ShortestPathBias =>
    new ShortestPathBias(heads, { random: new Random(1), engine: reference, maximum });
  /** A path of 6 nodes, a cycle of 4, and two lone nodes. */
  const graphs = [undirected(6, path(6)), undirected(4, cycle(4)), undirected(2, [])];
  const distances = graphs.map((graph) => shortestPathDistances(graph, { maximum: 4 }));

  it("adds to each logit what the distance of the pair has in the table", () => {
    const bias = made(1);
    const [query, key, value] = [1, 2, 3].map((seed) => numbers([6, 1, 2], seed));
    const output = attend(
      complete(6),
      { query: query!, key: key!, value: value! },
      {
        score: scaledDot(),
        parameters: {},
        bias: [bias.bias(distances[0]!)],
      },
    );
    const [q, k, v] = [query!, key!, value!].map((each) => Matrix.from1DArray(6, 2, each.dataSync()));
    const table = bias.weight.dataSync();
    const logits = q!.mmul(k!.transpose()).div(Math.sqrt(2));
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) logits.set(i, j, logits.get(i, j) + table[1 + Math.min(3, Math.abs(i - j))]!);
    }
    const raised = Matrix.exp(logits);
    const expected = raised.divColumnVector(raised.sum("row")).mmul(v!).to1DArray();
    output.dataSync().forEach((got, at) => {
      expect(got).toBeCloseTo(expected[at]!, 10);
    });
  });

  it("gives each graph of a batch what it gets alone", () => {
    const bias = made(2);
    const batch = batchGraphs(graphs.map((neighborhood) => ({ neighborhood })));
    const [query, key, value] = [1, 2, 3].map((seed) => numbers([12, 2, 3], seed));
    const run = (first: number, end: number, which: typeof distances): number[] => {
      const part = (x: typeof query): ReturnType<typeof numbers> => {
        const taken = numbers([end - first, 2, 3], 0);
        taken.engine.write(taken.buffer, x!.dataSync().slice(first * 6, end * 6));
        return taken;
      };
      const neighborhood = sequences(which.map(({ nodes }) => nodes));
      const inputs = { query: part(query), key: part(key), value: part(value) };
      return [
        ...attend(neighborhood, inputs, { score: scaledDot(), parameters: {}, bias: [bias.bias(which)] }).dataSync(),
      ];
    };
    expect([...batch.nodeCounts]).toEqual(distances.map(({ nodes }) => nodes));
    const alone = distances.flatMap((each, g) => run(batch.nodeStarts[g]!, batch.nodeStarts[g + 1]!, [each]));
    run(0, 12, distances).forEach((got, at) => {
      expect(got).toBeCloseTo(alone[at]!, 10);
    });
  });

  it("has a row for no way, one for each distance, and one for all that are farther", () => {
    const { bucketOf, buckets } = made(1).bias(distances);
    expect(buckets).toBe(5);
    expect([0, 1, 2, 3, 4, 5].map((sender) => bucketOf(0, sender))).toEqual([1, 2, 3, 4, 4, 4]);
    expect([bucketOf(6, 8), bucketOf(6, 9), bucketOf(9, 6)]).toEqual([3, 2, 2]);
    expect([bucketOf(10, 10), bucketOf(10, 11), bucketOf(0, 6), bucketOf(6, 0)]).toEqual([1, 0, 0, 0]);
  });

  it("learns the table: its gradient is that of finite differences", () => {
    const bias = made(2);
    const term = bias.bias(distances);
    const [query, key, value] = [1, 2, 3].map((seed) => numbers([12, 2, 3], seed));
    const checks = checkGradients(
      () =>
        unevenSum(
          attend(
            sequences([6, 4, 2]),
            { query: query!, key: key!, value: value! },
            { score: scaledDot(), parameters: {}, bias: [term] },
          ),
        ),
      { weight: bias.weight, query: query! },
    );
    for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
    expect([...bias.namedParameters().keys()]).toEqual(["weight"]);
  });

  it("starts small, by the seed", () => {
    const values = [
      ...new ShortestPathBias(8, { random: new Random(3), maximum: 100, engine: reference }).weight.dataSync(),
    ];
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    expect(deviation).toBeGreaterThan(0.018);
    expect(deviation).toBeLessThan(0.022);
    expect([...made(2).weight.dataSync()]).toEqual([...made(2).weight.dataSync()]);
  });

  it("refuses distances that were cut before, nodes that it does not know, and bad options", () => {
    const outOfRange = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
    expect(() => made(1, 5).bias(distances)).toThrow(outOfRange);
    expect(() => made(1).bias(distances).bucketOf(0, 12)).toThrow(
      expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
    );
    expect(() => made(1).bias(distances).bucketOf(12, 0)).toThrow(
      expect.objectContaining({ code: "index-out-of-range" }),
    );
    expect(() => made(0)).toThrow(outOfRange);
    expect(() => made(1, 0)).toThrow(outOfRange);
    const misspelt = { random: new Random(1), max: 3 };
    expect(() => new ShortestPathBias(1, misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
