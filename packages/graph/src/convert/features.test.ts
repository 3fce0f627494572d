import { type FeatureMatrix, VicinalError } from "@vicinal/core";
import fc from "fast-check";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { type FeatureSource, featureEncoder, type NodeFeatures, nodeFeatures } from "./features.ts";

/** A graph whose nodes are named 0, 1, … and have these attributes. */
function graphOf(...attributes: Record<string, unknown>[]): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (const [i, values] of attributes.entries()) graph.addNode(i, values);
  return graph;
}

/** A graph of one attribute "x". */
const valuesOf = (...values: unknown[]) => graphOf(...values.map((x) => (x === undefined ? {} : { x })));

function rowsOf(matrix: FeatureMatrix): number[][] {
  const rows = Array.from({ length: matrix.rows }, () => new Array<number>(matrix.columns).fill(0));
  for (let r = 0; r < matrix.rows; r++) {
    if (matrix.kind === "dense") {
      rows[r] = Array.from(matrix.values.subarray(r * matrix.columns, (r + 1) * matrix.columns));
      continue;
    }
    for (let p = matrix.indptr[r]!; p < matrix.indptr[r + 1]!; p++)
      rows[r]![matrix.indices[p]!] = matrix.values?.[p] ?? 1;
  }
  return rows;
}

const table = ({ matrix, columns }: NodeFeatures) => ({
  columns: columns.map(({ name }) => name),
  rows: rowsOf(matrix),
});

describe("nodeFeatures", () => {
  it("standardises numbers: mean 0, population deviation 1", () => {
    expect(table(nodeFeatures(valuesOf(1, 3, 5, 7), ["x"]))).toEqual({
      columns: ["x"],
      rows: [-3, -1, 1, 3].map((x) => [Math.fround(x / Math.sqrt(5))]),
    });
  });

  it("takes numbers as they are when asked", () => {
    expect(rowsOf(nodeFeatures(valuesOf(1, -3.5), [{ attribute: "x", standardize: false }]).matrix)).toEqual([
      [1],
      [-3.5],
    ]);
  });

  it("brings a number that is the same on every node to 0, whatever its rounding", () => {
    expect(rowsOf(nodeFeatures(valuesOf(0.1, 0.1, 0.1), ["x"]).matrix)).toEqual([[0], [0], [0]]);
  });

  it("keeps the digits of numbers with a large mean", () => {
    expect(rowsOf(nodeFeatures(valuesOf(1e9, 1e9 + 2), ["x"]).matrix)).toEqual([[-1], [1]]);
  });

  it("makes 1 and 0 of booleans, and of 1 and 0 when told that they are booleans", () => {
    expect(rowsOf(nodeFeatures(valuesOf(true, false), ["x"]).matrix)).toEqual([[1], [0]]);
    expect(rowsOf(nodeFeatures(valuesOf(1, 0, true), [{ attribute: "x", kind: "boolean" }]).matrix)).toEqual([
      [1],
      [0],
      [1],
    ]);
  });

  it("makes one column of each category, sorted, whatever the order of nodes", () => {
    expect(table(nodeFeatures(valuesOf("red", "blue", "red"), ["x"]))).toEqual({
      columns: ["x = blue", "x = red"],
      rows: [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    });
  });

  it("takes numbers for categories when told so", () => {
    expect(nodeFeatures(valuesOf(7, 3), [{ attribute: "x", kind: "category" }]).columns.map((c) => c.category)).toEqual(
      ["3", "7"],
    );
  });

  it("makes one column of each place of a vector, as it is unless asked otherwise", () => {
    const graph = valuesOf([1, 10], Float32Array.of(3, 30));
    expect(table(nodeFeatures(graph, ["x"]))).toEqual({
      columns: ["x[0]", "x[1]"],
      rows: [
        [1, 10],
        [3, 30],
      ],
    });
    expect(rowsOf(nodeFeatures(graph, [{ attribute: "x", standardize: true }]).matrix)).toEqual([
      [-1, -1],
      [1, 1],
    ]);
  });

  it("makes one column of each member of sets; repeats count once", () => {
    expect(table(nodeFeatures(valuesOf(["tea", "go", "tea"], new Set(["art"]), []), ["x"]))).toEqual({
      columns: ["x has art", "x has go", "x has tea"],
      rows: [
        [0, 1, 1],
        [1, 0, 0],
        [0, 0, 0],
      ],
    });
  });

  it("sorts numbers that are members by size, and keeps them as columns when a size is given", () => {
    const graph = valuesOf([10, 2, 10], Uint16Array.of(2));
    const found = nodeFeatures(graph, [{ attribute: "x", kind: "set" }]);
    expect(table(found)).toEqual({
      columns: ["x has 2", "x has 10"],
      rows: [
        [1, 1],
        [1, 0],
      ],
    });
    const { matrix, columns } = nodeFeatures(graph, [{ attribute: "x", kind: "set", size: 100 }]);
    expect(columns).toHaveLength(100);
    expect(matrix).toEqual({
      kind: "csr",
      rows: 2,
      columns: 100,
      indptr: Uint32Array.of(0, 2, 3),
      indices: Uint32Array.of(2, 10, 2),
      values: undefined,
    });
  });

  it("marks missing values in a column of their own, and only where there are any", () => {
    expect(table(nodeFeatures(valuesOf(2, undefined, 4, null), ["x"]))).toEqual({
      columns: ["x", "x is missing"],
      rows: [
        [-1, 0],
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    });
    expect(nodeFeatures(valuesOf("a", undefined), ["x"]).columns).toEqual([
      { name: "x = a", feature: "x", attribute: "x", kind: "category", category: "a" },
      { name: "x is missing", feature: "x", attribute: "x", kind: "missing", category: undefined },
    ]);
    expect(nodeFeatures(valuesOf("a", undefined), [{ attribute: "x", missing: "zero" }]).columns).toHaveLength(1);
    expect(nodeFeatures(valuesOf("a", "b"), [{ attribute: "x", missing: "indicator" }]).columns).toHaveLength(3);
  });

  it("puts the columns of several sources side by side, in their order", () => {
    const graph = graphOf({ age: 20, city: "Rome" }, { age: 40, city: "Oslo" });
    const degree = { name: "short", get: (_: string, { city }: Readonly<Record<string, unknown>>) => city === "Rome" };
    expect(table(nodeFeatures(graph, ["city", degree, "age"]))).toEqual({
      columns: ["city = Oslo", "city = Rome", "short", "age"],
      rows: [
        [0, 1, 1, -1],
        [1, 0, 0, 1],
      ],
    });
  });

  it("agrees with the definition on random attributes, and leaves the graph as it was", () => {
    const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 5 });
    const word = fc.constantFrom("a", "b", "c", "B", "é", "");
    const node = fc.record({
      flag: optional(fc.boolean()),
      word: optional(word),
      pair: optional(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.constant(0.5))),
      words: optional(fc.array(word)),
      columns: optional(fc.array(fc.nat(30))),
    });
    fc.assert(
      fc.property(fc.array(node, { minLength: 1 }), (nodes) => {
        const graph = graphOf(...nodes);
        const before = JSON.stringify(graph.export());
        const expected: Record<string, number[]> = {};
        const column = (name: string, of: (attributes: (typeof nodes)[number]) => unknown) => {
          expected[name] = nodes.map((attributes) => Number(of(attributes) ?? 0));
        };
        const mark = (name: keyof (typeof nodes)[number]) => {
          if (nodes.some((n) => n[name] === undefined)) column(`${name} is missing`, (n) => n[name] === undefined);
        };
        column("flag", (n) => n.flag);
        mark("flag");
        for (const w of [...new Set(nodes.flatMap((n) => n.word ?? []))].sort())
          column(`word = ${w}`, (n) => n.word === w);
        mark("word");
        for (const c of [0, 1]) column(`pair[${c}]`, (n) => n.pair?.[c]);
        mark("pair");
        for (const w of [...new Set(nodes.flatMap((n) => n.words ?? []))].sort()) {
          column(`words has ${w}`, (n) => n.words?.includes(w));
        }
        mark("words");
        for (let c = 0; c < 31; c++) column(`columns has ${c}`, (n) => n.columns?.includes(c));
        mark("columns");

        const empty = (name: keyof (typeof nodes)[number]) => nodes.every((n) => n[name] === undefined);
        const wordless = nodes.every((n) => (n.words ?? []).length === 0);
        fc.pre(!empty("flag") && !empty("word") && !empty("pair") && !empty("columns") && !wordless);
        const sources: FeatureSource[] = [
          "flag",
          "word",
          "pair",
          "words",
          { attribute: "columns", kind: "set", size: 31 },
        ];
        const { columns, rows } = table(nodeFeatures(graph, sources));
        expect(columns).toEqual(Object.keys(expected));
        expect(rows).toEqual(nodes.map((_, i) => Object.values(expected).map((values) => values[i])));
        expect(JSON.stringify(graph.export())).toBe(before);
      }),
    );
  });
});

describe("nodeFeatures refuses", () => {
  it.each<[string, unknown[], FeatureSource]>([
    ["not-finite", [1, Number.NaN], "x"],
    ["not-finite", [1, Number.POSITIVE_INFINITY], "x"],
    ["not-finite", [1, 1e300], { attribute: "x", standardize: false }],
    ["not-finite", [-1.7e308, 1.7e308], "x"],
    ["not-finite", [[1], [Number.NaN]], "x"],
    ["not-finite", [1, Number.NaN], { attribute: "x", kind: "category" }],
    ["wrong-length", [[1, 2], [1]], "x"],
    ["wrong-type", [1, "2"], { attribute: "x", kind: "number" }],
    ["wrong-type", [true, 2], { attribute: "x", kind: "boolean" }],
    ["wrong-type", ["a", ["b"]], { attribute: "x", kind: "category" }],
    ["wrong-type", [[1], 1], { attribute: "x", kind: "vector" }],
    ["wrong-type", [["a"], "b"], { attribute: "x", kind: "set" }],
    ["wrong-type", [[1], [1.5]], { attribute: "x", kind: "set" }],
    ["wrong-type", [[1], ["a"]], { attribute: "x", kind: "set", size: 2 }],
    ["index-out-of-range", [[1], [2]], { attribute: "x", kind: "set", size: 2 }],
    ["mixed-types", [new Set([1]), new Set(["a"])], "x"],
    ["mixed-types", [1, "a"], "x"],
    ["missing-value", [1, undefined], { attribute: "x", missing: "error" }],
  ])("%s: %j from %j, naming the node and the feature", (code, values, source) => {
    for (const run of [nodeFeatures, featureEncoder]) {
      expect(() => run(valuesOf(...values), [source])).toThrow(
        expect.objectContaining({ name: "DataError", code, message: expect.stringMatching(/"x" of node "[01]"/) }),
      );
    }
  });

  it("an attribute that no node has, and says which there are", () => {
    expect(() => nodeFeatures(graphOf({ age: 1 }, { city: "Rome" }), ["agee"])).toThrow(
      expect.objectContaining({ code: "unknown-attribute", message: expect.stringContaining('"age", "city"') }),
    );
  });

  it("a feature that is empty on every node", () => {
    const noValues = expect.objectContaining({ code: "no-values" });
    expect(() => nodeFeatures(valuesOf(null), ["x"])).toThrow(noValues);
    expect(() => nodeFeatures(valuesOf([], []), ["x"])).toThrow(noValues);
    expect(() => nodeFeatures(valuesOf(1), [{ name: "y", get: () => undefined }])).toThrow(noValues);
  });

  it("a graph without nodes, and what is not a graph", () => {
    expect(() => nodeFeatures(new UndirectedGraph(), ["x"])).toThrow(expect.objectContaining({ code: "empty-graph" }));
    expect(() => Reflect.apply(nodeFeatures, undefined, [{}, ["x"]])).toThrow(
      expect.objectContaining({ code: "not-a-graph" }),
    );
  });

  it("options that the inferred kind does not read", () => {
    expect(() => nodeFeatures(valuesOf("a"), [{ attribute: "x", standardize: true }])).toThrow(VicinalError);
  });
});

describe("featureEncoder", () => {
  it("applies means, deviations and categories of one graph to another", () => {
    const encoder = featureEncoder(
      graphOf({ age: 10, city: "Rome", likes: ["tea"] }, { age: 30, city: "Oslo", likes: ["go"] }),
      ["age", "city", "likes"],
    );
    const { matrix, columns } = encoder.encode(graphOf({ age: 50, city: "Oslo", likes: ["go", "tea"] }));
    expect(columns).toBe(encoder.columns);
    expect(rowsOf(matrix)).toEqual([[3, 1, 0, 1, 1]]);
    expect(encoder.fitted).toEqual([
      {
        name: "age",
        attribute: "age",
        missing: "error",
        columns: { kind: "number", size: 1, scale: { means: [20], deviations: [10] } },
      },
      {
        name: "city",
        attribute: "city",
        missing: "error",
        columns: { kind: "category", categories: ["Oslo", "Rome"] },
      },
      {
        name: "likes",
        attribute: "likes",
        missing: "error",
        columns: { kind: "set", members: ["go", "tea"], size: 2 },
      },
    ]);
    expect(JSON.parse(JSON.stringify(encoder.fitted))).toEqual(encoder.fitted);
  });

  it("gives zeros for an unseen category and leaves out unseen members", () => {
    const encoder = featureEncoder(graphOf({ city: "Rome", likes: ["tea"] }), ["city", "likes"]);
    expect(rowsOf(encoder.encode(graphOf({ city: "Paris", likes: ["go", "tea"] })).matrix)).toEqual([[0, 1]]);
  });

  it("refuses a missing value where there was none when fitting, unless told what to make of it", () => {
    const [whole, gap] = [valuesOf(1, 3), valuesOf(undefined)];
    expect(() => featureEncoder(whole, ["x"]).encode(gap)).toThrow(expect.objectContaining({ code: "missing-value" }));
    const withMissing = (missing: "zero" | "indicator") =>
      rowsOf(featureEncoder(whole, [{ attribute: "x", missing }]).encode(gap).matrix);
    expect(withMissing("zero")).toEqual([[0]]);
    expect(withMissing("indicator")).toEqual([[0, 1]]);
  });

  it("gives what nodeFeatures gives on the graph it was fitted on, and no rows for an empty one", () => {
    const graph = graphOf({ age: 1, city: "a" }, { age: 2 });
    const encoder = featureEncoder(graph, ["age", "city"]);
    expect(encoder.encode(graph)).toEqual(nodeFeatures(graph, ["age", "city"]));
    expect(encoder.encode(new UndirectedGraph()).matrix).toMatchObject({ rows: 0, columns: 3 });
  });
});
