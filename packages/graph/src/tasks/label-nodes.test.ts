import { createReferenceEngine } from "@vicinal/core/reference";
import { UndirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it, vi } from "vitest";
import { karateClub, motleyGraph, twoCommunities } from "../testing/graphs.ts";
import type { Progress } from "../train/history.ts";
import { labelNodes } from "./label-nodes.ts";
import type { LabelNodesOptions } from "./label-nodes-options.ts";

/** Enough to run everything, too little to learn much. */
const quick = { epochs: 4, heads: 2, hidden: 8 } as const;

/** The share of nodes whose label is the attribute `truth`. */
function shareRight(graph: AbstractGraph, labels: Readonly<Record<string, string>>, truth: string): number {
  return graph.filterNodes((node, attributes) => labels[node] === attributes[truth]).length / graph.order;
}

/** Two communities of which every tenth node carries its label. */
function partlyLabelled(): UndirectedGraph {
  const graph = twoCommunities(100, 12, 1);
  graph.forEachNode((node, { community }) => {
    if (Number(node) % 10 === 0) graph.setNodeAttribute(node, "label", community);
  });
  return graph;
}

describe("labelNodes", () => {
  it("gives every node a label: its own where it has one", async () => {
    const graph = karateClub();
    const labels = await labelNodes(graph, quick);
    expect(Object.keys(labels).sort()).toEqual(graph.nodes().sort());
    expect(labels["0"]).toBe("Mr. Hi");
    expect(labels["33"]).toBe("Officer");
    expect(new Set(Object.values(labels))).toEqual(new Set(["Mr. Hi", "Officer"]));
  });

  it("labels the karate club from its two leaders: all but one member right, or all", async () => {
    const graph = karateClub();
    const labels = await labelNodes(graph);
    expect(34 * shareRight(graph, labels, "club")).toBeGreaterThanOrEqual(33);
  });

  it("finds two communities from a tenth of the labels", async () => {
    const graph = partlyLabelled();
    expect(shareRight(graph, await labelNodes(graph), "community")).toBeGreaterThan(0.95);
  });

  it("keeps a given label that the network would not predict", async () => {
    const graph = partlyLabelled();
    graph.setNodeAttribute("0", "label", "right");
    // By this feature alone node 0 is like the others of its side.
    const features = [{ name: "side", get: (node: string) => Number(node) < 100 }];
    const { labels, predictions } = await labelNodes.detailed(graph, { features, epochs: 100 });
    expect(labels["0"]).toBe("right");
    expect(predictions["0"]).toBe("left");
  });

  it("takes the labels from any attribute, or from a getter", async () => {
    const graph = karateClub();
    const fromGetter = await labelNodes(graph, {
      ...quick,
      label: (node, { club }) => (node === "0" || node === "33" ? String(club) : undefined),
    });
    graph.updateEachNodeAttributes((_node, { label, ...rest }) => ({ ...rest, faction: label ?? null }));
    expect(await labelNodes(graph, { ...quick, label: "faction" })).toEqual(fromGetter);
  });

  it("takes numbers and booleans as text, false and 0 included", async () => {
    const graph = karateClub();
    const numbers = await labelNodes(graph, { ...quick, label: (node) => ({ 0: 0, 33: 1.5 })[node] });
    expect(new Set(Object.values(numbers))).toEqual(new Set(["0", "1.5"]));
    const booleans = await labelNodes(graph, { ...quick, label: (node) => ({ 0: false, 33: true })[node] });
    expect(booleans).toMatchObject({ 0: "false", 33: "true" });
  });

  it("learns from features where edges say nothing", async () => {
    const graph = new UndirectedGraph();
    for (let i = 0; i < 60; i++) {
      const kind = i % 2 === 0 ? "even" : "odd";
      graph.addNode(i, { kind, size: i % 2 === 0 ? 3 + i / 100 : 5 - i / 100, ...(i < 20 && { label: kind }) });
    }
    const labels = await labelNodes(graph, { features: ["size"], epochs: 200 });
    expect(shareRight(graph, labels, "kind")).toBe(1);
  });

  it("lets attention see edge weights", async () => {
    // Every node has as many neighbors of its own kind as of the other: only the weights tell them apart.
    const graph = new UndirectedGraph();
    for (let i = 0; i < 120; i++) graph.addNode(i, { kind: i % 2 === 0 ? "even" : "odd" });
    for (let i = 0; i < 120; i++) {
      for (const step of [1, 2, 3, 4]) graph.addEdge(i, (i + step) % 120, { trust: step % 2 === 0 ? 1 : -1 });
    }
    const known = {
      epochs: 200,
      features: ["seen"],
      label: (node: string) => (Number(node) < 60 ? kindOf(graph, node) : undefined),
    };
    graph.forEachNode((node, { kind }) => {
      graph.setNodeAttribute(node, "seen", Number(node) % 5 === 0 ? 0 : kind === "even" ? 1 : -1);
    });
    const unknown = graph.filterNodes((node) => Number(node) >= 60 && Number(node) % 5 === 0);
    const rightOf = (labels: Readonly<Record<string, string>>): number =>
      unknown.filter((node) => labels[node] === kindOf(graph, node)).length / unknown.length;
    expect(rightOf(await labelNodes(graph, known))).toBeLessThan(0.9);
    expect(rightOf(await labelNodes(graph, { ...known, edgeWeight: "trust" }))).toBe(1);
  });

  it("labels isolated nodes, and a graph without any edge", async () => {
    expect(await labelNodes(motleyGraph(), quick)).toHaveProperty("alone");
    const graph = new UndirectedGraph();
    for (const label of ["x", "y", undefined]) graph.addNode(graph.order, { label });
    expect(Object.keys(await labelNodes(graph, quick))).toEqual(["0", "1", "2"]);
    expect(Object.keys(await labelNodes(graph, { ...quick, edgeWeight: "weight" }))).toEqual(["0", "1", "2"]);
  });

  it("takes any string for a node's key", async () => {
    const graph = new UndirectedGraph();
    const keys = ["__proto__", "constructor", "", "a b"];
    for (const [k, key] of keys.entries()) graph.addNode(key, { label: k === 0 ? "x" : k === 1 ? "y" : undefined });
    const { labels, confidences } = await labelNodes.detailed(graph, quick);
    expect(Object.keys(labels).sort()).toEqual(keys.sort());
    expect(Object.getOwnPropertyDescriptor(labels, "__proto__")?.value).toBe("x");
    expect(Object.keys(confidences)).toHaveLength(4);
    await labelNodes.assign(graph, quick);
    expect(graph.getNodeAttribute("__proto__", "predictedLabel")).toBe("x");
  });

  it.each<["plain" | "detailed"]>([["plain"], ["detailed"]])("leaves the graph as it was: %s", async (form) => {
    const graph = motleyGraph();
    const before = graph.export();
    const events = vi.fn();
    for (const event of ["nodeAttributesUpdated", "eachNodeAttributesUpdated", "edgeAttributesUpdated"] as const) {
      graph.on(event, events);
    }
    await (form === "plain" ? labelNodes(graph, quick) : labelNodes.detailed(graph, quick));
    expect(graph.export()).toEqual(before);
    expect(events).not.toHaveBeenCalled();
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    const graph = karateClub();
    const run = async (seed: number) => (await labelNodes.detailed(graph, { ...quick, seed })).probabilities;
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it("runs on the engine that is asked for", async () => {
    const engine = createReferenceEngine();
    const run = vi.spyOn(engine, "run");
    const options = { ...quick, epochs: 8 };
    const onReference = await labelNodes.detailed(karateClub(), { ...options, engine });
    const onWasm = await labelNodes.detailed(karateClub(), options);
    expect(run).toHaveBeenCalled();
    for (const [node, [first]] of Object.entries(onWasm.probabilities)) {
      expect(onReference.probabilities[node]?.[0]).toBeCloseTo(first ?? Number.NaN, 4);
    }
  });
});

describe("labelNodes.detailed", () => {
  it("says how sure it is", async () => {
    const { classes, probabilities, predictions, confidences } = await labelNodes.detailed(karateClub(), quick);
    expect(classes).toEqual(["Mr. Hi", "Officer"]);
    for (const [node, row] of Object.entries(probabilities)) {
      expect(row.reduce((total, p) => total + p, 0)).toBeCloseTo(1, 5);
      expect(confidences[node]).toBe(Math.max(...row));
      expect(predictions[node]).toBe(classes[row.indexOf(Math.max(...row))]);
    }
  });

  it("measures each part of a split", async () => {
    const graph = twoCommunities(40, 8, 2);
    const part = (node: string) => (["train", "validation", "test", undefined] as const)[Number(node) % 4];
    const { metrics, predictions } = await labelNodes.detailed(graph, {
      ...quick,
      label: "community",
      split: part,
    });
    expect([metrics.train.nodes, metrics.validation?.nodes, metrics.test?.nodes]).toEqual([40, 20, 20]);
    const test = graph.filterNodes((node) => part(node) === "test");
    const right = test.filter((node) => predictions[node] === graph.getNodeAttribute(node, "community"));
    expect(metrics.test?.accuracy).toBe(right.length / test.length);
    expect(metrics.test?.rocAuc).toBeTypeOf("number");
    expect(metrics.test?.confusion.flat().reduce((a, b) => a + b)).toBe(20);
  });

  it("says which part each labelled node played", async () => {
    const graph = karateClub();
    graph.setNodeAttribute("5", "label", "Mr. Hi");
    const split = (node: string) => (node === "5" ? "test" : undefined);
    expect((await labelNodes.detailed(graph, { ...quick, split })).parts).toEqual({
      0: "train",
      5: "test",
      33: "train",
    });
    const held = await labelNodes.detailed(twoCommunities(40, 8, 2), { ...quick, label: "community" });
    expect(Object.values(held.parts).filter((part) => part === "validation")).toHaveLength(16);
    expect(held.metrics.validation?.nodes).toBe(16);
  });

  it("measures nothing where no node is held out", async () => {
    const { metrics } = await labelNodes.detailed(karateClub(), quick);
    expect(metrics).toMatchObject({ train: { nodes: 2 }, validation: undefined, test: undefined });
  });

  it("says what it chose and what it was given", async () => {
    const { choices } = await labelNodes.detailed(karateClub(), quick);
    const byOption = new Map(choices.map((choice) => [choice.option, choice]));
    expect(byOption.get("heads")).toEqual({ option: "heads", value: 2, reason: "given" });
    expect(byOption.get("dropout")?.reason).not.toBe("given");
    expect(byOption.get("dropout")?.value).toBeTypeOf("number");
  });

  it("tells the epoch that was kept", async () => {
    const { history, bestEpoch } = await labelNodes.detailed(karateClub(), quick);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(bestEpoch).toBe(4);
  });
});

describe("labels of test nodes", () => {
  const split = (node: string) => (Number(node) % 3 === 0 ? "test" : Number(node) % 3 === 1 ? "train" : "validation");
  const graph = twoCommunities(30, 6, 3);
  const run = (label: NonNullable<LabelNodesOptions["label"]>) =>
    labelNodes.detailed(graph, { ...quick, epochs: 40, split, label });

  it.each<[string, (node: string, truth: string) => string]>([
    ["swapped", (_node, truth) => (truth === "left" ? "right" : "left")],
    ["that no other node has", (node) => `nonsense ${node}`],
    ["that sort before the others", (node) => `a ${node}`],
  ])("change nothing but the measured figures: %s", async (_what, nonsense) => {
    const truth = await run("community");
    const other = await run((node, { community }) =>
      split(node) === "test" ? nonsense(node, String(community)) : String(community),
    );
    expect(other.labels).toEqual(truth.labels);
    expect(other.confidences).toEqual(truth.confidences);
    expect(other.attention).toEqual(truth.attention);
    expect(other.choices).toEqual(truth.choices);
    expect(other.history.map(({ loss }) => loss)).toEqual(truth.history.map(({ loss }) => loss));
    expect(other.metrics.train.accuracy).toBe(truth.metrics.train.accuracy);
    expect(other.metrics.validation?.accuracy).toBe(truth.metrics.validation?.accuracy);
    expect(other.metrics.test?.accuracy).not.toBe(truth.metrics.test?.accuracy);
  });

  it("are not given back", async () => {
    const { labels, predictions } = await run("community");
    for (const node of Object.keys(labels).filter((key) => split(key) === "test")) {
      expect(labels[node]).toBe(predictions[node]);
    }
  });

  it("that were not learned come last, with no probability", async () => {
    const { classes, probabilities, metrics } = await run((node, { community }) =>
      node === "3" ? "a rare one" : String(community),
    );
    expect(classes).toEqual(["left", "right", "a rare one"]);
    expect(Object.values(probabilities).map((row) => row[2])).toEqual(new Array(60).fill(0));
    expect(metrics.test?.confusion[2]?.reduce((a, b) => a + b)).toBe(1);
  });
});

describe("progress and abort", () => {
  it("calls onProgress after each epoch", async () => {
    const seen: Progress[] = [];
    const { history } = await labelNodes.detailed(partlyLabelled(), {
      ...quick,
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen).toHaveLength(4);
    for (const [k, { stage, epochs, bestEpoch, elapsedMilliseconds, ...record }] of seen.entries()) {
      expect(record).toEqual(history[k]);
      expect(record.epoch).toBe(k + 1);
      expect([stage, epochs]).toEqual(["training", 4]);
      expect(bestEpoch).toBeLessThanOrEqual(k + 1);
      expect(elapsedMilliseconds).toBeGreaterThanOrEqual(seen[k - 1]?.elapsedMilliseconds ?? 0);
    }
  });

  it("rejects with the reason of the signal", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const onProgress = vi.fn(({ epoch }: Progress) => {
      if (epoch === 3) controller.abort(reason);
    });
    await expect(labelNodes(karateClub(), { signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(onProgress).toHaveBeenCalledTimes(3);
  });

  it("rejects when aborted in the last epoch, and before the first", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const late = labelNodes(karateClub(), {
      ...quick,
      signal: controller.signal,
      onProgress: ({ epoch, epochs }) => {
        if (epoch === epochs) controller.abort(reason);
      },
    });
    await expect(late).rejects.toBe(reason);
    const onProgress = vi.fn();
    await expect(labelNodes(karateClub(), { signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(onProgress).not.toHaveBeenCalled();
  });

  it("rejects with what onProgress throws", async () => {
    const problem = new Error("no terminal");
    const onProgress = () => {
      throw problem;
    };
    await expect(labelNodes(karateClub(), { ...quick, onProgress })).rejects.toBe(problem);
  });
});

function kindOf(graph: AbstractGraph, node: string): string {
  return String(graph.getNodeAttribute(node, "kind"));
}
