import { Random } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { twoCommunities } from "../testing/graphs.ts";
import { labelNodes } from "./label-nodes.ts";

/** Two communities with a noisy age and a country; every third node carries its label. */
function town(size: number, seed: number, { labelled = true } = {}): UndirectedGraph {
  const graph = twoCommunities(size, 10, seed);
  const random = new Random(seed);
  graph.forEachNode((node, { community }) => {
    const isLeft = community === "left";
    graph.mergeNodeAttributes(node, {
      age: 40 + random.normal(isLeft ? -8 : 8, 8),
      country: random.uniform() < 0.7 === isLeft ? "FR" : "ES",
      ...(labelled && Number(node) % 3 === 0 && { label: community }),
    });
  });
  return graph;
}

const options = { features: ["age", "country"], heads: 2, hidden: 16, epochs: 60 };

describe("label, of labelNodes.detailed", () => {
  it("labels another graph by the same network, without training", async () => {
    const { label, classes } = await labelNodes.detailed(town(60, 1), options);
    const other = town(90, 2, { labelled: false });
    const before = other.export();
    const { labels, confidences, probabilities } = await label(other);
    expect(Object.keys(labels)).toEqual(other.nodes());
    const right = other.filterNodes((node, { community }) => labels[node] === community);
    expect(right.length / other.order).toBeGreaterThan(0.9);
    for (const node of other.nodes()) {
      expect(confidences[node]).toBe(Math.max(...probabilities[node]!));
      expect(labels[node]).toBe(classes[probabilities[node]!.indexOf(confidences[node]!)]);
    }
    expect(other.export()).toEqual(before);
  });

  it("says of the first graph again what it said: features are scaled as they were there", async () => {
    const graph = town(40, 1);
    const detailed = await labelNodes.detailed(graph, { ...options, epochs: 5 });
    const { probabilities, confidences } = await detailed.label(graph);
    expect(probabilities).toEqual(detailed.probabilities);
    expect(confidences).toEqual(detailed.confidences);
    // A single node has no deviation of its own to be scaled by.
    const one = new UndirectedGraph();
    one.addNode("x", graph.getNodeAttributes("3"));
    expect((await detailed.label(one)).labels["x"]).toBeTypeOf("string");
  });

  it("does not look at labels of the other graph", async () => {
    const { label } = await labelNodes.detailed(town(40, 1), { ...options, epochs: 5 });
    const [bare, labelled] = [town(30, 2, { labelled: false }), town(30, 2)];
    expect(await label(labelled)).toEqual(await label(bare));
  });

  it("reads weights of edges, and takes an empty graph", async () => {
    const weighted = (graph: UndirectedGraph) => {
      graph.forEachEdge((edge) => graph.setEdgeAttribute(edge, "trust", 1));
      return graph;
    };
    const { label } = await labelNodes.detailed(weighted(town(40, 1)), { ...options, epochs: 5, edgeWeight: "trust" });
    expect(Object.keys((await label(weighted(town(20, 2)))).labels)).toHaveLength(40);
    expect(await label(new UndirectedGraph())).toEqual({ labels: {}, confidences: {}, probabilities: {} });
    await expect(label(town(20, 2))).rejects.toMatchObject({ name: "DataError", code: "missing-weight" });
  });

  it("has no probability for a label that test nodes alone had", async () => {
    const { label, classes } = await labelNodes.detailed(town(40, 1), {
      ...options,
      epochs: 5,
      label: (node, { community }) => (node === "0" ? "a rare one" : String(community)),
      split: (node) => (node === "0" ? "test" : "train"),
    });
    expect(classes).toHaveLength(3);
    const { probabilities } = await label(town(20, 2));
    expect(new Set(Object.values(probabilities).map((row) => row[2]))).toEqual(new Set([0]));
  });

  it("refuses what is not a graph, values that cannot be used, and nodes that were learned by themselves", async () => {
    const { label } = await labelNodes.detailed(town(20, 1), { ...options, epochs: 2 });
    // @ts-expect-error Programs without types pass such things.
    await expect(label({})).rejects.toMatchObject({ name: "DataError", code: "not-a-graph" });
    const ageless = new UndirectedGraph();
    ageless.addNode("x", { country: "FR" });
    await expect(label(ageless)).rejects.toMatchObject({ name: "DataError", code: "missing-value" });
    const { features: _, ...structure } = options;
    const alone = await labelNodes.detailed(town(20, 1), { ...structure, epochs: 2 });
    await expect(alone.label(town(20, 2))).rejects.toMatchObject({ name: "DataError", code: "no-features" });
  });
});

describe("labelNodes by time and by samples", () => {
  it("tests on the latest nodes", async () => {
    const graph = town(60, 1);
    graph.forEachNode((node) => graph.setNodeAttribute(node, "joined", (7 * Number(node)) % 120));
    const { parts, metrics } = await labelNodes.detailed(graph, {
      ...options,
      epochs: 5,
      label: "community",
      split: { byTime: "joined", testFraction: 0.25 },
    });
    expect(metrics.test?.nodes).toBe(30);
    for (const [node, part] of Object.entries(parts)) {
      expect(part === "test").toBe(graph.getNodeAttribute(node, "joined") >= 90);
    }
  });

  it("trains on samples when it is told to, and says so", async () => {
    const graph = town(60, 1);
    const sampling = { fanOut: [4, 4], batchSize: 16 };
    const { labels, choices, attention } = await labelNodes.detailed(graph, { ...options, sampling });
    const right = graph.filterNodes((node, { community }) => labels[node] === community);
    expect(right.length / graph.order).toBeGreaterThan(0.9);
    expect(choices.at(-1)).toMatchObject({ option: "sampling", reason: "given" });
    expect(new Set(attention.map(({ target }) => target)).size).toBe(graph.order);
  });
});
