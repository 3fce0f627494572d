import { type DenseMatrix, denseMatrix, Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { graphBatches } from "./batch-graphs.ts";
import type { GraphBatch } from "./graph-batch.ts";
import { GraphCollection } from "./graph-collection.ts";
import type { GraphParts } from "./graph-parts.ts";

const matrix = (rows: number, columns: number): DenseMatrix =>
  denseMatrix(rows, columns, new Float32Array(rows * columns).fill(0.5));

const edges = (...pairs: readonly (readonly [number, number])[]) => ({
  sources: Uint32Array.from(pairs, ([source]) => source),
  targets: Uint32Array.from(pairs, ([, target]) => target),
});

describe("batches of an epoch", () => {
  const collection = new GraphCollection(Array.from({ length: 10 }, (_, nodes) => ({ nodes, edges: edges() })));
  const membersOf = (batches: Iterable<GraphBatch>): number[][] => Array.from(batches, ({ members }) => [...members]);

  it("go through every graph once, in order without a generator", () => {
    expect(membersOf(graphBatches(collection, { size: 4 }))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(membersOf(graphBatches(collection, { size: 4, dropLast: true }))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(membersOf(graphBatches(collection, { size: 20 }))).toHaveLength(1);
    expect(membersOf(graphBatches(collection, { size: 2, members: [7, 1, 3] }))).toEqual([[7, 1], [3]]);
  });

  it("shuffle by a seed, differently in each epoch", () => {
    const epochs = (seed: number): number[][] => {
      const random = new Random(seed);
      return [1, 2].map(() => membersOf(graphBatches(collection, { size: 3, random })).flat());
    };
    expect(epochs(1)).toEqual(epochs(1));
    expect(epochs(1)).not.toEqual(epochs(2));
    const [first, second] = epochs(1);
    expect(first).not.toEqual(second);
    for (const order of [first!, second!]) expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("leave the members that they were given as they are", () => {
    const members = Uint32Array.of(5, 6, 7);
    membersOf(graphBatches(collection, { size: 2, members, random: new Random(1) }));
    expect([...members]).toEqual([5, 6, 7]);
  });

  it("refuse bad options when they are made", () => {
    const option = (code: string) => expect.objectContaining({ name: "OptionError", code });
    for (const size of [0, -1, 1.5, Number.NaN])
      expect(() => graphBatches(collection, { size })).toThrow(option("out-of-range"));
    const misspelt = { size: 2, seed: 1 };
    expect(() => graphBatches(collection, misspelt)).toThrow(option("unknown-option"));
    expect(() => graphBatches(collection, { size: 2, members: [10] })).toThrow(
      expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
    );
  });
});

describe("graphs that do not fit are refused, naming the graph:", () => {
  const good: GraphParts = { nodes: 2, edges: edges([0, 1]), features: matrix(2, 3), edgeFeatures: matrix(1, 2) };
  const whole = neighborhoodOfEdges(4, edges([0, 1], [2, 3]));
  const unknown = { ...good, edge_features: matrix(1, 2) };
  const refused: Readonly<Record<string, readonly [parts: GraphParts, name: string, code: string, says: string]>> = {
    "features of another width": [
      { ...good, features: matrix(2, 4) },
      "DataError",
      "mixed-widths",
      "graph 1 has features of width 4",
    ],
    "edge features of another width": [
      { ...good, edgeFeatures: matrix(1, 3) },
      "DataError",
      "mixed-widths",
      "graph 1 has edgeFeatures",
    ],
    "no features": [{ nodes: 2, edges: edges() }, "DataError", "missing-features", "graph 1 has no features"],
    "too few rows": [
      { ...good, features: matrix(1, 3) },
      "DataError",
      "wrong-length",
      "graph 1: got 1 rows of features; expected 2",
    ],
    "too few rows for edges": [
      { ...good, edgeFeatures: matrix(3, 2) },
      "DataError",
      "wrong-length",
      "graph 1: got 3 rows of edgeFeatures",
    ],
    "too few keys": [{ ...good, nodeKeys: ["a"] }, "DataError", "wrong-length", "graph 1: got 1 nodeKeys"],
    "too many keys of edges": [
      { ...good, edgeKeys: ["a", "b"] },
      "DataError",
      "wrong-length",
      "graph 1: got 2 edgeKeys",
    ],
    "an edge to nowhere": [
      { ...good, edges: edges([0, 2]) },
      "DataError",
      "index-out-of-range",
      "graph 1: edge 0 joins the nodes 0 and 2",
    ],
    "sources without targets": [
      { ...good, edges: { sources: Uint32Array.of(0), targets: new Uint32Array(0) } },
      "DataError",
      "wrong-length",
      "graph 1: got 0 targets; expected 1",
    ],
    NaN: [
      { ...good, features: denseMatrix(2, 3, new Float32Array(6).fill(Number.NaN)) },
      "DataError",
      "not-finite",
      "graph 1, features",
    ],
    "half a node": [{ ...good, nodes: 1.5 }, "OptionError", "out-of-range", "graph 1: got 1.5 nodes"],
    "a part that is not known": [
      unknown,
      "OptionError",
      "unknown-option",
      'graph 1: got the unknown option "edge_features"',
    ],
    "rows of a larger whole": [
      { neighborhood: whole.rows(0, 2), features: matrix(2, 3) },
      "DataError",
      "wrong-length",
      "graph 1: got 4 senders",
    ],
  };
  for (const [what, [parts, name, code, says]] of Object.entries(refused)) {
    it(what, () =>
      expect(() => new GraphCollection([good, parts])).toThrow(
        expect.objectContaining({ name, code, message: expect.stringContaining(says) }),
      ),
    );
  }

  it("no graphs at all", () => {
    expect(() => new GraphCollection([])).toThrow(expect.objectContaining({ name: "DataError", code: "no-graphs" }));
  });

  it("a member that is not there", () => {
    for (const member of [1, -1, 0.5, Number.NaN]) {
      expect(() => new GraphCollection([good]).batch([member])).toThrow(
        expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
      );
    }
  });
});
