import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { splitAttributeOf, suggestedLabel, summarizeAttributes } from "./attributes.ts";

function people(): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let i = 0; i < 12; i++) {
    graph.addNode(i, {
      name: `Person ${i}`,
      team: i % 2 === 0 ? "red" : "blue",
      city: ["Bern", "Rome", "Oslo"][i % 3],
      age: 20 + i,
      mixed: i === 0 ? 1 : "one",
      interests: [i, 2 * i],
      ragged: Array.from({ length: i }, () => 1),
      constant: "same",
      broken: i === 3 ? Number.NaN : 1,
      ...(i < 4 && { part: i < 2 ? "train" : "test" }),
      empty: "",
    });
  }
  return graph;
}

const named = (graph: UndirectedGraph, name: string) => summarizeAttributes(graph).find((each) => each.name === name);

describe("summarizeAttributes", () => {
  it("counts values and different values, and takes an empty text for none", () => {
    expect(named(people(), "team")).toMatchObject({ present: 12, distinct: 2, canBeLabel: true, canBeFeature: true });
    expect(named(people(), "part")).toMatchObject({ present: 4, distinct: 2 });
    expect(named(people(), "empty")).toBeUndefined();
  });

  it("offers as labels what has at least two plain values", () => {
    const labels = summarizeAttributes(people()).filter(({ canBeLabel }) => canBeLabel);
    expect(labels.map(({ name }) => name)).toEqual(["name", "team", "city", "age", "mixed", "part"]);
  });

  it("offers as features what is of one kind, and no name of nodes", () => {
    const features = summarizeAttributes(people()).filter(({ canBeFeature }) => canBeFeature);
    expect(features.map(({ name }) => name)).toEqual(["team", "city", "age", "interests", "constant", "part"]);
  });

  it("survives names that objects have a meaning for", () => {
    const graph = new UndirectedGraph();
    graph.addNode("__proto__", JSON.parse('{"__proto__": "a", "constructor": "b"}'));
    expect(summarizeAttributes(graph).map(({ name }) => name)).toContain("constructor");
  });
});

describe("suggestedLabel", () => {
  it("prefers a telling name, then few different values", () => {
    expect(suggestedLabel(summarizeAttributes(people()), "part")).toBe("team");
    const graph = people();
    graph.forEachNode((node) => graph.removeNodeAttribute(node, "team"));
    expect(suggestedLabel(summarizeAttributes(graph), "part")).toBe("mixed");
  });

  it("suggests nothing where nothing can be predicted", () => {
    const graph = new UndirectedGraph();
    graph.addNode("a", { name: "Ann" });
    expect(suggestedLabel(summarizeAttributes(graph), undefined)).toBeUndefined();
  });
});

describe("splitAttributeOf", () => {
  it("finds the attribute that holds parts and nothing else", () => {
    expect(splitAttributeOf(people(), summarizeAttributes(people()))).toBe("part");
    const graph = people();
    graph.setNodeAttribute("7", "part", "elsewhere");
    expect(splitAttributeOf(graph, summarizeAttributes(graph))).toBeUndefined();
  });
});
