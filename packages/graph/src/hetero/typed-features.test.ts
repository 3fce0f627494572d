import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { typedFeatureEncoder, typedNodeFeatures } from "./typed-features.ts";
import { typedNeighborhoodOf } from "./typed-graph.ts";

function library(): UndirectedGraph {
  const graph = new UndirectedGraph();
  graph.addNode("p", { type: "paper", year: 1990 });
  graph.addNode("a", { type: "author", age: 30, city: "Lyon" });
  graph.addNode("q", { type: "paper", year: 2010 });
  graph.addNode("b", { type: "author", age: 50, city: "Bern" });
  graph.addEdge("a", "p", { type: "writes" });
  return graph;
}

const one = { name: "one", get: () => 1, standardize: false } as const;

function dense(features: ReturnType<typeof typedNodeFeatures>, type: string): number[] {
  const { matrix } = features[type]!;
  if (matrix.kind !== "dense") throw new Error("expected a dense matrix");
  return Array.from(matrix.values);
}

describe("typedNodeFeatures", () => {
  it("reads the features of each type with columns and scales of its own", () => {
    const features = typedNodeFeatures(library(), { paper: ["year"], author: ["age", "city"] });
    expect(features["author"]?.columns.map(({ name }) => name)).toEqual(["age", "city = Bern", "city = Lyon"]);
    expect(dense(features, "paper")).toEqual([-1, 1]);
    expect(dense(features, "author")).toEqual([-1, 0, 1, 1, 1, 0]);
  });

  it("has the rows that typedNeighborhoodOf numbers", () => {
    const graph = library();
    const { nodes } = typedNeighborhoodOf(graph);
    const raw = { attribute: "year", standardize: false };
    const years = dense(typedNodeFeatures(graph, { author: [one], paper: [raw] }), "paper");
    expect(years).toEqual(nodes.get("paper")!.map((node) => graph.getNodeAttribute(node, "year")));
  });

  it("takes a constant for a type that is known by its edges alone", () => {
    expect(dense(typedNodeFeatures(library(), { paper: [one], author: ["age"] }), "paper")).toEqual([1, 1]);
  });

  it("leaves the graph as it is", () => {
    const graph = library();
    const before = JSON.stringify(graph.export());
    typedNodeFeatures(graph, { paper: ["year"], author: ["age"] }, { nodeType: "type" });
    expect(JSON.stringify(graph.export())).toBe(before);
  });

  it("applies what was fitted on one graph to another, which may lack a type", () => {
    const encoder = typedFeatureEncoder(library(), { paper: ["year"], author: ["age"] });
    const other = new UndirectedGraph();
    other.addNode("r", { type: "paper", year: 2020 });
    const encoded = encoder.encode(other);
    expect(Object.keys(encoded)).toEqual(["paper"]);
    expect(dense(encoded, "paper")).toEqual([2]);
    expect(Object.keys(encoder.encoders).sort()).toEqual(["author", "paper"]);
  });

  const refusals: readonly (readonly [what: string, code: string, call: () => unknown])[] = [
    ["a type without features", "missing-features", () => typedNodeFeatures(library(), { paper: ["year"] })],
    [
      "features of a type that is not there",
      "unknown-type",
      () => typedNodeFeatures(library(), { paper: ["year"], author: ["age"], venue: ["city"] }),
    ],
    [
      "a node without a type",
      "missing-type",
      () => {
        const graph = library();
        graph.addNode("lost");
        return typedNodeFeatures(graph, { paper: ["year"], author: ["age"] });
      },
    ],
    [
      "another graph with a type that was not fitted",
      "missing-features",
      () => {
        const encoder = typedFeatureEncoder(library(), { paper: ["year"], author: ["age"] });
        const other = library();
        other.addNode("v", { type: "venue" });
        return encoder.encode(other);
      },
    ],
    [
      "an unknown option",
      "unknown-option",
      () => Reflect.apply(typedNodeFeatures, undefined, [library(), { paper: ["year"] }, { type: "type" }]),
    ],
    ["what is not a graph", "not-a-graph", () => Reflect.apply(typedNodeFeatures, undefined, [{}, {}])],
  ];
  for (const [what, code, call] of refusals) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});
