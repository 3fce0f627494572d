import { DirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it } from "vitest";
import { karateClub, motleyGraph } from "../../testing/graphs.ts";
import { predictLinks } from "./predict-links.ts";

const quick = { epochs: 4, heads: 2, hidden: 8, dimensions: 8 } as const;

/** The graph without an attribute of its edges. */
function exportWithout(graph: AbstractGraph, name: string) {
  const copy = graph.copy();
  copy.forEachEdge((edge) => copy.removeEdgeAttribute(edge, name));
  return copy.export();
}

describe("predictLinks.assign", () => {
  it("writes the probability of each edge but self-loops, and nothing else: no edge is added", async () => {
    const graph = motleyGraph();
    const before = graph.export();
    const { edgeProbabilities } = await predictLinks.detailed(graph, quick);
    expect(await predictLinks.assign(graph, quick)).toBeUndefined();
    graph.forEachEdge((edge, { linkProbability }) => expect(linkProbability).toBe(edgeProbabilities[edge]));
    expect(graph.hasEdgeAttribute("c - c", "linkProbability")).toBe(false);
    expect(exportWithout(graph, "linkProbability")).toEqual(before);
  });

  it("tells listeners once which attribute changed", async () => {
    const graph = motleyGraph();
    const hints: unknown[] = [];
    graph.on("eachEdgeAttributesUpdated", ({ hints: hint }) => hints.push(hint));
    await predictLinks.assign(graph, { ...quick, edgeProbabilityAttribute: "p" });
    expect(hints).toEqual([{ attributes: ["p"] }]);
  });

  it("adds the predicted links as edges, if asked", async () => {
    const graph = karateClub();
    const edges = graph.edges();
    const links = await predictLinks(graph, { ...quick, top: 7 });
    await predictLinks.assign(graph, { ...quick, top: 7, addEdges: true, edgePredictedAttribute: "guessed" });
    expect(graph.size).toBe(78 + 7);
    for (const { source, target, probability } of links) {
      const edge = graph.edge(source, target);
      expect(edges).not.toContain(edge);
      expect(graph.getEdgeAttributes(edge)).toEqual({ linkProbability: probability, guessed: true });
    }
    for (const edge of edges) expect(graph.getEdgeAttributes(edge)).toEqual({ linkProbability: expect.any(Number) });
  });

  it("adds no edge where there is one, in a list of candidates that repeats itself too", async () => {
    const graph = karateClub();
    const candidates = [
      ["0", "1"],
      ["0", "33"],
      ["33", "0"],
      ["0", "33"],
    ] as const;
    await predictLinks.assign(graph, { ...quick, candidates, addEdges: true });
    expect(graph.size).toBe(79);
  });

  it("adds edges of the kind that the graph has", async () => {
    const mixed = motleyGraph();
    await predictLinks.assign(mixed, { ...quick, addEdges: true, top: 3 });
    expect(mixed.directedSize).toBe(6 + 3);
    const graph = new DirectedGraph();
    for (const node of ["a", "b", "c", "d"]) graph.addNode(node);
    graph.addEdge("a", "b");
    await predictLinks.assign(graph, { ...quick, directed: false, addEdges: true });
    // Every pair is then joined by one edge.
    expect(graph.size).toBe(6);
  });

  it("leaves edges alone that came while it trained, and those that went", async () => {
    const graph = karateClub();
    const gone = graph.edges()[0]!;
    const onProgress = ({ epoch }: { epoch: number }) => {
      if (epoch !== 2) return;
      graph.dropNode("5");
      if (graph.hasEdge(gone)) graph.dropEdge(gone);
      graph.addEdgeWithKey("new", "0", "33");
    };
    await predictLinks.assign(graph, { ...quick, onProgress, addEdges: true, top: 1000 });
    expect(graph.getEdgeAttributes("new")).toEqual({});
    expect(graph.hasNode("5")).toBe(false);
    expect(graph.getEdgeAttribute(graph.edges()[0], "linkProbability")).toBeTypeOf("number");
  });

  it.each<[string, (graph: AbstractGraph) => Promise<void>]>([
    ["an option is unknown", (graph) => predictLinks.assign(graph, { ...quick, ...{ addEdge: true } })],
    ["a candidate is unknown", (graph) => predictLinks.assign(graph, { ...quick, candidates: [["0", "Ada"]] })],
    ["it is aborted", (graph) => predictLinks.assign(graph, { ...quick, signal: AbortSignal.abort(new Error("no")) })],
    ["training fails", (graph) => predictLinks.assign(graph, { ...quick, learningRate: 1e30 })],
  ])("writes nothing when %s", async (_what, run) => {
    const graph = karateClub();
    const before = graph.export();
    await expect(run(graph)).rejects.toThrow();
    expect(graph.export()).toEqual(before);
  });

  it("refuses one name for both", async () => {
    const names = { edgeProbabilityAttribute: "p", edgePredictedAttribute: "p" };
    await expect(predictLinks.assign(karateClub(), names)).rejects.toMatchObject({
      name: "OptionError",
      code: "duplicate-attribute",
    });
  });
});
