import { madeUpLabeling } from "@vicinal/example-graph-files/testing";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { readKarateClub } from "../input/karate-club.ts";
import { attentionPairs } from "./attention-pairs.ts";
import { createScene, SAMPLE, SHOWN_WHOLE } from "./scene.ts";

describe("createScene", () => {
  it("shows every node of a small graph with its prediction", () => {
    const input = readKarateClub();
    const labeling = madeUpLabeling(input);
    const scene = createScene(input, labeling, 0);
    expect(scene.nodes).toHaveLength(34);
    expect(scene.edges).toHaveLength(78);
    expect(scene.note).toBeUndefined();
    expect(scene.nodes.filter(({ known }) => known !== undefined).map(({ name }) => name)).toEqual([
      "Mr. Hi",
      "Officer",
    ]);
    expect(scene.nodes.filter(({ missed }) => missed !== undefined)).toHaveLength(2);
    for (const { key, predicted, attends } of scene.nodes) {
      expect(scene.classes[predicted]!.name).toBe(labeling.predictions[key]);
      expect(attends[0]!.weight).toBeGreaterThanOrEqual(attends[1]!.weight);
    }
    expect(scene.classes.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(34);
  });

  it("draws the edge with the most attention last", () => {
    const input = readKarateClub();
    const weights = createScene(input, madeUpLabeling(input), 0).edges.map(({ attention }) => attention);
    expect(weights).toEqual([...weights].sort((a, b) => a - b));
  });

  it("shows a sample of a large graph, and says so", () => {
    const graph = new UndirectedGraph();
    for (let node = 0; node <= SHOWN_WHOLE; node++) {
      graph.mergeNode(node, { team: node % 2 ? "odd" : "even" });
      graph.mergeEdge(node, Math.floor(node / 3));
    }
    const input = { title: "Tree", graph, label: "team", nodeName: (node: string) => node };
    const scene = createScene(input, madeUpLabeling(input), 0);
    expect(scene.nodes).toHaveLength(SAMPLE);
    expect(scene.note).toContain("1,000 of the 3,001 nodes");
  });
});

describe("attentionPairs", () => {
  it("puts both directions of an edge together, and adds parallel edges up", () => {
    const edge = (source: string, target: string, weight: number) => ({ edge: "e", source, target, heads: [], weight });
    const attention = [
      edge("b", "a", 0.5),
      edge("a", "b", 0.2),
      edge("a", "b", 0.1),
      edge("a", "a", 0.5),
      edge("z", "a", 1),
    ];
    const index = new Map([
      ["a", 0],
      ["b", 1],
    ]);
    expect(attentionPairs(attention, index)).toEqual([{ a: 0, b: 1, aAttends: 0.5, bAttends: 0.3, attention: 0.5 }]);
  });
});
