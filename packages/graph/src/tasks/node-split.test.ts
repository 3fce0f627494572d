import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import type { NodeSplitSource } from "./label-nodes-options.ts";
import { readSplit } from "./node-split.ts";

/** A graph with one node a label, and the labels. */
function labelled(labels: readonly (string | undefined)[]) {
  const graph = new UndirectedGraph();
  for (const i of labels.keys()) graph.addNode(i);
  return [graph, labels] as const;
}

const read = ([graph, labels]: ReturnType<typeof labelled>, split?: NodeSplitSource, seed?: number) =>
  readSplit({ where: "labelNodes", graph, labels, split, seed });

const many = labelled([
  ...new Array<string>(100).fill("common"),
  ...new Array<undefined>(50),
  ...new Array<string>(25).fill("rare"),
  ...new Array<string>(4).fill("very rare"),
]);

describe("readSplit without a split", () => {
  it("holds a fifth of each class out for validation", () => {
    const { train, validation, test } = read(many);
    const held = Array.from(validation, (i) => many[1][i]);
    expect(held.filter((label) => label === "common")).toHaveLength(20);
    expect(held.filter((label) => label === "rare")).toHaveLength(5);
    expect(held.filter((label) => label === "very rare")).toHaveLength(0);
    expect(test).toHaveLength(0);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...many[1].keys()].filter((i) => many[1][i]));
  });

  it("gives node numbers in ascending order", () => {
    for (const part of Object.values(read(many))) expect([...part]).toEqual([...part.slice().sort()]);
  });

  it("draws by the seed", () => {
    const heldBy = (seed: number) => [...read(many, undefined, seed).validation];
    expect(heldBy(1)).toEqual(heldBy(1));
    expect(heldBy(2)).not.toEqual(heldBy(1));
  });

  it("trains on all labels where there are few", () => {
    const few = labelled(["x", undefined, ...new Array<string>(48).fill("y")]);
    const { train, validation } = read(few);
    expect(train).toHaveLength(49);
    expect(validation).toHaveLength(0);
  });
});

describe("readSplit with a split", () => {
  it("takes the parts as they are; a labelled node without one trains, and a node without label plays none", () => {
    const [graph, labels] = labelled(["x", "y", "x", "y", "x", undefined]);
    const parts = ["train", "validation", "test", null, undefined, "train"];
    graph.forEachNode((node) => graph.setNodeAttribute(node, "part", parts[Number(node)]));
    const { train, validation, test } = read([graph, labels], "part");
    expect([[...train], [...validation], [...test]]).toEqual([[0, 3, 4], [1], [2]]);
    const byGetter = read([graph, labels], (_node, { part }) => (part === "test" ? "test" : "train"));
    expect([[...byGetter.train], [...byGetter.test]]).toEqual([[0, 1, 3, 4], [2]]);
  });
});
