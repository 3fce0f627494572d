import { Random } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it, vi } from "vitest";
import { multiLabelMetrics } from "../metrics/multi-label-metrics.ts";
import { plantedEdges } from "../testing/graphs.ts";
import type { MultiLabelNodesOptions } from "./label-nodes-options.ts";
import { multiLabelNodes } from "./multi-label-nodes.ts";

const quick = { epochs: 4, heads: 2, hidden: 8 } as const;

/** Two communities. Those of the first like football, those whose feature says so like chess; of every third node it is not known. */
function clubs(size: number, seed: number): UndirectedGraph {
  const random = new Random(seed);
  const graph = new UndirectedGraph();
  for (let node = 0; node < 2 * size; node++) {
    const plays = random.uniform() < 0.5;
    const truth = [...(plays ? ["chess"] : []), ...(node < size ? ["football"] : [])];
    const side = random.normal(node < size ? 1 : -1);
    graph.addNode(node, { plays, side, truth, ...(node % 3 > 0 && { labels: truth }) });
  }
  const { sources, targets } = plantedEdges(size, 10, seed);
  for (const [e, source] of sources.entries()) graph.mergeEdge(source, targets[e]);
  return graph;
}

const learned: MultiLabelNodesOptions = {
  features: ["plays", "side"],
  model: "graph-transformer",
  layers: 2,
  heads: 2,
  hidden: 16,
  epochs: 40,
  learningRate: 0.01,
};

/** The share of pairs of a node and a label that are right. */
function shareRight(graph: AbstractGraph, labels: Readonly<Record<string, readonly string[]>>): number {
  const names = ["chess", "football"];
  const right = graph.nodes().flatMap((node) => {
    const truth: unknown = graph.getNodeAttribute(node, "truth");
    return names.map((name) => (Array.isArray(truth) && truth.includes(name)) === labels[node]?.includes(name));
  });
  return right.filter(Boolean).length / right.length;
}

describe("multiLabelNodes", () => {
  it("gives every node its labels: those given where they are known, an empty list included", async () => {
    const graph = clubs(40, 1);
    const labels = await multiLabelNodes(graph, learned);
    expect(Object.keys(labels)).toEqual(graph.nodes());
    graph.forEachNode((node, attributes) => {
      if (attributes["labels"] !== undefined) expect(labels[node]).toEqual(attributes["labels"]);
    });
    expect(Object.values(labels)).toContainEqual([]);
    expect(shareRight(graph, labels)).toBeGreaterThan(0.93);
  });

  it("reads lists of texts, numbers and booleans, each once, from an attribute or a getter", async () => {
    const graph = clubs(10, 1);
    const labels = (node: string) =>
      node === "0" ? [2, "b", true, "b"] : node === "1" ? [] : node === "2" ? [2] : undefined;
    const { labels: answers, labelNames } = await multiLabelNodes.detailed(graph, { ...quick, labels });
    expect(labelNames).toEqual(["2", "b", "true"]);
    expect([answers["0"], answers["1"], answers["2"]]).toEqual([["2", "b", "true"], [], ["2"]]);
    graph.updateEachNodeAttributes((node, { labels: _, ...rest }) => ({ ...rest, known: labels(node) ?? null }));
    expect(await multiLabelNodes(graph, { ...quick, labels: "known" })).toEqual(answers);
  });

  it("knows the difference between no labels and unknown ones", async () => {
    const graph = clubs(40, 1);
    const { parts } = await multiLabelNodes.detailed(graph, { ...quick, features: ["plays"] });
    expect(Object.keys(parts)).toHaveLength(graph.filterNodes((_node, { labels }) => labels !== undefined).length);
    const known = graph.filterNodes((_node, { labels }) => Array.isArray(labels) && labels.length === 0);
    for (const node of known) expect(parts).toHaveProperty(node);
    expect(parts).not.toHaveProperty("0");
  });

  it("leaves the graph as it was", async () => {
    const graph = clubs(10, 1);
    const before = graph.export();
    await multiLabelNodes(graph, quick);
    await multiLabelNodes.detailed(graph, quick);
    expect(graph.export()).toEqual(before);
  });

  it("gives the same bits for the same seed", async () => {
    const run = async (seed: number) =>
      (await multiLabelNodes.detailed(clubs(20, 1), { ...quick, seed })).probabilities;
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });
});

describe("multiLabelNodes.detailed", () => {
  it("says a label from its threshold on, and measures each part", async () => {
    const graph = clubs(40, 1);
    const split = (node: string) => (["train", "validation", "test"] as const)[Number(node) % 3];
    const { labelNames, probabilities, thresholds, predictions, metrics, labels } = await multiLabelNodes.detailed(
      graph,
      {
        ...learned,
        labels: "truth",
        split,
        thresholds: "validation",
      },
    );
    expect(labelNames).toEqual(["chess", "football"]);
    expect(thresholds).toHaveLength(2);
    for (const [node, row] of Object.entries(probabilities)) {
      expect(predictions[node]).toEqual(labelNames.filter((_, label) => row[label]! >= thresholds[label]!));
      if (split(node) === "test") expect(labels[node]).toEqual(predictions[node]);
    }
    const test = graph.filterNodes((node) => split(node) === "test");
    const actual = test.flatMap((node) =>
      labelNames.map((name) => (String(graph.getNodeAttribute(node, "truth")).includes(name) ? 1 : 0)),
    );
    const scores = test.flatMap((node) => [...probabilities[node]!]);
    expect(metrics.test).toEqual(multiLabelMetrics(actual, scores, { labels: 2, thresholds }));
    expect([metrics.train.nodes, metrics.validation?.nodes, metrics.test?.nodes]).toEqual([27, 27, 26]);
    expect(metrics.test?.microF1).toBeGreaterThan(0.8);
  });

  it("gives attention by the graph's own keys, the history and what was chosen", async () => {
    const graph = clubs(20, 1);
    const { attention, history, bestEpoch, choices } = await multiLabelNodes.detailed(graph, quick);
    for (const { edge, source, target, weight } of attention) {
      if (edge !== undefined) expect(new Set(graph.extremities(edge))).toEqual(new Set([source, target]));
      expect(weight).toBeGreaterThanOrEqual(0);
    }
    expect(history).toHaveLength(4);
    expect(bestEpoch).toBeLessThanOrEqual(4);
    expect(choices.find(({ option }) => option === "heads")?.reason).toBe("given");
  });

  it("does not learn labels that test nodes alone carry: they come last, and change nothing", async () => {
    const graph = clubs(30, 1);
    const split = (node: string) => (Number(node) % 3 === 0 ? "test" : "train");
    const run = (strange: boolean) =>
      multiLabelNodes.detailed(graph, {
        ...quick,
        split,
        labels: (node, { truth }) =>
          strange && split(node) === "test" ? ["a rare one"] : Array.isArray(truth) ? truth.map(String) : [],
      });
    const [truth, other] = [await run(false), await run(true)];
    expect(other.labelNames).toEqual(["chess", "football", "a rare one"]);
    expect(other.labels).toEqual(truth.labels);
    for (const [node, row] of Object.entries(other.probabilities))
      expect(row).toEqual([...truth.probabilities[node]!, 0]);
    expect(other.metrics.train.microF1).toBe(truth.metrics.train.microF1);
    expect(other.metrics.test?.perLabel[2]?.positives).toBe(20);
  });

  it("labels another graph by the same network", async () => {
    const { label } = await multiLabelNodes.detailed(clubs(40, 1), learned);
    const other = clubs(30, 2);
    const before = other.export();
    const { labels, probabilities } = await label(other);
    expect(Object.keys(labels)).toEqual(other.nodes());
    expect(shareRight(other, labels)).toBeGreaterThan(0.85);
    expect(probabilities["0"]).toHaveLength(2);
    expect(other.export()).toEqual(before);
  });
});

describe("multiLabelNodes.assign", () => {
  it("writes labels and their probabilities", async () => {
    const graph = clubs(20, 1);
    const { labels, probabilities } = await multiLabelNodes.detailed(graph, quick);
    await multiLabelNodes.assign(graph, quick);
    await multiLabelNodes.assign(graph, { ...quick, nodeLabelsAttribute: "l", nodeProbabilitiesAttribute: "p" });
    graph.forEachNode((node, attributes) => {
      const [chess, football] = probabilities[node]!;
      expect(attributes["predictedLabels"]).toEqual(labels[node]);
      expect(attributes["labelProbabilities"]).toEqual({ chess, football });
      expect([attributes["l"], attributes["p"]]).toEqual([labels[node], { chess, football }]);
    });
  });

  it("refuses one attribute for both", async () => {
    const options = { ...quick, nodeLabelsAttribute: "x", nodeProbabilitiesAttribute: "x" };
    await expect(multiLabelNodes.assign(clubs(10, 1), options)).rejects.toMatchObject({ code: "duplicate-attribute" });
  });
});

describe("multiLabelNodes refuses, before any work,", () => {
  const withLabel = (value: unknown) => ({ labels: () => value });

  it.each<[string, string, string, object, (() => AbstractGraph)?]>([
    ["an empty graph", "DataError", "empty-graph", {}, () => new UndirectedGraph()],
    ["an attribute that no node has", "OptionError", "unknown-attribute", { labels: "interests" }],
    ["labels that are unknown everywhere", "DataError", "no-labels", withLabel(undefined)],
    ["labels that nobody carries", "DataError", "no-labels", withLabel([])],
    ["labels on test nodes alone", "DataError", "no-labels", { split: () => "test" }],
    ["one label in place of a list", "DataError", "wrong-type", withLabel("chess")],
    ["a list of objects", "DataError", "wrong-type", withLabel([{}])],
    ["a list with NaN", "DataError", "wrong-type", withLabel([Number.NaN])],
    ["an unknown option", "OptionError", "unknown-option", { label: "labels" }],
    ["strata", "OptionError", "unknown-option", { split: { stratified: true } }],
    ["the metric of single labels", "OptionError", "out-of-range", { metric: "accuracy" }],
    [
      "thresholds to choose where none are held out",
      "OptionError",
      "no-validation",
      { thresholds: "validation", split: () => "train" },
    ],
  ])("%s", async (_what, name, code, options, graphOf = () => clubs(20, 1)) => {
    const onProgress = vi.fn();
    const graph = graphOf();
    const before = graph.export();
    for (const run of [multiLabelNodes, multiLabelNodes.detailed, multiLabelNodes.assign]) {
      await expect(run(graph, { ...quick, ...options, onProgress })).rejects.toMatchObject({ name, code });
    }
    expect(onProgress).not.toHaveBeenCalled();
    expect(graph.export()).toEqual(before);
  });

  it("and says whose labels are wrong, and which attributes there are", async () => {
    const messageOf = (options: object): Promise<string> =>
      multiLabelNodes(clubs(10, 1), options).then(String, (problem: Error) => problem.message);
    expect(await messageOf({ labels: (node: string) => (node === "7" ? "x" : []) })).toContain('node "7"');
    expect(await messageOf({ labels: "interests" })).toContain('one of "labels", "plays", "side", "truth"');
  });
});
