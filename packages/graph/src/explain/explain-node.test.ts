import { Module, Random, type Tensor } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it } from "vitest";
import { featureTensor } from "../convert/feature-tensor.ts";
import { nodeFeatures } from "../convert/features.ts";
import { neighborhoodOf } from "../convert/graph-neighborhood.ts";
import { GAT } from "../models/gat.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import type { NodeModel } from "../models/node-model.ts";
import { motleyGraph } from "../testing/graphs.ts";
import { reference } from "../testing/layer-examples.ts";
import { attentionByEdge } from "./attention-by-edge.ts";
import { attentionRollout } from "./attention-rollout.ts";
import { explainNode, type NodeExplanation } from "./explain-node.ts";
import type { ExplainableLabeling } from "./explainable-labeling.ts";
import { hasShortcut } from "./has-shortcut.ts";
import { recordAttention } from "./record-attention.ts";

function example(): AbstractGraph {
  const graph = motleyGraph();
  graph.updateEachNodeAttributes((node, before) => ({ ...before, size: node.charCodeAt(0) % 7, kind: node.length }));
  graph.updateEachEdgeAttributes((edge, before) => ({ ...before, strength: edge.length }));
  return graph;
}

function labelingOf(graph: AbstractGraph, { residual = false, weights = false } = {}): ExplainableLabeling {
  const converted = neighborhoodOf(graph, weights ? { weight: "strength" } : {});
  const features = nodeFeatures(graph, ["size", "kind"]).matrix;
  const options = { random: new Random(1), engine: reference, heads: 2, hidden: 4, ...(weights && { edgeDim: 1 }) };
  return {
    model: new GAT(features.columns, 2, { ...options, residual }),
    classes: ["x", "y", "only in the test part"],
    inputs: {
      converted,
      features,
      edgeFeatures: converted.weights && {
        kind: "dense",
        rows: converted.weights.length,
        columns: 1,
        values: converted.weights,
      },
    },
  };
}

async function recorded({ model, inputs: { converted, features } }: ExplainableLabeling) {
  const { neighborhood } = converted;
  return recordAttention(() => model.forward(featureTensor(features, { engine: reference }), neighborhood));
}

describe("explainNode", () => {
  it("ranks neighbors, nodes and edges by the graph's keys, and checks them", async () => {
    const graph = example();
    const labeling = labelingOf(graph);
    const { converted } = labeling.inputs;
    const { output, layers } = await recorded(labeling);
    const explanation = await explainNode(graph, labeling, "a");

    const [x, y] = [output[0]!, output[1]!];
    expect(explanation.node).toBe("a");
    expect(explanation.label).toBe(x > y ? "x" : "y");
    expect(explanation.answer).toBeCloseTo(1 / (1 + Math.exp(-Math.abs(x - y))), 12);

    const { edges, loops } = attentionByEdge(converted, layers);
    const toA = [...Object.values(edges).flat(), ...Object.values(loops).flat()].filter(({ target }) => target === "a");
    expect(toA.length).toBe(3);
    const expectedNeighbors = toA.sort((one, other) => other.weight - one.weight);
    expect(explanation.neighbors.map(({ edge, source }) => [edge, source])).toEqual(
      expectedNeighbors.map(({ edge, source }) => [edge, source]),
    );
    for (const [k, { layers: weights }] of explanation.neighbors.entries()) {
      expect(weights.map((heads) => heads.length)).toEqual([2, 1]);
      for (const [l, heads] of weights.entries()) {
        for (const [h, weight] of heads.entries()) expect(weight).toBeCloseTo(expectedNeighbors[k]!.layers[l]![h]!, 12);
      }
    }

    const rollout = attentionRollout(layers, converted.indexOf.get("a")!);
    expect(explanation.nodes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const { node, share } of explanation.nodes) {
      expect(share).toBeCloseTo(rollout.nodes.get(converted.indexOf.get(node)!) ?? 0, 12);
    }
    expect(explanation.nodes.map(({ node }) => node).sort()).toEqual(["a", "b", "c", "d"]);
    const shares = explanation.nodes.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((one, other) => other - one));

    const ways = explanation.edges.map(({ edge, source, target }) => `${edge}: ${source} > ${target}`).sort();
    expect(ways).toEqual([
      "a to b again: a > b",
      "a to b: a > b",
      "b - c again: c > b",
      "b - c: c > b",
      "b to a: b > a",
      "d to a: d > a",
      "d to d: d > d",
    ]);
    const passed = explanation.edges.map((edge) => edge.passed);
    expect(passed).toEqual([...passed].sort((one, other) => other - one));
    // The loop at d is replaced by the layers whether the graph has it or not.
    expect(explanation.check).toMatchObject({ candidates: 6, removed: 1 });
    expect(explanation.check.answer).toBe(explanation.answer);
  });

  it("finds the same on the part of the graph that matters as on all of it", async () => {
    const graph = example();
    const labeling = labelingOf(graph, { weights: true });
    const { model } = labeling;
    // A model that is not known to be made of layers may look at anything.
    class Whole extends Module implements NodeModel {
      readonly inner = model;
      forward(...given: Parameters<NodeModel["forward"]>): Tensor {
        return model.forward(...given);
      }
      detailed(...given: Parameters<NodeModel["detailed"]>) {
        return model.detailed(...given);
      }
    }
    for (const node of graph.nodes()) {
      const part = await explainNode(graph, labeling, node, { oneByOne: true });
      const whole = await explainNode(graph, { ...labeling, model: new Whole() }, node, { oneByOne: true });
      expect(part.answer).toBeCloseTo(whole.answer, 12);
      expect(part.check.answerWithout).toBeCloseTo(whole.check.answerWithout, 12);
      expect(part.check.top.removed).toBeCloseTo(whole.check.top.removed, 12);
      const found = ({ nodes, edges, neighbors }: NodeExplanation) =>
        [
          ...nodes.map(({ node: key, share }) => `${key} ${share.toFixed(10)}`),
          ...edges.map(({ edge, source, target, passed }) => `${edge} ${source} ${target} ${passed.toFixed(10)}`),
          ...neighbors.map(({ edge, source, weight }) => `${edge} ${source} ${weight.toFixed(10)}`),
        ].sort();
      expect(found(part)).toEqual(found(whole));
    }
  });

  it("explains another label, by another measure", async () => {
    const graph = example();
    const labeling = labelingOf(graph);
    const both = await Promise.all(["x", "y"].map((label) => explainNode(graph, labeling, "b", { label })));
    expect(both[0]!.answer + both[1]!.answer).toBeCloseTo(1, 12);
    expect(both.map(({ label }) => label)).toEqual(["x", "y"]);
    const { output } = await recorded(labeling);
    const logit = await explainNode(graph, labeling, "b", { label: "y", measure: "output", share: 0.5, draws: 20 });
    expect(logit.answer).toBeCloseTo(output[3]!, 12);
    expect(logit.check).toMatchObject({ candidates: 8, removed: 4 });
  });

  it("reads the weights of edges as the network does", async () => {
    const graph = example();
    const { neighbors } = await explainNode(graph, labelingOf(graph, { weights: true }), "b");
    const parallel = neighbors.filter(({ source }) => source === "a").map(({ weight }) => weight);
    // The two edges from a to b differ in their strength alone.
    expect(parallel.length).toBe(2);
    expect(parallel[0]).not.toBeCloseTo(parallel[1]!, 6);
  });

  it("counts the network's shortcuts", async () => {
    const graph = example();
    const own = async (labeling: ExplainableLabeling, options = {}) =>
      (await explainNode(graph, labeling, "a", options)).nodes.find(({ node }) => node === "a")!.share;
    const labeling = labelingOf(graph, { residual: true });
    expect(await own(labeling)).toBeGreaterThan(0.25);
    expect(await own(labeling)).toBeCloseTo(await own(labeling, { residual: true }), 12);
    expect(await own(labeling, { residual: false })).toBeLessThan(await own(labeling));
    const options = { random: new Random(1), engine: reference, heads: 2, hidden: 4 };
    const models = [
      new GAT(2, 2, options),
      new GAT(2, 2, { ...options, residual: true }),
      new GAT(2, 2, { ...options, layer: "transformer" }),
      new GAT(2, 2, { ...options, layer: "transformer", residual: true }),
      new GraphTransformer(2, 2, options),
    ];
    expect(models.map(hasShortcut)).toEqual([false, true, false, true, true]);
  });

  it("of an isolated node says that it looked at itself", async () => {
    const graph = example();
    const explanation = await explainNode(graph, labelingOf(graph), "alone");
    expect(explanation).toMatchObject({
      neighbors: [{ edge: undefined, source: "alone", target: "alone", layers: [[1, 1], [1]], weight: 1 }],
      nodes: [{ node: "alone", share: 1 }],
      edges: [],
      check: { verdict: "undecided", candidates: 0 },
    });
  });

  it("refuses other nodes, labels and graphs", async () => {
    const graph = example();
    const labeling = labelingOf(graph);
    const code = (expected: string) => expect.objectContaining({ code: expected });
    await expect(explainNode(graph, labeling, "z")).rejects.toEqual(code("unknown-node"));
    graph.addNode("z");
    await expect(explainNode(graph, labeling, "z")).rejects.toEqual(code("unknown-node"));
    await expect(explainNode(graph, labeling, "a", { label: "z" })).rejects.toEqual(code("unknown-label"));
    const untrained = { label: "only in the test part" };
    await expect(explainNode(graph, labeling, "a", untrained)).rejects.toEqual(code("out-of-range"));
    const misspelt = { label: "x", target: 1 };
    await expect(explainNode(graph, labeling, "a", misspelt)).rejects.toEqual(code("unknown-option"));
    await expect(explainNode(JSON.parse("null"), labeling, "a")).rejects.toEqual(code("not-a-graph"));
  });
});

describe("explainNode.assign", () => {
  it("writes attention and contributions, and touches nothing else", async () => {
    const graph = example();
    const labeling = labelingOf(graph);
    const { layers } = await recorded(labeling);
    const before = graph.export();
    await explainNode.assign(graph, labeling, "a", { edgeContributionAttribute: "passed" });
    const { nodes, edges } = await explainNode(graph, labeling, "a");
    const byEdge = attentionByEdge(labeling.inputs.converted, layers);
    for (const { key, attributes } of before.nodes) {
      const share = nodes.find(({ node }) => node === key)?.share ?? 0;
      const { contribution, ...rest } = graph.getNodeAttributes(key);
      expect(contribution).toBeCloseTo(share, 12);
      expect(rest).toEqual(attributes);
    }
    for (const { key, attributes } of before.edges) {
      const { attention, attentionByHead, reverseAttention, reverseAttentionByHead, passed, ...rest } =
        graph.getEdgeAttributes(key);
      expect(rest).toEqual(attributes);
      const along = edges.filter(({ edge }) => edge === key).reduce((sum, one) => sum + one.passed, 0);
      expect(passed).toBeCloseTo(along, 12);
      const [there, back] =
        byEdge.edges[key!] ??
        Object.values(byEdge.loops)
          .flat()
          .filter(({ edge }) => edge === key);
      expect(attention).toBeCloseTo(there!.weight, 12);
      expect(attentionByHead.map((heads: number[]) => heads.length)).toEqual([2, 1]);
      if (back === undefined) expect(reverseAttention).toBeUndefined();
      else expect(reverseAttention).toBeCloseTo(back.weight, 12);
      expect(reverseAttentionByHead === undefined).toBe(back === undefined);
    }
  });

  it("writes nothing if anything is wrong, or changed meanwhile", async () => {
    const refused = async (
      code: string,
      run: (graph: AbstractGraph, labeling: ExplainableLabeling) => Promise<void>,
    ) => {
      const graph = example();
      const labeling = labelingOf(graph);
      await expect(run(graph, labeling)).rejects.toMatchObject({ code });
      expect(graph.someNode((_, attributes) => "contribution" in attributes)).toBe(false);
      expect(graph.someEdge((_, attributes) => "attention" in attributes || "contribution" in attributes)).toBe(false);
    };
    await refused("unknown-node", (graph, labeling) => explainNode.assign(graph, labeling, "z"));
    await refused("duplicate-attribute", (graph, labeling) =>
      explainNode.assign(graph, labeling, "a", { edgeContributionAttribute: "attention" }),
    );
    const misspelt = { residual: true, share: 0.1 };
    await refused("unknown-option", (graph, labeling) => explainNode.assign(graph, labeling, "a", misspelt));
    await refused("other-graph", (graph, labeling) => {
      const writing = explainNode.assign(graph, labeling, "a");
      graph.dropEdge("d to a");
      return writing;
    });
  });
});
