import { type DenseMatrix, Random, SparseNeighborhood } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { connectedPairs, cycle, directed, type Pair, path, torus, undirected } from "../testing/edge-lists.ts";
import { motleyGraph } from "../testing/graphs.ts";
import { laplacianEncoding } from "./laplacian-encoding.ts";

const methods = ["dense", "iterative"] as const;

/** `I - D^-1/2 A D^-1/2` of edges without direction, written down from the definition. */
function laplacianOf(nodes: number, pairs: readonly Pair[]): Matrix {
  const adjacency = Matrix.zeros(nodes, nodes);
  for (const [a, b] of pairs) {
    adjacency.set(a, b, 1);
    adjacency.set(b, a, 1);
  }
  const roots = adjacency.sum("row").map((degree) => 1 / Math.sqrt(degree));
  return Matrix.eye(nodes, nodes).sub(Matrix.diag(roots).mmul(adjacency).mmul(Matrix.diag(roots)));
}

function ascending(values: ArrayLike<number>): number[] {
  return Array.from(values).sort((a, b) => a - b);
}

function matrixOf({ rows, columns, values }: DenseMatrix): Matrix {
  return Matrix.from1DArray(rows, columns, values);
}

/** The sine of the largest angle between two subspaces, given orthonormal columns. */
function subspaceAngle(a: Matrix, b: Matrix): number {
  const outside = Matrix.sub(b, a.mmul(a.transpose().mmul(b)));
  return Math.max(...new SingularValueDecomposition(outside).diagonal);
}

function expectEigenvalues(got: ArrayLike<number>, expected: ArrayLike<number>, digits = 8): void {
  expect(got.length).toBe(expected.length);
  Array.from(expected).forEach((value, k) => {
    expect(got[k]).toBeCloseTo(value, digits);
  });
}

describe.each(methods)("the %s Laplacian encoding", (method) => {
  it("has the eigenvectors of the smallest eigenvalues but the first", () => {
    const pairs = connectedPairs(60, 80, 1);
    const { matrix, eigenvalues } = laplacianEncoding.detailed(undirected(60, pairs), { count: 7, method });
    const laplacian = laplacianOf(60, pairs);
    const all = ascending(new EigenvalueDecomposition(laplacian, { assumeSymmetric: true }).realEigenvalues);
    expectEigenvalues(eigenvalues, all.slice(1, 8));
    const vectors = matrixOf(matrix);
    const left = Matrix.sub(laplacian.mmul(vectors), vectors.mmul(Matrix.diag([...eigenvalues])));
    expect(Math.max(...left.to1DArray().map(Math.abs))).toBeLessThan(1e-5);
    const products = vectors.transpose().mmul(vectors);
    expect(Math.max(...Matrix.sub(products, Matrix.eye(7, 7)).to1DArray().map(Math.abs))).toBeLessThan(1e-6);
  });

  const spectra: Readonly<
    Record<string, readonly [nodes: number, pairs: readonly Pair[], eigenvalues: readonly number[]]>
  > = {
    "a path: 1 - cos(pi k / (n - 1))": [
      30,
      path(30),
      Array.from({ length: 30 }, (_, k) => 1 - Math.cos((Math.PI * k) / 29)),
    ],
    "a cycle: 1 - cos(2 pi k / n), most of them twice": [
      31,
      cycle(31),
      Array.from({ length: 31 }, (_, k) => 1 - Math.cos((2 * Math.PI * k) / 31)),
    ],
    "a grid whose sides are joined: means of those of cycles": [
      42,
      torus(6, 7),
      Array.from(
        { length: 42 },
        (_, i) => 1 - (Math.cos((2 * Math.PI * (i % 6)) / 6) + Math.cos((2 * Math.PI * (i % 7)) / 7)) / 2,
      ),
    ],
    "a star: 1, n - 2 times": [
      40,
      Array.from({ length: 39 }, (_, i): Pair => [0, i + 1]),
      [0, ...new Array<number>(38).fill(1), 2],
    ],
    "a complete graph: n / (n - 1), n - 1 times": [
      20,
      Array.from({ length: 400 }, (_, k): Pair => [Math.floor(k / 20), k % 20]).filter(([a, b]) => a !== b),
      [0, ...new Array<number>(19).fill(20 / 19)],
    ],
  };
  for (const [what, [nodes, pairs, expected]] of Object.entries(spectra)) {
    it(`has the known spectrum of ${what}`, () => {
      const { eigenvalues } = laplacianEncoding.detailed(undirected(nodes, pairs), { count: 6, method });
      expectEigenvalues(eigenvalues, ascending(expected).slice(1, 7));
    });
  }

  it("moves with the nodes when they are numbered otherwise, but for signs", () => {
    const [nodes, pairs] = [40, connectedPairs(40, 40, 2)] as const;
    const number = new Random(3).shuffle(Uint32Array.from({ length: nodes }, (_, i) => i));
    const moved = pairs.map(([a, b]): Pair => [number[a]!, number[b]!]);
    const [before, after] = [undirected(nodes, pairs), undirected(nodes, moved)].map((graph) =>
      matrixOf(laplacianEncoding(graph, { count: 4, method, tolerance: 1e-8 })),
    );
    for (let column = 0; column < 4; column++) {
      const expected = before!.getColumn(column);
      const got = Array.from(number, (node) => after!.get(node, column));
      const sign = expected.reduce((sum, value, i) => sum + value * got[i]!, 0) < 0 ? -1 : 1;
      expected.forEach((value, i) => {
        expect(got[i]! * sign).toBeCloseTo(value, 5);
      });
    }
  });

  it("says of several components first which a node is in, in vectors orthogonal to the trivial one", () => {
    // Of 4, 6 and 2 nodes.
    const pairs: readonly Pair[] = [...path(4), ...cycle(6).map(([a, b]): Pair => [a + 4, b + 4]), [10, 11]];
    const { matrix, eigenvalues } = laplacianEncoding.detailed(undirected(12, pairs), { count: 5, method });
    const laplacian = laplacianOf(12, pairs);
    const all = ascending(new EigenvalueDecomposition(laplacian, { assumeSymmetric: true }).realEigenvalues);
    expectEigenvalues(eigenvalues, all.slice(1, 6));
    expect([...eigenvalues.slice(0, 2)]).toEqual([0, 0]);
    const roots = [1, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1, 1].map(Math.sqrt);
    const vectors = matrixOf(matrix);
    expect(
      Math.max(
        ...laplacian
          .mmul(vectors.subMatrix(0, 11, 0, 1))
          .to1DArray()
          .map(Math.abs),
      ),
    ).toBeLessThan(1e-6);
    for (let column = 0; column < 5; column++) {
      expect(roots.reduce((sum, root, i) => sum + root * vectors.get(i, column), 0)).toBeCloseTo(0, 6);
    }
    const perRoot = Array.from({ length: 2 }, (_, column) => roots.map((root, i) => vectors.get(i, column) / root));
    for (const values of perRoot) {
      for (const component of [
        [0, 1, 2, 3],
        [4, 5, 6, 7, 8, 9],
        [10, 11],
      ]) {
        for (const i of component) expect(values[i]).toBeCloseTo(values[component[0]!]!, 6);
      }
    }
    // The first tells the largest two apart and leaves the third out; the second tells that from both.
    expect(perRoot[0]![0]! * perRoot[0]![4]!).toBeLessThan(0);
    expect(perRoot[0]![10]).toBe(0);
    expect(perRoot[1]![0]).toBeCloseTo(perRoot[1]![4]!, 6);
    expect(perRoot[1]![0]! * perRoot[1]![10]!).toBeLessThan(0);
  });

  it("gives nodes without neighbors zeros, and the others what they would get without them", () => {
    const pairs = connectedPairs(20, 10, 4);
    const shifted = pairs.map(([a, b]): Pair => [a + 2, b + 2]);
    const alone = laplacianEncoding(undirected(20, pairs), { count: 3, method });
    const { values } = laplacianEncoding(undirected(23, shifted), { count: 3, method });
    expect([...values.subarray(0, 6), ...values.subarray(66)]).toEqual(new Array(9).fill(0));
    expect(values.slice(6, 66)).toEqual(alone.values);
  });

  it("has columns of zeros where a graph has no more eigenvectors", () => {
    const {
      matrix,
      eigenvalues,
      method: used,
    } = laplacianEncoding.detailed(undirected(3, path(3)), { count: 5, method });
    expectEigenvalues(eigenvalues, [1, 2]);
    const vectors = matrixOf(matrix);
    for (let i = 0; i < 3; i++) expect(vectors.getRow(i).slice(2)).toEqual([0, 0, 0]);
    expect(used).toBe(method);
    for (const nodes of [0, 1, 4]) {
      const none = laplacianEncoding.detailed(undirected(nodes, []), { count: 2, method });
      expect(none.matrix).toEqual({ kind: "dense", rows: nodes, columns: 2, values: new Float32Array(2 * nodes) });
      expect(none).toMatchObject({ eigenvalues: new Float64Array(0), method: "none" });
    }
  });

  it("makes the largest number of each vector positive, the first of equal ones", () => {
    const { values } = laplacianEncoding(undirected(9, path(9)), { count: 4, method });
    for (let column = 0; column < 4; column++) {
      const vector = Array.from({ length: 9 }, (_, i) => values[i * 4 + column]!);
      const largest = Math.max(...vector.map(Math.abs));
      expect(vector.find((value) => Math.abs(value) > 0.999 * largest)).toBeGreaterThan(0);
    }
  });

  it("leaves self-loops out, counts parallel edges, and half of an edge with a direction", () => {
    const pairs = connectedPairs(15, 6, 5);
    const expected = laplacianEncoding(undirected(15, pairs), { count: 3, method }).values;
    const same = (graph: SparseNeighborhood, other = expected): void => {
      const { values } = laplacianEncoding(graph, { count: 3, method });
      values.forEach((value, k) => {
        expect(value).toBeCloseTo(other[k]!, 5);
      });
    };
    const both = [...new Set(pairs.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]))].map((text): Pair => {
      const [a, b] = text.split(" ").map(Number);
      return [a!, b!];
    });
    same(directed(15, both));
    same(directed(15, [...both, [3, 3], [4, 4], [4, 4]]));
    same(directed(15, [...both, ...both]));
    same(
      directed(
        15,
        both.filter(([a, b]) => a < b),
      ),
    );
    const doubled = [...both, [0, 1], [1, 0]] satisfies Pair[];
    const once = laplacianEncoding(directed(15, [...both, [0, 1], [0, 1]]), { count: 3, method }).values;
    same(directed(15, doubled), once);
    expect(once).not.toEqual(expected);
  });
});

describe("the two methods", () => {
  it("find the same subspace of a graph of 300 nodes", () => {
    const graph = undirected(300, connectedPairs(300, 500, 6));
    const [dense, iterative] = methods.map((method) =>
      laplacianEncoding.detailed(graph, { count: 10, method, tolerance: 1e-7 }),
    );
    expectEigenvalues(iterative!.eigenvalues, dense!.eigenvalues, 9);
    expect(iterative!.iterations).toBeGreaterThan(0);
    expect(subspaceAngle(matrixOf(dense!.matrix), matrixOf(iterative!.matrix))).toBeLessThan(1e-5);
  });

  it("are chosen by the count of nodes, and by what is asked of them", () => {
    const method = (nodes: number, count: number): string =>
      laplacianEncoding.detailed(undirected(nodes, path(nodes)), { count }).method;
    expect(method(300, 1)).toBe("dense");
    expect(method(301, 1)).toBe("iterative");
    expect(method(310, 150)).toBe("dense");
  });

  it("end at the tolerance: the residual of an iterated vector is below it", () => {
    const nodes = 500;
    const pairs = torus(20, 25);
    const laplacian = laplacianOf(nodes, pairs);
    const { matrix, eigenvalues } = laplacianEncoding.detailed(undirected(nodes, pairs), { count: 5, tolerance: 1e-4 });
    const vectors = matrixOf(matrix);
    for (let column = 0; column < 5; column++) {
      const vector = vectors.getColumnVector(column);
      const left = Matrix.sub(laplacian.mmul(vector), Matrix.mul(vector, eigenvalues[column]!)).norm();
      // What float32 rounds away comes on top.
      expect(left).toBeLessThan(1e-4 * eigenvalues[column]! + 1e-6);
    }
  });

  it("say so when they do not get there", () => {
    const graph = undirected(1000, path(1000));
    expect(() => laplacianEncoding(graph, { count: 5, maxIterations: 1 })).toThrow(
      expect.objectContaining({
        name: "DataError",
        code: "not-converged",
        message: expect.stringContaining("after 1 iterations"),
      }),
    );
  });

  it("are the same for the same seed, and all but the same for another", () => {
    const graph = undirected(400, connectedPairs(400, 400, 7));
    const run = (seed: number): Float32Array =>
      laplacianEncoding(graph, { count: 3, method: "iterative", seed, tolerance: 1e-8 }).values;
    expect(run(1)).toEqual(run(1));
    const [one, other] = [run(1), run(2)];
    one.forEach((value, k) => {
      expect(other[k]).toBeCloseTo(value, 5);
    });
  });
});

describe("a graphology graph", () => {
  it("is encoded as its neighborhood is, and gets arrays on its nodes", () => {
    const graph = new UndirectedGraph();
    for (const [a, b] of connectedPairs(12, 5, 8)) graph.mergeEdge(a, b);
    graph.setNodeAttribute("3", "name", "three");
    const { values } = laplacianEncoding(graph, { count: 2 });
    laplacianEncoding.assign(graph, { count: 2 });
    expect(graph.mapNodes((_, { laplacianEncoding: row }) => row).flat()).toEqual([...values]);
    expect(graph.getNodeAttribute("3", "name")).toBe("three");
    laplacianEncoding.assign(graph, { count: 1, nodeEncodingAttribute: "where" });
    expect(graph.getNodeAttribute("0", "where")).toHaveLength(1);
  });

  it("may have everything that a graph can have", () => {
    const { values, rows } = laplacianEncoding(motleyGraph(), { count: 2 });
    expect(rows).toBe(5);
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

describe("refused are", () => {
  const graph = undirected(5, path(5));
  const option = (code: string) => expect.objectContaining({ name: "OptionError", code });

  it("options that are unknown or out of range", () => {
    const misspelt = { count: 2, k: 3 };
    expect(() => laplacianEncoding(graph, misspelt)).toThrow(option("unknown-option"));
    for (const count of [0, -1, 1.5, Number.NaN])
      expect(() => laplacianEncoding(graph, { count })).toThrow(option("out-of-range"));
    for (const tolerance of [0, 1, -1, Number.NaN]) {
      expect(() => laplacianEncoding(graph, { count: 1, tolerance })).toThrow(option("out-of-range"));
    }
    expect(() => laplacianEncoding(graph, { count: 1, maxIterations: 0 })).toThrow(option("out-of-range"));
    expect(() => laplacianEncoding(graph, { count: 1, seed: -1 })).toThrow(option("out-of-range"));
    // @ts-expect-error: what a caller without types may pass.
    expect(() => laplacianEncoding(graph, { count: 1, method: "lanczos" })).toThrow(option("out-of-range"));
    // @ts-expect-error: as above.
    expect(() => laplacianEncoding.assign(motleyGraph(), { count: 1, nodeEncodingAttribute: 3 })).toThrow(
      option("wrong-type"),
    );
  });

  it("what is no graph, or none of one set of nodes", () => {
    // @ts-expect-error: what a caller without types may pass.
    expect(() => laplacianEncoding([1, 2], { count: 1 })).toThrow(expect.objectContaining({ code: "not-a-graph" }));
    // @ts-expect-error: as above.
    expect(() => laplacianEncoding.assign(graph, { count: 1 })).toThrow(
      expect.objectContaining({ code: "not-a-graph" }),
    );
    const bipartite = SparseNeighborhood.fromRows({
      offsets: Uint32Array.of(0, 1),
      senderOf: Uint32Array.of(1),
      senders: 2,
    });
    expect(() => laplacianEncoding(bipartite, { count: 1 })).toThrow(
      expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
    );
  });
});
