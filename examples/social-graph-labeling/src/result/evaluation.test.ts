import { madeUpLabeling } from "@vicinal/example-graph-files/testing";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { readKarateClub } from "../input/karate-club.ts";
import { evaluate } from "./evaluation.ts";
import { headingOf } from "./heading.ts";

describe("evaluate", () => {
  it("scores predictions and both baselines on the nodes that were held back", () => {
    const input = readKarateClub();
    const evaluation = evaluate(input, madeUpLabeling(input))!;
    expect(evaluation).toMatchObject({ part: "test", nodes: 32, right: 30, classes: ["Mr. Hi", "Officer"] });
    const [majority, propagation, ours] = evaluation.methods;
    // Both classes have one known label: the first is as good a majority as the other, and right for 16 of 32.
    expect(majority).toMatchObject({ method: "Majority class", accuracy: 0.5 });
    expect(propagation!.accuracy).toBeGreaterThan(0.9);
    expect(ours).toMatchObject({ method: "Graph attention", accuracy: 30 / 32 });
    expect(evaluation.confusion.flat().reduce((a, b) => a + b)).toBe(32);
  });

  it("says nothing where no label was held out", () => {
    const graph = new UndirectedGraph();
    graph.addNode("a", { team: "red" });
    graph.addNode("b", { team: "blue" });
    graph.mergeEdge("b", "c");
    const input = { title: "Three", graph, label: "team", nodeName: (node: string) => node };
    const labeling = madeUpLabeling(input);
    expect(evaluate(input, labeling)).toBeUndefined();
    expect(headingOf(input, labeling, undefined).subtitle).toContain("2 of 3 labels known");
  });
});

describe("headingOf", () => {
  it("tells how many labels were known, and how many predictions are right", () => {
    const input = readKarateClub();
    const labeling = madeUpLabeling(input);
    expect(headingOf(input, labeling, evaluate(input, labeling))).toEqual({
      title: "Zachary's karate club",
      subtitle: "2 of 34 labels known; 30 of 32 test nodes labelled right; 32 of 34 with the known ones",
    });
  });
});
