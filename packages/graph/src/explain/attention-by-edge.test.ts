import { Random, SparseNeighborhood, type Tensor } from "@vicinal/core";
import fc from "fast-check";
import { DirectedGraph, MultiGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";
import { GATConv } from "../layers/gat.ts";
import { TransformerConv } from "../layers/transformer.ts";
import { GAT } from "../models/gat.ts";
import { motleyGraph } from "../testing/graphs.ts";
import { numbers, reference } from "../testing/layer-examples.ts";
import { attentionByEdge } from "./attention-by-edge.ts";
import type { EdgeAttention } from "./edge-attention.ts";
import { recordAttention } from "./record-attention.ts";

const width = 3;
const random = () => new Random(1);

function gatLayer(heads = 2): GATConv {
  return new GATConv(width, 2, { random: random(), engine: reference, heads });
}

/** Features of every node of a graph. */
function features(graph: AbstractGraph): Tensor {
  return numbers([graph.order, width], 7);
}

async function attended(graph: AbstractGraph, layer: Pick<GATConv, "forward">) {
  const converted = neighborhoodOf(graph);
  const { layers } = await recordAttention(() => layer.forward(features(graph), converted.neighborhood));
  return { converted, layers };
}

/**
 * The weights of a `GATConv` from the definition: for every target the softmax of leakyRelu(a_target . W x_i + a_source . W x_j) over the messages
 * to it that are no loops, and one loop.
 */
function weightsByDefinition(graph: AbstractGraph, layer: GATConv): (source: string, target: string) => number[] {
  const z = features(graph).toMatrix().mmul(layer.linear.weight.toMatrix().transpose());
  const nodes = graph.nodes();
  const term = (vector: Tensor, node: string, head: number): number => {
    const own = Matrix.rowVector(z.getRow(nodes.indexOf(node)).slice(2 * head, 2 * head + 2));
    return own.mmul(Matrix.columnVector(vector.toMatrix().getRow(head))).get(0, 0);
  };
  const relevance = (source: string, target: string, head: number): number => {
    const logit = term(layer.attTarget, target, head) + term(layer.attSource, source, head);
    return Math.exp(logit > 0 ? logit : 0.2 * logit);
  };
  return (source, target) =>
    [0, 1].map((head) => {
      const senders = graph
        .inEdges(target)
        .concat(graph.undirectedEdges(target))
        .flatMap((edge) => {
          const other = graph.opposite(target, edge);
          return other === target ? [] : [other];
        });
      const total = [...senders, target].reduce((sum, sender) => sum + relevance(sender, target, head), 0);
      return relevance(source, target, head) / total;
    });
}

function expectWeights(entry: EdgeAttention, expected: readonly number[]): void {
  expect(entry.layers.length).toBe(1);
  for (const [h, weight] of entry.layers[0]!.entries())
    expect(weight, `${entry.edge}, head ${h}`).toBeCloseTo(expected[h]!, 12);
  expect(entry.weight).toBeCloseTo((expected[0]! + expected[1]!) / 2, 12);
}

describe("attentionByEdge", () => {
  it("keeps to the edges' keys in a graph with loops and parallel edges, both directions apart", async () => {
    const graph = motleyGraph();
    const layer = gatLayer();
    const { converted, layers } = await attended(graph, layer);
    const expected = weightsByDefinition(graph, layer);
    const { edges, loops } = attentionByEdge(converted, layers);
    const ways = Object.entries(edges).map(([key, entries]) => [
      key,
      ...entries.map((e) => `${e.source} > ${e.target}`),
    ]);
    expect(ways).toEqual([
      ["a to b", "a > b"],
      ["a to b again", "a > b"],
      ["b to a", "b > a"],
      ["b - c", "b > c", "c > b"],
      ["b - c again", "b > c", "c > b"],
      ["d to a", "d > a"],
    ]);
    for (const entry of Object.values(edges).flat()) expectWeights(entry, expected(entry.source, entry.target));
    const own = Object.entries(loops).flatMap(([node, entries]) => entries.map(({ edge }) => [node, edge]));
    expect(own).toEqual([
      ["a", undefined],
      ["b", undefined],
      ["c", "c - c"],
      ["d", "d to d"],
      ["d", "d to d again"],
      ["alone", undefined],
    ]);
    for (const node of ["a", "b", "c", "alone"]) expectWeights(loops[node]![0]!, expected(node, node));
    expectWeights(loops["d"]![0]!, expected("d", "d"));
    // The layer replaced both loops by one, which the first stands for.
    expectWeights(loops["d"]![1]!, [0, 0]);
  });

  it("does not take the first weights for those of the edges, where the input has self-loops", async () => {
    const graph = new DirectedGraph();
    for (const node of ["a", "b", "c"]) graph.addNode(node);
    graph.addEdgeWithKey("loop", "a", "a");
    graph.addEdgeWithKey("ab", "a", "b");
    graph.addEdgeWithKey("cb", "c", "b");
    graph.addEdgeWithKey("bc", "b", "c");
    const layer = gatLayer();
    const { converted, layers } = await attended(graph, layer);
    const { edges, loops } = attentionByEdge(converted, layers);
    const expected = weightsByDefinition(graph, layer);
    for (const edge of ["ab", "cb", "bc"]) {
      const [source, target] = graph.extremities(edge);
      expectWeights(edges[edge]![0]!, expected(source, target));
    }
    expectWeights(loops["a"]![0]!, expected("a", "a"));
    expect(loops["a"]![0]?.edge).toBe("loop");
    // The defect: without loops and with new ones at the end, the first weights are those of other edges.
    const inOrderOfLayer = [...["ab", "cb", "bc"].map((edge) => graph.extremities(edge)), ["a", "a"]] as const;
    const byPlace = graph
      .edges()
      .map((_, place) => expected(inOrderOfLayer[place]![0]!, inOrderOfLayer[place]![1]!)[0]!);
    const byKey = graph.edges().map((edge) => (edges[edge] ?? loops["a"]!)[0]!.layers[0]![0]!);
    for (const [place, weight] of byKey.entries()) expect(Math.abs(weight - byPlace[place]!)).toBeGreaterThan(0.01);
  });

  it("finds every message of any graph, whatever layers do about loops", async () => {
    const drawn = fc.record({ source: fc.nat(4), target: fc.nat(4), undirected: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(drawn, { maxLength: 12 }), fc.boolean(), async (list, addsLoops) => {
        const graph = new MultiGraph();
        for (let i = 0; i < 5; i++) graph.addNode(i);
        for (const { source, target, undirected } of list) {
          if (undirected) graph.addUndirectedEdge(source, target);
          else graph.addDirectedEdge(source, target);
        }
        const layer = new GATConv(width, 2, { random: random(), engine: reference, addSelfLoops: addsLoops });
        const { converted, layers } = await attended(graph, layer);
        const { edges, loops } = attentionByEdge(converted, layers);
        for (const edge of graph.edges()) {
          const [source, target] = graph.extremities(edge);
          const way = [source, target].join();
          const back = [target, source].join();
          if (source === target) {
            expect(loops[source]?.filter((entry) => entry.edge === edge).length).toBe(1);
            continue;
          }
          const ways = edges[edge]?.map((entry) => [entry.source, entry.target].join());
          expect(ways).toEqual(graph.isUndirected(edge) ? [way, back] : [way]);
        }
        const sums = new Map<string, number>();
        for (const { target, weight } of [edges, loops].flatMap((one) => Object.values(one).flat())) {
          sums.set(target, (sums.get(target) ?? 0) + weight);
        }
        for (const sum of sums.values()) expect(sum).toBeCloseTo(1, 10);
        if (addsLoops) expect(sums.size).toBe(5);
      }),
      { numRuns: 60 },
    );
  });

  it("reduces over heads, then over layers, by mean or maximum", async () => {
    const graph = motleyGraph();
    const converted = neighborhoodOf(graph);
    const model = new GAT(width, 2, { random: random(), engine: reference, heads: 2, hidden: 4 });
    const { layers } = await recordAttention(() => model.forward(features(graph), converted.neighborhood));
    const weightsWith = (options: Parameters<typeof attentionByEdge>[2]) => {
      const { layers: weights, weight } = attentionByEdge(converted, layers, options).edges["b - c"]![1]!;
      return { one: weights[0]!, two: weights[1]!, weight };
    };
    const { one, two } = weightsWith({});
    expect([one.length, two.length]).toEqual([2, 1]);
    const mean = (one[0]! + one[1]!) / 2;
    expect(weightsWith({}).weight).toBeCloseTo((mean + two[0]!) / 2, 12);
    expect(weightsWith({ heads: "max" }).weight).toBeCloseTo((Math.max(...one) + two[0]!) / 2, 12);
    expect(weightsWith({ layers: "max" }).weight).toBeCloseTo(Math.max(mean, two[0]!), 12);
    expect(weightsWith({ heads: "max", layers: "max" }).weight).toBeCloseTo(Math.max(...one, ...two), 12);
  });

  it("says 0 of a loop in layers that have none", async () => {
    const graph = new DirectedGraph();
    graph.mergeEdge("a", "b");
    const converted = neighborhoodOf(graph);
    const [gat, transformer] = [gatLayer(1), new TransformerConv(2, 2, { random: random(), engine: reference })];
    const { layers } = await recordAttention(() => {
      const { neighborhood } = converted;
      return transformer.forward(gat.forward(features(graph), neighborhood), neighborhood);
    });
    const { edges, loops } = attentionByEdge(converted, layers);
    expect(loops["a"]).toEqual([{ edge: undefined, source: "a", target: "a", layers: [[1], [0]], weight: 0.5 }]);
    expect(edges[graph.edges()[0]!]![0]?.layers[1]).toEqual([1]);
  });

  it("knows keys that are names of what every object has", async () => {
    const graph = new DirectedGraph();
    for (const node of ["__proto__", "b"]) graph.addNode(node);
    graph.addEdgeWithKey("__proto__", "__proto__", "b");
    const { converted, layers } = await attended(graph, gatLayer());
    const { edges, loops } = attentionByEdge(converted, layers);
    expect(Object.keys(edges)).toEqual(["__proto__"]);
    expect(Object.keys(loops)).toEqual(["__proto__", "b"]);
  });

  it("of a graph without edges is that of nodes to themselves", async () => {
    const graph = new DirectedGraph();
    graph.addNode("a");
    const { converted, layers } = await attended(graph, gatLayer(1));
    expect(attentionByEdge(converted, layers)).toEqual({
      edges: {},
      loops: { a: [{ edge: undefined, source: "a", target: "a", layers: [[1]], weight: 1 }] },
    });
  });

  it("refuses attention over something else", async () => {
    const graph = motleyGraph();
    const { converted, layers } = await attended(graph, gatLayer());
    const again = neighborhoodOf(graph);
    expect(() => attentionByEdge(again, layers)).toThrow(expect.objectContaining({ code: "other-neighborhood" }));
    expect(() => attentionByEdge(converted, [])).toThrow(expect.objectContaining({ code: "no-attention" }));
    const { neighborhood } = converted;
    const pairs = SparseNeighborhood.fromEdgeList({
      senders: Uint32Array.of(0),
      receivers: Uint32Array.of(1),
      senderCount: 5,
      receiverCount: 5,
    });
    const global = {
      given: neighborhood,
      neighborhood: pairs,
      edgeOf: Int32Array.of(-1),
      heads: 1,
      weights: Float64Array.of(1),
    };
    expect(() => attentionByEdge(converted, [global])).toThrow(expect.objectContaining({ code: "other-neighborhood" }));
    const unknown = { heads: "max", reduce: "max" } as const;
    expect(() => attentionByEdge(converted, layers, unknown)).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
    // @ts-expect-error: no such reduction.
    expect(() => attentionByEdge(converted, layers, { heads: "sum" })).toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
  });
});

describe("attentionByEdge.assign", () => {
  it("writes both directions of undirected edges, by head too", async () => {
    const graph = motleyGraph();
    graph.setEdgeAttribute("b - c", "since", 1999);
    const { converted, layers } = await attended(graph, gatLayer());
    const { edges, loops } = attentionByEdge(converted, layers, { heads: "max" });
    attentionByEdge.assign(graph, converted, layers, { heads: "max", edgeHeadsAttribute: "heads" });
    const [there, back] = edges["b - c"]!;
    expect(graph.getEdgeAttributes("b - c")).toEqual({
      since: 1999,
      attention: there?.weight,
      heads: there?.layers,
      reverseAttention: back?.weight,
      reverseAttentionByHead: back?.layers,
    });
    const directed = edges["a to b"]![0]!;
    expect(graph.getEdgeAttributes("a to b")).toEqual({ attention: directed.weight, heads: directed.layers });
    expect(graph.getEdgeAttributes("c - c")).toEqual({
      attention: loops["c"]![0]!.weight,
      heads: loops["c"]![0]!.layers,
    });
    expect(graph.getEdgeAttribute("d to d again", "attention")).toBe(0);
  });

  it("writes nothing if anything is wrong", async () => {
    const graph = motleyGraph();
    const { converted, layers } = await attended(graph, gatLayer());
    const expectRefusal = (options: Parameters<typeof attentionByEdge.assign>[3], code: string, on = graph) => {
      const before = JSON.stringify(on.export());
      expect(() => attentionByEdge.assign(on, converted, layers, options)).toThrow(expect.objectContaining({ code }));
      expect(JSON.stringify(on.export())).toBe(before);
    };
    expectRefusal({ edgeAttentionAttribute: "same", edgeReverseAttentionAttribute: "same" }, "duplicate-attribute");
    const misspelt = { heads: "max", edgeAttribute: "attention" } as const;
    expectRefusal(misspelt, "unknown-option");
    const less = motleyGraph();
    less.dropEdge("d to a");
    expectRefusal({}, "other-graph", less);
    const turned = motleyGraph();
    turned.dropEdge("d to a");
    turned.addDirectedEdgeWithKey("d to a", "a", "d");
    expectRefusal({}, "other-graph", turned);
    expect(() => attentionByEdge.assign(JSON.parse("{}"), converted, layers)).toThrow(
      expect.objectContaining({ code: "not-a-graph" }),
    );
  });

  it("leaves edges alone that came later", async () => {
    const graph = motleyGraph();
    const { converted, layers } = await attended(graph, gatLayer());
    graph.addDirectedEdgeWithKey("new", "a", "c");
    attentionByEdge.assign(graph, converted, layers);
    expect(graph.getEdgeAttributes("new")).toEqual({});
    expect(graph.hasEdgeAttribute("a to b", "attention")).toBe(true);
  });
});
