import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { nodesOf, readLabels } from "./labels.ts";

function graphWith(labels: readonly unknown[], part: (i: number) => string | undefined = () => undefined) {
  const graph = new UndirectedGraph();
  for (const [i, team] of labels.entries()) graph.addNode(i, { team, part: part(i) });
  return graph;
}

const source = { label: "team", splitAttribute: undefined, seed: 0 };

describe("readLabels", () => {
  it("numbers the classes by name, and leaves nodes without a label out of every part", () => {
    const labels = readLabels(graphWith(["red", "blue", undefined, "", null, "red"]), source);
    expect(labels.classes).toEqual(["blue", "red"]);
    expect([...labels.known]).toEqual([1, 0, -1, -1, -1, 1]);
    expect([...nodesOf(labels, "train")]).toEqual([0, 1, 5]);
    expect([...nodesOf(labels, "unlabelled")]).toEqual([2, 3, 4]);
  });

  it("puts classes last that hidden labels have alone: they are not learned", () => {
    const teams = ["red", "blue", "azure", "red"];
    const labels = readLabels(
      graphWith(teams, (i) => (i === 2 ? "test" : "train")),
      { ...source, splitAttribute: "part" },
    );
    expect(labels.classes).toEqual(["blue", "red", "azure"]);
    expect(labels.learned).toBe(2);
    expect([...nodesOf(labels, "test")]).toEqual([2]);
  });

  it("holds a fifth out from 50 labels on, of each class alike, the same for the same seed", () => {
    const teams = Array.from({ length: 100 }, (_, i) => (i < 50 ? "red" : "blue"));
    const labels = readLabels(graphWith(teams), source);
    const held = [...nodesOf(labels, "validation")];
    expect(held).toHaveLength(20);
    expect(held.filter((i) => i < 50)).toHaveLength(10);
    expect(readLabels(graphWith(teams), source)).toEqual(labels);
    expect([...nodesOf(readLabels(graphWith(teams), { ...source, seed: 1 }), "validation")]).not.toEqual(held);
  });

  it.each([
    ["no label", [undefined, ""], "no-labels"],
    ["one label", ["red", "red"], "one-class"],
    ["a label that is a list", ["red", ["blue"]], "wrong-type"],
    ["a label that is no number", ["red", Number.NaN], "wrong-type"],
  ])("refuses %s", (_what, labels, code) => {
    expect(() => readLabels(graphWith(labels), source)).toThrow(expect.objectContaining({ code }));
  });
});
