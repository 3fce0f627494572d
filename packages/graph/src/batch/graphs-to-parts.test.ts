import { denseMatrix, type SparseNeighborhood } from "@vicinal/core";
import { DirectedGraph, MultiGraph, UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";
import { motleyGraph } from "../testing/graphs.ts";
import { batchGraphs, graphCollection } from "./batch-graphs.ts";

function molecule(elements: string, bonds: readonly (readonly [number, number, number])[]): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (const [k, element] of [...elements].entries())
    graph.addNode(`${k}`, { element, mass: element === "C" ? 12 : 16 });
  for (const [from, to, order] of bonds) graph.addEdgeWithKey(`${from}-${to}`, `${from}`, `${to}`, { order });
  return graph;
}

const water = molecule("O", []);
const formaldehyde = molecule("CO", [[0, 1, 2]]);
const propene = molecule("CCC", [
  [0, 1, 2],
  [2, 1, 1],
]);

describe("batches of graphology graphs", () => {
  it("have the neighborhoods that the graphs have alone", () => {
    const graphs = [motleyGraph(), propene, new MultiGraph(), motleyGraph()];
    const batch = batchGraphs(graphs);
    const alone = graphs.map((graph) => neighborhoodOf(graph));
    expect(batch.nodeKeys).toEqual(alone.map(({ nodes }) => nodes));
    for (const [g, { neighborhood, edgeKeys }] of alone.entries()) {
      const [first, end] = [batch.edgeStarts[g]!, batch.edgeStarts[g + 1]!];
      const node = batch.nodeStarts[g]!;
      expect([...batch.neighborhood.senderOf.slice(first, end)].map((sender) => sender - node)).toEqual([
        ...neighborhood.senderOf,
      ]);
      expect([...batch.neighborhood.receiverOf.slice(first, end)].map((receiver) => receiver - node)).toEqual([
        ...neighborhood.receiverOf,
      ]);
      expect(batch.edgeKeys![g]).toEqual(Array.from(neighborhood.edgeOf, (edge) => edgeKeys[edge]));
      expect([...batch.edgeInGraph.slice(first, end)]).toEqual([...neighborhood.edgeOf]);
    }
  });

  it("have features in the columns of all graphs together", () => {
    const { collection, encoder } = graphCollection([formaldehyde, propene, water], { features: ["element"] });
    expect(encoder!.columns.map(({ name }) => name)).toEqual(["element = C", "element = O"]);
    const { features } = collection.batch([2, 0]);
    expect(features).toEqual(denseMatrix(3, 2, Float32Array.of(0, 1, 1, 0, 0, 1)));
    expect(encoder!.encode(water).matrix).toEqual(denseMatrix(1, 2, Float32Array.of(0, 1)));
  });

  it("have features standardised over all nodes of all graphs", () => {
    const { features } = batchGraphs([formaldehyde, propene], { features: ["mass"] });
    const [mean, deviation] = [12.8, 1.6];
    expect([...features!.values!].map((value) => value * deviation + mean)).toEqual(
      [12, 16, 12, 12, 12].map((mass) => expect.closeTo(mass, 4)),
    );
  });

  it("read computed features by the nodes' own keys", () => {
    const seen: string[] = [];
    const source = {
      name: "own key",
      get: (node: string) => {
        seen.push(node);
        return Number(node);
      },
      standardize: false,
    } as const;
    const { collection, encoder } = graphCollection([formaldehyde, propene], { features: [source] });
    expect([...new Set(seen)].sort()).toEqual(["0", "1", "2"]);
    expect([...collection.batch().features!.values!]).toEqual([0, 1, 0, 1, 2]);
    expect([...encoder!.encode(propene).matrix.values!]).toEqual([0, 1, 2]);
  });

  it("take an encoder that was fitted before", () => {
    const { encoder } = graphCollection([formaldehyde], { features: ["element"] });
    const { features } = batchGraphs([propene, new UndirectedGraph(), water], { features: encoder! });
    expect(features).toEqual(denseMatrix(4, 2, Float32Array.of(1, 0, 1, 0, 1, 0, 0, 1)));
  });

  it("give both messages of an edge its features", () => {
    const batch = batchGraphs([propene, water, formaldehyde], { edgeFeatures: "order" });
    const { neighborhood, edgeFeatures } = batch;
    const found = Array.from(neighborhood.senderOf, (sender, p) => [
      `${sender} to ${neighborhood.receiverOf[p]}`,
      edgeFeatures!.values[neighborhood.edgeOf[p]!],
    ]);
    expect(Object.fromEntries(found)).toEqual({
      "0 to 1": 2,
      "1 to 0": 2,
      "2 to 1": 1,
      "1 to 2": 1,
      "4 to 5": 2,
      "5 to 4": 2,
    });
  });

  it("read lists of edge features by a getter, which sees the ends in the order in which they are stored", () => {
    const graph = new DirectedGraph();
    graph.mergeEdge("b", "a", { length: 2 });
    graph.mergeEdge("a", "b", { length: 3 });
    const edgeFeatures = (_: string, { length }: Readonly<Record<string, unknown>>, source: string, target: string) =>
      Float64Array.of(Number(length), source < target ? 1 : -1);
    // Node "b" was stored first: of its two messages, the one to it comes first.
    expect(batchGraphs([graph], { edgeFeatures }).edgeFeatures).toEqual(
      denseMatrix(2, 2, Float32Array.of(3, 1, 2, -1)),
    );
  });

  it("encode the structure of each graph once", () => {
    const seen: number[] = [];
    const encode = (neighborhood: SparseNeighborhood, graph: number) => {
      seen.push(graph);
      return denseMatrix(neighborhood.receivers, 1, new Float32Array(neighborhood.receivers).fill(graph));
    };
    const { collection } = graphCollection([formaldehyde, propene], { encode });
    expect([...collection.batch([1, 0, 1]).encodings!.values]).toEqual([1, 1, 1, 0, 0, 1, 1, 1]);
    expect(seen).toEqual([0, 1]);
  });

  it("leave the graphs as they are", () => {
    const before = JSON.stringify(propene.export());
    batchGraphs([propene, formaldehyde], { features: ["element", "mass"], edgeFeatures: "order" });
    expect(JSON.stringify(propene.export())).toBe(before);
  });
});

describe("graphs that cannot be converted are refused:", () => {
  const bond = (order: unknown): UndirectedGraph => {
    const graph = formaldehyde.copy();
    graph.setEdgeAttribute("0-1", "order", order);
    return graph;
  };
  const data = (code: string, says: string) =>
    expect.objectContaining({ name: "DataError", code, message: expect.stringContaining(says) });

  it("what is no graph", () => {
    const arrays = { nodes: 0, edges: { sources: new Uint32Array(0), targets: new Uint32Array(0) } };
    // @ts-expect-error: what a caller without types may pass.
    expect(() => batchGraphs([water, 3])).toThrow(data("not-a-graph", "graph 1"));
    // @ts-expect-error: as above.
    expect(() => graphCollection([water, arrays])).toThrow(data("not-a-graph", "graph 1"));
    // @ts-expect-error: as above.
    const some: () => unknown = () => batchGraphs([arrays, water]);
    expect(some).toThrow(data("mixed-graphs", "graph 1"));
    expect(() => batchGraphs([])).toThrow(data("no-graphs", "no graphs"));
    expect(() => graphCollection([], { features: ["element"] })).toThrow(data("no-graphs", "no graphs"));
  });

  it("options that nobody reads", () => {
    const misspelt = { features: ["element"], edgeFeature: "order" };
    expect(() => batchGraphs([water], misspelt)).toThrow(
      expect.objectContaining({ name: "OptionError", code: "unknown-option" }),
    );
  });

  it("a node without a value, named by graph and key", () => {
    const bare = new UndirectedGraph();
    bare.addNode("x", {});
    expect(() => batchGraphs([water, bare], { features: [{ attribute: "element", missing: "error" }] })).toThrow(
      data("missing-value", "1/x"),
    );
  });

  for (const [what, order, code, says] of [
    ["no value", undefined, "missing-features", 'graph 1: the edge "0-1" from "0" to "1" has no features'],
    ["text", "double", "wrong-type", "features of type string"],
    ["a list with text", [1, "a"], "wrong-type", "features of type object"],
    ["NaN", Number.NaN, "not-finite", "NaN"],
    ["what 32 bits do not hold", [1e300], "not-finite", "1e+300"],
    ["more numbers than other graphs", [1, 2], "mixed-widths", "graph 1 has edgeFeatures of width 2"],
  ] as const) {
    it(`an edge with ${what}`, () =>
      expect(() => batchGraphs([propene, bond(order)], { edgeFeatures: "order" })).toThrow(data(code, says)));
  }

  it("edges with differently many features", () => {
    const getter = (edge: string) => (edge === "0-1" ? [1] : [1, 2]);
    expect(() => batchGraphs([propene], { edgeFeatures: getter })).toThrow(
      data("mixed-widths", '"2-1" has 2 features'),
    );
  });
});
