import { add, createWasmEngine, Random, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import type { FeaturesByType, RelationAttention, TypedGraphLayer } from "../hetero/hetero-layer.ts";
import type { GraphTypes } from "../hetero/relation.ts";
import type { TypedNeighborhood } from "../hetero/typed-neighborhood.ts";
import { type Edge, numbers, reference, rowsOf } from "../testing/layer-examples.ts";
import {
  library,
  metadata,
  nodeCounts,
  type RelationPairs,
  relations,
  shuffledRecord,
  typedFeatures,
  typedNeighborhood,
  typedWidths,
  valuesOf,
} from "../testing/typed-graphs.ts";
import { HANConv } from "./han.ts";
import { HGTConv, type HGTConvOptions } from "./hgt.ts";

type Options = Partial<HGTConvOptions>;
type Widths = number | Readonly<Record<string, number>>;

interface DetailedLayer extends TypedGraphLayer {
  detailed(
    x: FeaturesByType,
    graph: TypedNeighborhood,
  ): { readonly output: Readonly<Record<string, Tensor>>; readonly attention: readonly RelationAttention[] };
}

const outputs = 4;

const layers = {
  HGTConv: (options: Options = {}, inputs: Widths = typedWidths): DetailedLayer =>
    new HGTConv(inputs, outputs, { random: new Random(1), engine: reference, metadata, ...options }),
  HANConv: (options: Options = {}, inputs: Widths = typedWidths): DetailedLayer =>
    new HANConv(inputs, outputs, { random: new Random(1), engine: reference, metadata, ...options }),
};

/** The same relations with the nodes of each type in another order. */
function renumbered(random: Random) {
  const newNumbers = Object.fromEntries(
    Object.entries(nodeCounts).map(([type, count]) => [type, random.shuffle([...new Uint32Array(count).keys()])]),
  );
  const list = random.shuffle(
    relations.map(
      ({ source, type, target, pairs }): RelationPairs => ({
        source,
        type,
        target,
        pairs: random.shuffle(
          pairs.map(([sender, receiver]): Edge => [newNumbers[source]![sender]!, newNumbers[target]![receiver]!]),
        ),
      }),
    ),
  );
  const oldNumbers = Object.fromEntries(
    Object.entries(newNumbers).map(([type, list]) => [type, list.map((_, i) => list.indexOf(i))]),
  );
  return { graph: typedNeighborhood(shuffledRecord(nodeCounts, random), list), oldNumbers };
}

describe.each(Object.entries(layers))("%s", (name, make) => {
  it("gives one row a node to each type at which a relation arrives", () => {
    const result = make({ heads: 2 }).forward(typedFeatures(), library);
    expect(Object.entries(result).map(([type, { shape }]) => [type, shape])).toEqual([
      ["author", [3, outputs]],
      ["paper", [4, outputs]],
    ]);
  });

  // PyTorch Geometric's HGTConv gives other numbers when its dictionary of edges is in another order.
  it("gives the same bits, whatever the order in which types, relations, widths and features are named", () => {
    const expected = valuesOf(make({ heads: 2 }).forward(typedFeatures(), library));
    const parameters = [...make({ heads: 2 }).namedParameters()].map(([path, each]) => [path, each.dataSync()]);
    for (let seed = 0; seed < 10; seed++) {
      const random = new Random(seed);
      const other: GraphTypes = {
        nodeTypes: random.shuffle([...metadata.nodeTypes]),
        relations: random.shuffle([...metadata.relations]),
      };
      const layer = make({ heads: 2, metadata: other }, shuffledRecord(typedWidths, random));
      expect([...layer.namedParameters()].map(([path, each]) => [path, each.dataSync()])).toEqual(parameters);
      const graph = typedNeighborhood(shuffledRecord(nodeCounts, random), random.shuffle([...relations]));
      expect(valuesOf(layer.forward(shuffledRecord(typedFeatures(), random), graph))).toEqual(expected);
    }
  });

  it("takes the types of a typed neighborhood as its own", () => {
    const expected = valuesOf(make().forward(typedFeatures(), library));
    expect(valuesOf(make({ metadata: library }).forward(typedFeatures(), library))).toEqual(expected);
  });

  it("does not care how the nodes of a type are numbered, nor in which order edges come", () => {
    const layer = make({ heads: 2 });
    const x = typedFeatures();
    const expected = layer.forward(x, library);
    for (let seed = 0; seed < 10; seed++) {
      const { graph, oldNumbers } = renumbered(new Random(seed));
      const moved = Object.fromEntries(
        Object.entries(x).map(([type, each]) => [type, rowsOf(each, oldNumbers[type]!)]),
      );
      const result = layer.forward(moved, graph);
      for (const [type, each] of Object.entries(result)) expectSame(each, rowsOf(expected[type]!, oldNumbers[type]!));
    }
  });

  it("counts a relation without edges as much as one that the graph does not name", () => {
    const layer = make({ heads: 2 });
    const named = valuesOf(layer.forward(typedFeatures(), library));
    const without = typedNeighborhood(
      nodeCounts,
      relations.filter(({ pairs }) => pairs.length > 0),
    );
    expect(valuesOf(layer.forward(typedFeatures(), without))).toEqual(named);
  });

  it("takes a graph that lacks a node type", () => {
    const nodes = { paper: 4, author: 3 };
    const graph = typedNeighborhood(
      nodes,
      relations.filter(({ source }) => source !== "venue"),
    );
    const result = make({ heads: 2 }).forward(typedFeatures(nodes), graph);
    expect(Object.keys(result)).toEqual(["author", "paper"]);
  });

  it("takes a graph without edges, and a type without nodes", () => {
    const nodes = { paper: 0, author: 2, venue: 1 };
    const result = make({ heads: 2 }).forward(typedFeatures(nodes), typedNeighborhood(nodes, []));
    expect(Object.entries(result).map(([type, { shape }]) => [type, shape])).toEqual([
      ["author", [2, outputs]],
      ["paper", [0, outputs]],
    ]);
    expect(Object.values(valuesOf(result)).flat().every(Number.isFinite)).toBe(true);
  });

  it("gives nodes without neighbors what a graph without edges gives them", () => {
    const layer = make({ heads: 2 });
    const papers = layer.forward(typedFeatures(), library)["paper"]!.dataSync();
    const unlinked = layer.forward(typedFeatures(), typedNeighborhood(nodeCounts, []))["paper"]!.dataSync();
    // Paper 3 has no neighbors.
    expect(papers.slice(3 * outputs)).toEqual(unlinked.slice(3 * outputs));
    expect(papers.slice(0, outputs)).not.toEqual(unlinked.slice(0, outputs));
    if (name === "HANConv") expect(Array.from(unlinked)).toEqual(new Array(4 * outputs).fill(0));
  });

  it("counts an edge that is given twice twice", () => {
    const cites = relations.find(({ type }) => type === "cites")!;
    const others = relations.filter(({ type }) => type !== "cites");
    const once = typedNeighborhood(nodeCounts, [...others, { ...cites, pairs: cites.pairs.slice(0, 3) }]);
    const layer = make({ heads: 2 });
    const twice = layer.forward(typedFeatures(), library)["paper"]!.dataSync();
    const single = layer.forward(typedFeatures(), once)["paper"]!.dataSync();
    // Paper 1 is cited by paper 0 twice. In HANConv the mean over nodes carries it to the others.
    expect(twice.slice(outputs, 2 * outputs)).not.toEqual(single.slice(outputs, 2 * outputs));
    if (name === "HGTConv") expect(twice.slice(0, outputs)).toEqual(single.slice(0, outputs));
  });

  for (const [what, options, widths] of [
    ["one head", {}, typedWidths],
    ["two heads", { heads: 2 }, typedWidths],
    ["inputs as wide as outputs", { heads: 2 }, outputs],
  ] as const) {
    it(`has gradients that agree with finite differences: ${what}`, () => {
      const layer = make(options, widths);
      const x = typedFeatures(
        nodeCounts,
        typeof widths === "number" ? Object.fromEntries(metadata.nodeTypes.map((type) => [type, widths])) : widths,
      );
      const leaves = { ...Object.fromEntries(layer.namedParameters()), ...x };
      const loss = () =>
        Object.values(layer.forward(x, library))
          .map(unevenSum)
          .reduce((a, b) => add(a, b));
      const checks = checkGradients(loss, leaves, 1e-5);
      for (const [path, { relativeError }] of Object.entries(checks)) {
        expect(relativeError, path).toBeLessThan(1e-6);
      }
    });
  }

  it("computes the same with and without its attention", () => {
    const layer = make({ heads: 2 });
    const { output, attention } = layer.detailed(typedFeatures(), library);
    const expected = layer.forward(typedFeatures(), library);
    for (const [type, each] of Object.entries(output)) expectSame(each, expected[type]!);
    expect(attention.map(({ relation }) => relation.type)).toEqual(["writes", "cites", "writes", "prints"]);
    for (const { relation, neighborhood, weights } of attention) {
      expect(neighborhood).toBe(library.relation(relation)!.neighborhood);
      expect(weights.shape).toEqual([neighborhood.edges, 2]);
    }
  });

  it("has the wasm engine agree with the reference engine", () => {
    const engine = createWasmEngine();
    const onWasm = make({ heads: 2, engine }).forward(typedFeatures(nodeCounts, typedWidths, engine), library);
    const expected = make({ heads: 2 }).forward(typedFeatures(), library);
    for (const [type, each] of Object.entries(onWasm)) expectSame(each, expected[type]!, 5);
  });

  describe("refuses", () => {
    const x = typedFeatures();
    const unknownOption: object = { head: 2 };
    const bad: readonly (readonly [what: string, kind: string, code: string, call: () => unknown])[] = [
      ["an unknown option", "OptionError", "unknown-option", () => make(unknownOption)],
      ["no heads", "OptionError", "out-of-range", () => make({ heads: 0 })],
      ["heads that do not divide the width", "OptionError", "heads-do-not-divide", () => make({ heads: 3 })],
      ["a width of zero", "OptionError", "out-of-range", () => make({}, 0)],
      ["a type without a width", "OptionError", "missing-input", () => make({}, { paper: 3, venue: 2 })],
      ["the width of another type", "OptionError", "unknown-type", () => make({}, { ...typedWidths, reader: 2 })],
      [
        "a relation between types that are not there",
        "DataError",
        "unknown-type",
        () => make({ metadata: { nodeTypes: ["paper"], relations: metadata.relations } }),
      ],
      [
        "a type that is named twice",
        "DataError",
        "duplicate-type",
        () => make({ metadata: { nodeTypes: ["paper", "paper"], relations: [] } }, 3),
      ],
      [
        "a graph with a node type that it was not made for",
        "DataError",
        "unknown-type",
        () => make().forward({ reader: numbers([1, 3], 1) }, typedNeighborhood({ reader: 1 }, [])),
      ],
      [
        "a graph with a relation that it was not made for",
        "DataError",
        "unknown-type",
        () =>
          make().forward(
            x,
            typedNeighborhood(nodeCounts, [{ source: "paper", type: "prints", target: "venue", pairs: [[0, 0]] }]),
          ),
      ],
      [
        "a type without features",
        "OptionError",
        "missing-input",
        () => make().forward({ paper: x["paper"]!, venue: x["venue"]! }, library),
      ],
      [
        "features of a type that is not there",
        "OptionError",
        "unknown-type",
        () => make().forward({ ...x, reader: numbers([1, 3], 1) }, library),
      ],
      [
        "features of fewer nodes",
        "ShapeError",
        "shapes-differ",
        () => make().forward({ ...x, paper: numbers([3, 3], 1) }, library),
      ],
      [
        "features of another width",
        "ShapeError",
        "shapes-differ",
        () => make().forward({ ...x, paper: numbers([4, 2], 1) }, library),
      ],
    ];
    for (const [what, kind, code, call] of bad) {
      it(what, () => {
        expect(call).toThrow(
          expect.objectContaining({ name: kind, code, message: expect.stringMatching(new RegExp(`^${name}: `)) }),
        );
      });
    }
  });
});

function expectSame(got: Tensor, expected: Tensor, digits = 10): void {
  expect(got.shape).toEqual(expected.shape);
  const values = expected.dataSync();
  for (const [k, value] of got.dataSync().entries()) expect(value).toBeCloseTo(values[k]!, digits);
}
