import { DataError, OptionError } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it, vi } from "vitest";
import { karateClub } from "../testing/graphs.ts";
import { labelNodes } from "./label-nodes.ts";
import type { LabelNodesOptions } from "./label-nodes-options.ts";

type ErrorClass = typeof DataError | typeof OptionError;
type Case = readonly [what: string, ErrorClass, code: string, LabelNodesOptions | object, (() => AbstractGraph)?];

/** The karate club with an attribute of its own on one member. */
const withOne = (attribute: string, value: unknown, ofOthers: unknown) => () => {
  const graph = karateClub();
  graph.forEachNode((node) => graph.setNodeAttribute(node, attribute, node === "7" ? value : ofOthers));
  return graph;
};

const edgesWith = (attribute: string, value: unknown) => () => {
  const graph = karateClub();
  let first = true;
  graph.forEachEdge((edge) => {
    graph.setEdgeAttribute(edge, attribute, first ? value : 1);
    first = false;
  });
  return graph;
};

const three = (node: string) => (Number(node) < 9 ? Number(node) % 3 : undefined);

const cases: readonly Case[] = [
  ["an empty graph", DataError, "empty-graph", {}, () => new UndirectedGraph()],
  ["a label attribute that no node has", OptionError, "unknown-attribute", { label: "faction" }],
  ["a label that is empty on every node", DataError, "no-labels", {}, withOne("label", undefined, null)],
  ["a getter that labels no node", DataError, "no-labels", { label: () => undefined }],
  ["one class only", DataError, "one-class", { label: (node: string) => (node < "2" ? "x" : undefined) }],
  ["labels on test nodes only", DataError, "no-labels", { split: () => "test" }],
  ["one class only to learn", DataError, "one-class", { split: (node: string) => (node === "0" ? "test" : "train") }],
  ["a label that is an object", DataError, "wrong-type", { label: () => ({}) }],
  ["a label that is NaN", DataError, "wrong-type", {}, withOne("label", Number.NaN, "x")],

  ["a feature that is NaN", DataError, "not-finite", { features: ["age"] }, withOne("age", Number.NaN, 30)],
  ["an infinite feature", DataError, "not-finite", { features: ["age"] }, withOne("age", Number.NEGATIVE_INFINITY, 30)],
  ["NaN in a vector", DataError, "not-finite", { features: ["x"] }, withOne("x", [1, Number.NaN], [1, 2])],
  ["vectors of different lengths", DataError, "wrong-length", { features: ["x"] }, withOne("x", [1, 2, 3], [1, 2])],
  ["features of different types", DataError, "mixed-types", { features: ["age"] }, withOne("age", "thirty", 30)],
  ["a feature that no node has", OptionError, "unknown-attribute", { features: ["age"] }],
  ["no features, though asked for", OptionError, "no-features", { features: [] }],

  ["an edge without weight", DataError, "missing-weight", { edgeWeight: "w" }, edgesWith("w", undefined)],
  ["an infinite weight", DataError, "not-finite", { edgeWeight: "w" }, edgesWith("w", Number.POSITIVE_INFINITY)],
  ["a weight that is text", DataError, "wrong-type", { edgeWeight: "w" }, edgesWith("w", "1")],

  ["a split that no node has", OptionError, "unknown-attribute", { split: "part" }],
  ["a part that is none", DataError, "wrong-type", { split: () => "exam" }],

  ["an unknown option", OptionError, "unknown-option", { head: 8 }],
  ["heads that do not divide", OptionError, "heads-do-not-divide", { heads: 3, hidden: 64 }],
  ["no heads", OptionError, "out-of-range", { heads: 0 }],
  ["half a layer", OptionError, "out-of-range", { layers: 1.5 }],
  ["no width", OptionError, "out-of-range", { hidden: 0 }],
  ["a layer that is none", OptionError, "out-of-range", { layer: "gat3" }],
  ["a dropout of everything", OptionError, "out-of-range", { dropout: 1 }],
  ["a dropout that is no number", OptionError, "out-of-range", { dropout: Number.NaN }],
  ["a negative learning rate", OptionError, "out-of-range", { learningRate: -1 }],
  ["a negative weight decay", OptionError, "out-of-range", { weightDecay: -1 }],
  ["no epochs", OptionError, "out-of-range", { epochs: 0 }],
  ["no patience", OptionError, "out-of-range", { patience: 0 }],
  ["a metric that is none", OptionError, "out-of-range", { metric: "precision" }],
  ["ROC AUC of three classes", OptionError, "out-of-range", { metric: "roc-auc", label: three }],
  ["a negative seed", OptionError, "out-of-range", { seed: -1 }],
  ["a seed that is no whole number", OptionError, "out-of-range", { seed: 0.5 }],
];

describe("labelNodes refuses, before any work,", () => {
  for (const [what, errorClass, code, options, graphOf = karateClub] of cases) {
    it(what, async () => {
      const graph = graphOf();
      const before = graph.export();
      const onProgress = vi.fn();
      for (const run of [labelNodes, labelNodes.detailed, labelNodes.assign]) {
        const error = await problemOf(run(graph, { ...options, onProgress }));
        expect(error).toBeInstanceOf(errorClass);
        expect(error).toMatchObject({ code });
      }
      expect(onProgress).not.toHaveBeenCalled();
      expect(graph.export()).toEqual(before);
    });
  }

  it("what is not a graph", async () => {
    for (const value of [undefined, null, {}, [], "graph"]) {
      // @ts-expect-error Programs without types pass such things.
      await expect(labelNodes(value)).rejects.toMatchObject({ code: "not-a-graph", name: "DataError" });
    }
  });
});

describe("the messages of labelNodes", () => {
  const messageOf = async (options: object, graph: AbstractGraph = karateClub()): Promise<string> =>
    String(await problemOf(labelNodes(graph, options)));

  it("list the attributes there are", async () => {
    expect(await messageOf({ label: "faction" })).toContain('no node has the attribute "faction"');
    expect(await messageOf({ label: "faction" })).toContain('one of "club", "label"');
  });

  it("list the options there are", async () => {
    expect(await messageOf({ head: 8 })).toMatch(/labelNodes: got the unknown option "head".*"heads"/);
    const misspelt: object = { nodeLabel: "x" };
    const error = await problemOf(labelNodes.assign(karateClub(), misspelt));
    expect(String(error)).toMatch(/labelNodes\.assign: got the unknown option "nodeLabel".*"nodeLabelAttribute"/);
  });

  it("name the node", async () => {
    expect(await messageOf({ features: ["age"] }, withOne("age", Number.NaN, 30)())).toContain('node "7"');
    expect(await messageOf({ split: (node: string) => (node === "33" ? "exam" : "train") })).toContain('node "33"');
  });

  it("suggest a width that heads divide", async () => {
    expect(await messageOf({ heads: 5, hidden: 64 })).toContain("such as 65");
  });
});

function problemOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}
