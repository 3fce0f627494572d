import {
  backward,
  csrFromLists,
  type DenseMatrix,
  denseMatrix,
  type FeatureMatrix,
  Random,
  SparseNeighborhood,
  tensor,
} from "@vicinal/core";
import { unevenSum } from "@vicinal/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GATv2Conv } from "../layers/gatv2.ts";
import { numbers, reference } from "../testing/layer-examples.ts";
import { batchGraphs } from "./batch-graphs.ts";
import { type GraphBatch, splitEdges, splitNodes } from "./graph-batch.ts";
import { GraphCollection } from "./graph-collection.ts";
import type { EdgeListParts, GraphParts } from "./graph-parts.ts";

const matrix = (rows: number, columns: number, seed: number): DenseMatrix => {
  const random = new Random(seed);
  return denseMatrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random.uniform(-1, 1)),
  );
};

const edges = (...pairs: readonly (readonly [number, number])[]) => ({
  sources: Uint32Array.from(pairs, ([source]) => source),
  targets: Uint32Array.from(pairs, ([, target]) => target),
});

/** Edges out of order with a loop and a repeated one; no edges; no nodes; one node. */
const parts: readonly EdgeListParts[] = [
  {
    nodes: 4,
    edges: edges([3, 2], [0, 1], [2, 0], [1, 1], [0, 1]),
    features: matrix(4, 3, 1),
    edgeFeatures: matrix(5, 2, 2),
  },
  { nodes: 2, edges: edges(), features: matrix(2, 3, 3), edgeFeatures: matrix(0, 2, 4) },
  { nodes: 0, edges: edges(), features: matrix(0, 3, 5) },
  { nodes: 3, edges: edges([2, 0], [1, 0], [0, 1]), features: matrix(3, 3, 6), edgeFeatures: matrix(3, 2, 7) },
  { nodes: 1, edges: edges([0, 0]), features: matrix(1, 3, 8), edgeFeatures: matrix(1, 2, 9) },
];

/** Every message of a batch as text: its graph, sender and receiver within the graph, and its features. */
function messages({ neighborhood, graphOf, nodeStarts, edgeFeatures }: GraphBatch): string[][] {
  const found: string[][] = Array.from({ length: nodeStarts.length - 1 }, () => []);
  for (let p = 0; p < neighborhood.edges; p++) {
    const [sender, receiver] = [neighborhood.senderOf[p]!, neighborhood.receiverOf[p]!];
    const graph = graphOf[receiver]!;
    expect(graphOf[sender]).toBe(graph);
    const edge = neighborhood.edgeOf[p]!;
    const row = edgeFeatures?.values.slice(edge * edgeFeatures.columns, (edge + 1) * edgeFeatures.columns) ?? [];
    found[graph]!.push(`${sender - nodeStarts[graph]!} to ${receiver - nodeStarts[graph]!}: ${[...row].join(", ")}`);
  }
  return found.map((list) => list.sort());
}

function messagesOfParts({ edges: { sources, targets }, edgeFeatures }: EdgeListParts): string[] {
  return Array.from(sources, (source, e) => {
    const row = edgeFeatures?.values.slice(e * edgeFeatures.columns, (e + 1) * edgeFeatures.columns) ?? [];
    return `${source} to ${targets[e]}: ${[...row].join(", ")}`;
  }).sort();
}

const anyGraph: fc.Arbitrary<EdgeListParts> = fc
  .integer({ min: 0, max: 5 })
  .chain((nodes) =>
    fc.tuple(
      fc.constant(nodes),
      fc.array(fc.tuple(fc.nat({ max: Math.max(0, nodes - 1) }), fc.nat({ max: Math.max(0, nodes - 1) })), {
        maxLength: nodes === 0 ? 0 : 8,
      }),
      fc.nat(),
    ),
  )
  .map(([nodes, pairs, seed]) => ({
    nodes,
    edges: edges(...pairs),
    features: matrix(nodes, 3, seed),
    edgeFeatures: matrix(pairs.length, 2, seed + 1),
  }));

describe("a batch of graphs", () => {
  it("has the messages of each graph with their features, and the features of its nodes, whichever are taken", () =>
    fc.assert(
      fc.property(
        fc.array(anyGraph, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (graphs, drawn) => {
          const members = drawn.map((number) => number % graphs.length);
          const batch = new GraphCollection(graphs).batch(members);
          expect(messages(batch)).toEqual(members.map((member) => messagesOfParts(graphs[member]!)));
          expect([...batch.nodeCounts]).toEqual(members.map((member) => graphs[member]!.nodes));
          expect([...batch.edgeCounts]).toEqual(members.map((member) => graphs[member]!.edges.sources.length));
          expect([...batch.graphOf]).toEqual(
            members.flatMap((member, g) => new Array<number>(graphs[member]!.nodes).fill(g)),
          );
          expect([...batch.members]).toEqual(members);
          const { features } = batch;
          expect([...(features?.values ?? [])]).toEqual(
            members.flatMap((member) => [...graphs[member]!.features!.values!]),
          );
          expect(features).toMatchObject({ kind: "dense", rows: batch.graphOf.length, columns: 3 });
        },
      ),
    ));

  it("tells for each edge which it was in the list of its graph", () => {
    const batch = batchGraphs(parts);
    for (let p = 0; p < batch.neighborhood.edges; p++) {
      const graph = batch.graphOf[batch.neighborhood.receiverOf[p]!]!;
      const list = parts[graph]!.edges;
      const e = batch.edgeInGraph[p]!;
      expect(batch.neighborhood.senderOf[p]! - batch.nodeStarts[graph]!).toBe(list.sources[e]);
      expect(batch.neighborhood.receiverOf[p]! - batch.nodeStarts[graph]!).toBe(list.targets[e]);
    }
  });

  it("gives each graph what a layer gives it alone, and the same gradients", () => {
    const layer = new GATv2Conv(3, 4, { random: new Random(1), engine: reference, edgeDim: 2, heads: 2 });
    const run = (
      batch: GraphBatch,
    ): { readonly output: readonly number[][]; readonly gradient: readonly number[][] } => {
      const { features, edgeFeatures } = batch;
      if (features?.kind !== "dense") throw new Error("expected dense features");
      const x = tensor(features.values, [features.rows, 3], { engine: reference, requiresGrad: true });
      const edge = tensor(edgeFeatures!.values, [edgeFeatures!.rows, 2], { engine: reference });
      const output = layer.forward(x, batch.neighborhood, { edgeFeatures: edge });
      splitNodes(batch, output).map((each) => backward(unevenSum(each)));
      const lists = (values: ArrayLike<number>): number[][] => splitNodes(batch, Array.from(values));
      return { output: lists(output.dataSync()), gradient: lists(x.grad?.dataSync() ?? []) };
    };
    const together = run(batchGraphs(parts));
    for (const [graph, each] of parts.entries()) {
      if (each.nodes === 0 || each.edges.sources.length === 0) continue;
      const alone = run(batchGraphs([each]));
      expectSame(together.output[graph]!, alone.output[0]!);
      expectSame(together.gradient[graph]!, alone.gradient[0]!);
    }
  });

  it("is the same from neighborhoods as from edge lists", () => {
    const made = parts.map(({ nodes, edges: { sources, targets }, ...rest }) => ({
      ...rest,
      neighborhood: SparseNeighborhood.fromEdgeList({
        senders: sources,
        receivers: targets,
        senderCount: nodes,
        receiverCount: nodes,
      }),
    }));
    const { neighborhood: got, ...rest } = batchGraphs(made);
    const { neighborhood: expected, ...others } = batchGraphs(parts);
    expect(rest).toEqual(others);
    expect([got.offsets, got.senderOf, got.edgeOf]).toEqual([expected.offsets, expected.senderOf, expected.edgeOf]);
  });

  it("keeps compressed rows compressed, whether they have values or all are 1", () => {
    const sparse = (lists: readonly number[][], values?: Float32Array): FeatureMatrix => ({
      ...csrFromLists(lists, 5),
      values,
    });
    const graph = (features: FeatureMatrix): GraphParts => ({ nodes: features.rows, edges: edges(), features });
    const [ones, valued, empty] = [
      graph(sparse([[0, 3], [], [4]])),
      graph(sparse([[1], [2, 0]], Float32Array.of(2, 3, -1))),
      graph(sparse([])),
    ];
    expect(new GraphCollection([ones, empty]).batch([0, 1, 0]).features).toEqual(
      sparse([[0, 3], [], [4], [0, 3], [], [4]]),
    );
    const both = new GraphCollection([ones, valued]).batch([1, 0]).features;
    expect(both).toEqual(sparse([[1], [2, 0], [0, 3], [], [4]], Float32Array.of(2, 3, -1, 1, 1, 1)));
    const mixed = new GraphCollection([graph(matrix(2, 5, 1)), valued]).batch([1]).features;
    expect(mixed).toEqual(denseMatrix(2, 5, Float32Array.of(0, 2, 0, 0, 0, -1, 0, 3, 0, 0)));
  });

  it("may be of no graphs, and have the widths of the others still", () => {
    const batch = new GraphCollection(parts).batch([]);
    expect(batch).toMatchObject({
      graphs: 0,
      features: { rows: 0, columns: 3 },
      edgeFeatures: { rows: 0, columns: 2 },
    });
    expect(batch.neighborhood).toMatchObject({ receivers: 0, senders: 0, edges: 0 });
  });

  it("carries encodings and keys along", () => {
    const keyed = parts.map(
      (each, g): GraphParts => ({
        ...each,
        encodings: matrix(each.nodes, 1, g),
        nodeKeys: Array.from({ length: each.nodes }, (_, i) => `${g}.${i}`),
        edgeKeys: Array.from(each.edges.sources, (_, e) => `${g}-${e}`),
      }),
    );
    const batch = new GraphCollection(keyed).batch([3, 0]);
    expect(batch.encodings).toEqual(
      denseMatrix(7, 1, Float32Array.of(...matrix(3, 1, 3).values, ...matrix(4, 1, 0).values)),
    );
    expect(batch.nodeKeys).toEqual([
      ["3.0", "3.1", "3.2"],
      ["0.0", "0.1", "0.2", "0.3"],
    ]);
    expect(batch.edgeKeys!.flat()).toEqual(Array.from(batch.edgeInGraph, (e, p) => `${p < 3 ? 3 : 0}-${e}`));
    expect(batchGraphs(parts)).toMatchObject({ nodeKeys: undefined, edgeKeys: undefined, encodings: undefined });
  });
});

describe("splitting by graph", () => {
  const batch = batchGraphs(parts);

  it("gives each graph the rows of its nodes and edges", () => {
    const x = numbers([10, 2], 1);
    const split = splitNodes(batch, x);
    expect(split.map(({ shape }) => shape)).toEqual([
      [4, 2],
      [2, 2],
      [0, 2],
      [3, 2],
      [1, 2],
    ]);
    expect(split.flatMap((each) => [...each.dataSync()])).toEqual([...x.dataSync()]);
    expect(
      splitNodes(
        batch,
        Float32Array.from({ length: 10 }, (_, i) => i),
      ).map((each) => [...each]),
    ).toEqual([[0, 1, 2, 3], [4, 5], [], [6, 7, 8], [9]]);
    expect(splitEdges(batch, [..."abcdefghi"])).toEqual([[..."abcde"], [], [], [..."fgh"], ["i"]]);
    expect(splitEdges(batch, numbers([9, 3], 1)).map(({ shape }) => shape[0])).toEqual([5, 0, 0, 3, 1]);
  });

  it("refuses what has not as many rows", () => {
    const refused = expect.objectContaining({ name: "ShapeError", code: "shapes-differ" });
    expect(() => splitNodes(batch, numbers([9, 2], 1))).toThrow(refused);
    expect(() => splitNodes(batch, [1, 2, 3])).toThrow(refused);
    expect(() => splitEdges(batch, new Float32Array(10))).toThrow(refused);
    expect(() => splitEdges(batchGraphs([parts[1]!]), [1])).toThrow(refused);
  });
});

function expectSame(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  Array.from(expected).forEach((value, k) => {
    expect(got[k]).toBeCloseTo(value, 10);
  });
}
