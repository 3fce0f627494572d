import type { AbstractGraph } from "graphology-types";
import { describe, expect, it } from "vitest";
import { karateClub, motleyGraph } from "../../testing/graphs.ts";
import { linkedCommunities } from "../../testing/linked-communities.ts";
import { embedNodes } from "./embed-nodes.ts";

const quick = { epochs: 4, heads: 2, hidden: 8, dimensions: 5 } as const;

type Embeddings = Readonly<Record<string, readonly number[]>>;

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = (u: readonly number[], v: readonly number[]): number => u.reduce((sum, x, d) => sum + x * v[d]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

/** The share of nodes whose most similar node is of their community. */
function shareNearest(graph: AbstractGraph, embeddings: Embeddings): number {
  const right = graph.filterNodes((node, { community }) => {
    const others = graph.nodes().filter((other) => other !== node);
    const similarity = (other: string): number => cosine(embeddings[node]!, embeddings[other]!);
    const nearest = others.reduce((best, other) => (similarity(other) > similarity(best) ? other : best));
    return graph.getNodeAttribute(nearest, "community") === community;
  });
  return right.length / graph.order;
}

describe("embedNodes", () => {
  it("gives every node a vector, isolated ones too", async () => {
    const graph = motleyGraph();
    const embeddings = await embedNodes(graph, quick);
    expect(Object.keys(embeddings).sort()).toEqual(graph.nodes().sort());
    for (const vector of Object.values(embeddings)) {
      expect(vector).toHaveLength(5);
      expect(vector.every(Number.isFinite)).toBe(true);
    }
    expect((await embedNodes(karateClub(), { epochs: 1 }))["0"]).toHaveLength(64);
  });

  it("puts nodes of a community near each other, without being told of communities", async () => {
    const graph = linkedCommunities(6, 20, 8, 0);
    const embeddings = await embedNodes(graph, { epochs: 80, heads: 2, hidden: 16, dimensions: 16 });
    expect(shareNearest(graph, embeddings)).toBeGreaterThan(0.85);
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    const first = await embedNodes(karateClub(), { ...quick, seed: 7 });
    expect(await embedNodes(karateClub(), { ...quick, seed: 7 })).toEqual(first);
    expect(await embedNodes(karateClub(), { ...quick, seed: 8 })).not.toEqual(first);
  });

  it("takes any string for a node's key", async () => {
    const graph = linkedCommunities(2, 3, 4, 0);
    graph.addNode("__proto__");
    graph.addNode("constructor");
    const embeddings = await embedNodes(graph, quick);
    expect(Object.getOwnPropertyDescriptor(embeddings, "__proto__")?.value).toHaveLength(5);
    await embedNodes.assign(graph, quick);
    expect(graph.getNodeAttribute("__proto__", "embedding")).toHaveLength(5);
  });
});

describe("embedNodes.detailed", () => {
  it("says how well the embeddings tell links that were held out", async () => {
    const graph = linkedCommunities(6, 20, 8, 0);
    const { embeddings, metrics, parts, history, bestEpoch, choices, model } = await embedNodes.detailed(graph, {
      epochs: 80,
      heads: 2,
      hidden: 16,
      dimensions: 16,
      testFraction: 0.2,
    });
    expect(metrics.test?.rocAuc).toBeGreaterThan(0.8);
    expect(Object.values(parts).filter((part) => part === "test")).toHaveLength(metrics.test?.links ?? 0);
    expect(history[bestEpoch - 1]?.epoch).toBe(bestEpoch);
    expect(choices.find(({ option }) => option === "dimensions")).toEqual({
      option: "dimensions",
      value: 16,
      reason: "given",
    });
    expect(model.encoder.layers).toHaveLength(2);
    expect(embeddings["0"]).toHaveLength(16);
  });

  it("leaves the graph as it was", async () => {
    const graph = motleyGraph();
    const before = graph.export();
    await embedNodes.detailed(graph, quick);
    expect(graph.export()).toEqual(before);
  });
});

describe("embedNodes.assign", () => {
  it("writes the embedding of every node, and nothing else", async () => {
    const graph = motleyGraph();
    const before = graph.export();
    const embeddings = await embedNodes(graph, quick);
    const hints: unknown[] = [];
    graph.on("eachNodeAttributesUpdated", ({ hints: hint }) => hints.push(hint));
    expect(await embedNodes.assign(graph, { ...quick, nodeEmbeddingAttribute: "vector" })).toBeUndefined();
    graph.forEachNode((node, { vector }) => expect(vector).toEqual(embeddings[node]));
    graph.forEachNode((node) => graph.removeNodeAttribute(node, "vector"));
    expect(graph.export()).toEqual(before);
    expect(hints).toEqual([{ attributes: ["vector"] }]);
  });

  it("leaves nodes alone that came while it trained", async () => {
    const graph = karateClub();
    const onProgress = ({ epoch }: { epoch: number }) => {
      if (epoch === 2) graph.addNode("newcomer");
    };
    await embedNodes.assign(graph, { ...quick, onProgress });
    expect(graph.getNodeAttributes("newcomer")).toEqual({});
    expect(graph.getNodeAttribute("0", "embedding")).toHaveLength(5);
  });

  it("writes nothing when training fails", async () => {
    const graph = karateClub();
    const before = graph.export();
    await expect(embedNodes.assign(graph, { ...quick, learningRate: 1e30 })).rejects.toThrow();
    expect(graph.export()).toEqual(before);
  });
});
