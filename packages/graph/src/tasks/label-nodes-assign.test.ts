import type { AbstractGraph } from "graphology-types";
import { describe, expect, it } from "vitest";
import { karateClub, motleyGraph } from "../testing/graphs.ts";
import { labelNodes } from "./label-nodes.ts";

const quick = { epochs: 4, heads: 2, hidden: 8 } as const;

/** The graph without some attributes of its nodes. */
function exportWithout(graph: AbstractGraph, ...names: string[]) {
  const copy = graph.copy();
  for (const name of names) copy.forEachNode((node) => copy.removeNodeAttribute(node, name));
  return copy.export();
}

describe("labelNodes.assign", () => {
  it("writes the label and its confidence, and nothing else", async () => {
    const graph = motleyGraph();
    const before = graph.export();
    const { labels, confidences } = await labelNodes.detailed(graph, quick);
    expect(await labelNodes.assign(graph, quick)).toBeUndefined();
    graph.forEachNode((node, { predictedLabel, labelConfidence }) => {
      expect(predictedLabel).toBe(labels[node]);
      expect(labelConfidence).toBe(confidences[node]);
    });
    expect(exportWithout(graph, "predictedLabel", "labelConfidence")).toEqual(before);
  });

  it("writes to the attributes that are named, over what was there", async () => {
    const graph = motleyGraph();
    graph.setNodeAttribute("a", "guess", "an old one");
    const names = { nodeLabelAttribute: "guess", nodeConfidenceAttribute: "sureness" };
    await labelNodes.assign(graph, { ...quick, ...names });
    expect(graph.getNodeAttributes("a")).toEqual({ label: "x", guess: "x", sureness: expect.any(Number) });
  });

  it("tells listeners once which attributes changed", async () => {
    const graph = motleyGraph();
    const hints: unknown[] = [];
    graph.on("eachNodeAttributesUpdated", ({ hints: hint }) => hints.push(hint));
    await labelNodes.assign(graph, quick);
    expect(hints).toEqual([{ attributes: ["predictedLabel", "labelConfidence"] }]);
  });

  it("leaves nodes alone that came while it trained, and those that went", async () => {
    const graph = karateClub();
    const onProgress = ({ epoch }: { epoch: number }) => {
      if (epoch !== 2) return;
      graph.addNode("newcomer");
      graph.dropNode("5");
    };
    await labelNodes.assign(graph, { ...quick, onProgress });
    expect(graph.getNodeAttributes("newcomer")).toEqual({});
    expect(graph.hasNode("5")).toBe(false);
    expect(graph.getNodeAttribute("6", "predictedLabel")).toBeTypeOf("string");
  });

  it.each<[string, (graph: AbstractGraph) => Promise<void>]>([
    ["features cannot be used", (graph) => labelNodes.assign(graph, { features: ["no such attribute"] })],
    ["an option is unknown", (graph) => labelNodes.assign(graph, { ...quick, ...{ nodeLabel: "guess" } })],
    ["it is aborted", (graph) => labelNodes.assign(graph, { ...quick, ...abortedInEpoch(2) })],
    ["it is aborted in the last epoch", (graph) => labelNodes.assign(graph, { ...quick, ...abortedInEpoch(4) })],
    ["training fails", (graph) => labelNodes.assign(graph, { ...quick, learningRate: 1e30 })],
  ])("writes nothing when %s", async (_what, run) => {
    const graph = karateClub();
    const before = graph.export();
    await expect(run(graph)).rejects.toThrow();
    expect(graph.export()).toEqual(before);
  });

  it("refuses one name for both", async () => {
    const names = { nodeLabelAttribute: "guess", nodeConfidenceAttribute: "guess" };
    await expect(labelNodes.assign(karateClub(), names)).rejects.toMatchObject({
      name: "OptionError",
      code: "duplicate-attribute",
    });
  });
});

function abortedInEpoch(last: number) {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onProgress({ epoch }: { epoch: number }) {
      if (epoch === last) controller.abort();
    },
  };
}
