import { denseMatrix, Random, type SparseNeighborhood } from "@vicinal/core";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { connectedPairs, cycle, directed, type Pair, path, undirected } from "../testing/edge-lists.ts";
import { motleyGraph } from "../testing/graphs.ts";
import { degreeEncoding } from "./degree-encoding.ts";
import { flipSigns } from "./flip-signs.ts";
import { randomWalkEncoding } from "./random-walk-encoding.ts";

/** The diagonals of the powers of `D^-1 A`, from matrices written down edge by edge. */
function returnsOf({ receivers: nodes, senderOf, receiverOf }: SparseNeighborhood, walkLength: number): number[] {
  const adjacency = Matrix.zeros(nodes, nodes);
  senderOf.forEach((sender, p) => {
    adjacency.set(sender, receiverOf[p]!, adjacency.get(sender, receiverOf[p]!) + 1);
  });
  const walk = Matrix.diag(adjacency.sum("row").map((degree) => (degree === 0 ? 0 : 1 / degree))).mmul(adjacency);
  const powers: Matrix[] = [walk];
  for (let k = 1; k < walkLength; k++) powers.push(powers[k - 1]!.mmul(walk));
  return Array.from({ length: nodes }, (_, i) => powers.map((power) => power.get(i, i))).flat();
}

describe("the random-walk encoding", () => {
  const messy: readonly Pair[] = [...connectedPairs(40, 60, 1), [3, 3], [5, 6], [5, 6], [41, 2]];
  const graphs: Readonly<Record<string, SparseNeighborhood>> = {
    "edges without directions": undirected(70, connectedPairs(70, 90, 2)),
    "edges with directions, repeated ones, loops and dead ends": directed(43, messy),
    "loops and repeated edges in both directions": directed(40, [
      ...cycle(40),
      ...cycle(40).map(([a, b]): Pair => [b, a]),
      [2, 2],
      [4, 5],
      [5, 4],
    ]),
    "as many edges in as out of each node, and yet no reverses": directed(35, cycle(35)),
    "no edges": undirected(3, []),
    "no nodes": undirected(0, []),
  };
  for (const [what, graph] of Object.entries(graphs)) {
    it(`is the diagonals of the powers of the walk, with ${what}`, () => {
      for (const walkLength of [1, 4, 7]) {
        const { values, rows, columns } = randomWalkEncoding(graph, { walkLength });
        expect([rows, columns]).toEqual([graph.receivers, walkLength]);
        const expected = returnsOf(graph, walkLength);
        expect(values).toHaveLength(expected.length);
        values.forEach((value, k) => {
          expect(value).toBeCloseTo(expected[k]!, 6);
        });
      }
    });
  }

  it("of a path never returns after an odd count of steps", () => {
    const { values } = randomWalkEncoding(undirected(4, path(4)), { walkLength: 3 });
    expect([...values]).toEqual(
      [0, 0.5, 0, 0, 0.75, 0, 0, 0.75, 0, 0, 0.5, 0].map((value) => expect.closeTo(value, 6)),
    );
  });

  it("moves with the nodes when they are numbered otherwise", () => {
    const pairs = connectedPairs(50, 30, 3);
    const number = new Random(4).shuffle(Uint32Array.from({ length: 50 }, (_, i) => i));
    const before = randomWalkEncoding(undirected(50, pairs), { walkLength: 5 }).values;
    const after = randomWalkEncoding(
      undirected(
        50,
        pairs.map(([a, b]): Pair => [number[a]!, number[b]!]),
      ),
      { walkLength: 5 },
    ).values;
    number.forEach((node, i) => {
      for (let k = 0; k < 5; k++) expect(after[node * 5 + k]).toBeCloseTo(before[i * 5 + k]!, 6);
    });
  });

  it("is written to the nodes of a graphology graph", () => {
    const graph = motleyGraph();
    const { values } = randomWalkEncoding(graph, { walkLength: 3 });
    randomWalkEncoding.assign(graph, { walkLength: 3 });
    expect(graph.mapNodes((_, attributes) => attributes["randomWalkEncoding"]).flat()).toEqual([...values]);
    randomWalkEncoding.assign(graph, { walkLength: 1, nodeEncodingAttribute: "loops" });
    expect(graph.getNodeAttribute("d", "loops")).toEqual([expect.closeTo(2 / 3, 6)]);
  });

  it("refuses other lengths and options", () => {
    for (const walkLength of [0, -1, 1.5, Number.NaN]) {
      expect(() => randomWalkEncoding(undirected(2, []), { walkLength })).toThrow(
        expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
      );
    }
    const misspelt = { walkLength: 2, steps: 3 };
    expect(() => randomWalkEncoding(undirected(2, []), misspelt)).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
    // @ts-expect-error: what a caller without types may pass.
    expect(() => randomWalkEncoding(null, { walkLength: 1 })).toThrow(expect.objectContaining({ code: "not-a-graph" }));
  });
});

describe("the degree encoding", () => {
  const graph = motleyGraph();

  it("counts the edges that lead to a node and that come from it", () => {
    // a, b, c, d, alone: both directions of edges that have none, loops once, parallel edges each.
    expect(degreeEncoding(graph, { scale: "count" })).toEqual(
      denseMatrix(5, 2, Float32Array.of(2, 2, 4, 3, 3, 3, 2, 3, 0, 0)),
    );
    expect([...degreeEncoding(graph, { scale: "count", directions: ["out"] }).values]).toEqual([2, 3, 3, 3, 0]);
    expect([...degreeEncoding(graph, { scale: "count", directions: ["out", "in"] }).values.slice(2, 4)]).toEqual([
      3, 4,
    ]);
  });

  it("is log(1 + count) unless asked otherwise", () => {
    const counts = degreeEncoding(graph, { scale: "count" }).values;
    expect([...degreeEncoding(graph).values]).toEqual(Array.from(counts, (count) => Math.fround(Math.log(1 + count))));
  });

  it("is written to the nodes of a graph", () => {
    degreeEncoding.assign(graph, { scale: "count" });
    degreeEncoding.assign(graph, { directions: ["in"], scale: "count", nodeEncodingAttribute: "degree" });
    expect(graph.getNodeAttributes("b")).toMatchObject({ degreeEncoding: [4, 3], degree: [4] });
  });

  it("refuses other directions, scales and options", () => {
    const outOfRange = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
    expect(() => degreeEncoding(graph, { directions: [] })).toThrow(outOfRange);
    expect(() => degreeEncoding(graph, { directions: ["in", "in"] })).toThrow(outOfRange);
    // @ts-expect-error: what a caller without types may pass.
    expect(() => degreeEncoding(graph, { directions: ["both"] })).toThrow(outOfRange);
    // @ts-expect-error: as above.
    expect(() => degreeEncoding(graph, { scale: "root" })).toThrow(outOfRange);
    const misspelt = { scale: "log", logarithm: true } as const;
    expect(() => degreeEncoding(graph, misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});

describe("flipping signs", () => {
  const encoding = denseMatrix(
    5,
    3,
    Float32Array.from({ length: 15 }, (_, k) => k + 1),
  );
  const signs = (values: Float32Array): number[][] =>
    Array.from({ length: 5 }, (_, row) =>
      Array.from(values.slice(3 * row, 3 * row + 3), (value, c) => value / (3 * row + c + 1)),
    );

  it("multiplies whole columns by 1 or -1, drawn by the seed", () => {
    const run = (seed: number): number[][] => signs(flipSigns(encoding, new Random(seed)).values);
    expect(run(1)).toEqual(run(1));
    const drawn = Array.from({ length: 40 }, (_, seed) => run(seed));
    for (const rows of drawn) expect(rows).toEqual(new Array(5).fill(rows[0]));
    const seen = new Set(drawn.map(([row]) => row!.join()));
    expect(seen.size).toBe(8);
    expect([...encoding.values]).toEqual(Array.from({ length: 15 }, (_, k) => k + 1));
  });

  it("draws for each graph of a batch and column by itself, and leaves other columns alone", () => {
    const membership = { graphs: 3, graphOf: Uint32Array.of(0, 0, 2, 2, 2) };
    const drawn = Array.from({ length: 60 }, (_, seed) =>
      signs(flipSigns(encoding, new Random(seed), { membership, columns: 2 }).values),
    );
    for (const [a, b, c, d, e] of drawn) {
      expect(b).toEqual(a);
      expect([d, e]).toEqual([c, c]);
      expect([a![2], c![2]]).toEqual([1, 1]);
    }
    expect(new Set(drawn.map(([a, , c]) => [...a!, ...c!].join())).size).toBe(16);
  });

  it("refuses other counts", () => {
    const random = new Random(1);
    for (const columns of [4, -1, 0.5]) {
      expect(() => flipSigns(encoding, random, { columns })).toThrow(expect.objectContaining({ code: "out-of-range" }));
    }
    const membership = { graphs: 1, graphOf: new Uint32Array(4) };
    expect(() => flipSigns(encoding, random, { membership })).toThrow(
      expect.objectContaining({ name: "DataError", code: "wrong-length" }),
    );
    const misspelt = { column: 2 };
    // @ts-expect-error: what a caller without types may pass.
    expect(() => flipSigns(encoding, random, misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
