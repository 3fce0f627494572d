import { denseMatrix, Random } from "@vicinal/core";
import { describe, expect, it, vi } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { multiLabelMetrics } from "../metrics/multi-label-metrics.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import { plantedEdges } from "../testing/graphs.ts";
import { trainMultiLabelClassifier } from "./multi-label-classifier.ts";
import type { MultiLabelData } from "./multi-label-data.ts";

const size = 80;
const nodes = 2 * size;
const labelCount = 3;

/**
 * Two communities. Label 0: those of the first. Label 1: a sign that every node has, and that is its feature. Label 2: both, so that nodes
 * carry none to three labels.
 */
function communities(more: Partial<MultiLabelData> = {}): MultiLabelData {
  const random = new Random(3);
  const signs = Array.from({ length: nodes }, () => random.uniform() < 0.5);
  const labels = Uint8Array.from(
    signs.flatMap((sign, node) => [node < size, sign, node < size && sign].map((carried) => (carried ? 1 : 0))),
  );
  const values = Float32Array.from(
    signs.flatMap((sign, node) => [sign ? 1 : -1, random.normal(node < size ? 0.8 : -0.8)]),
  );
  const all = Uint32Array.from({ length: nodes }, (_, node) => node);
  return {
    neighborhood: neighborhoodOfEdges(nodes, plantedEdges(size, 12, 1)),
    features: denseMatrix(nodes, 2, values),
    labels,
    labelCount,
    train: all.filter((node) => node % 4 < 2),
    validation: all.filter((node) => node % 4 === 2),
    ...more,
  };
}

const test = Uint32Array.from({ length: nodes / 4 }, (_, k) => 4 * k + 3);
const quick = { epochs: 3, heads: 2, hidden: 8 } as const;

describe("trainMultiLabelClassifier", () => {
  it("tells each label by itself, from features and from the structure", async () => {
    const data = communities();
    const { probabilities, thresholds } = await trainMultiLabelClassifier(data, {
      model: "graph-transformer",
      layers: 2,
      hidden: 16,
      heads: 2,
      epochs: 60,
      learningRate: 0.02,
    });
    expect([...thresholds]).toEqual([0.5, 0.5, 0.5]);
    const { microF1, macroF1, rocAuc } = multiLabelMetrics(data.labels, probabilities, {
      labels: labelCount,
      nodes: test,
    });
    expect(microF1).toBeGreaterThan(0.93);
    expect(macroF1).toBeGreaterThan(0.93);
    expect(rocAuc).toBeGreaterThan(0.97);
  });

  it("gives probabilities that need not sum to one, with the attention of the last layer", async () => {
    const { probabilities, attention, model } = await trainMultiLabelClassifier(communities(), quick);
    expect(probabilities).toHaveLength(nodes * labelCount);
    for (const probability of probabilities) expect(probability > 0 && probability < 1).toBe(true);
    const sums = Array.from({ length: nodes }, (_, i) => {
      const [first, second, third] = probabilities.subarray(3 * i, 3 * i + 3);
      return first! + second! + third!;
    });
    expect(Math.max(...sums) - Math.min(...sums)).toBeGreaterThan(0.01);
    expect(attention.weights).toHaveLength(attention.neighborhood.edges * attention.heads);
    expect(model.parameterCount).toBeGreaterThan(0);
  });

  it("learns from the labels of the training nodes alone", async () => {
    const data = communities({ validation: new Uint32Array(0) });
    const isTrain = new Set(data.train);
    const first = await trainMultiLabelClassifier(data, quick);
    const labels = data.labels.map((label, k) => (isTrain.has(Math.floor(k / labelCount)) ? label : 1 - label));
    const other = await trainMultiLabelClassifier({ ...data, labels }, quick);
    expect(other.probabilities).toEqual(first.probabilities);
  });

  it("takes the recipes, networks and options of the node classifier", async () => {
    const { model, choices } = await trainMultiLabelClassifier(communities(), { ...quick, model: "graph-transformer" });
    expect(model).toBeInstanceOf(GraphTransformer);
    expect(choices.find(({ option }) => option === "heads")).toEqual({ option: "heads", value: 2, reason: "given" });
    const sampled = await trainMultiLabelClassifier(communities(), {
      ...quick,
      sampling: { fanOut: [4, 4], batchSize: 30 },
    });
    expect(sampled.choices.at(-1)?.option).toBe("sampling");
    const predicted = await sampled.predict(communities());
    expect(predicted).toEqual(sampled.probabilities);
  });

  it.each(["micro-f1", "macro-f1", "roc-auc"] as const)("keeps the epoch with the best %s", async (metric) => {
    const data = communities();
    const { history, bestEpoch, probabilities } = await trainMultiLabelClassifier(data, {
      metric,
      epochs: 15,
      model: "graph-transformer",
      layers: 1,
      hidden: 8,
      heads: 2,
    });
    const best = Math.max(...history.map(({ validationMetric }) => validationMetric!));
    expect(history[bestEpoch - 1]?.validationMetric).toBe(best);
    const { microF1, macroF1, rocAuc } = multiLabelMetrics(data.labels, probabilities, {
      labels: labelCount,
      nodes: data.validation,
    });
    expect({ "micro-f1": microF1, "macro-f1": macroF1, "roc-auc": rocAuc }[metric]).toBeCloseTo(best, 6);
  });

  it("chooses thresholds on the validation nodes when it is told to", async () => {
    const data = communities();
    const { thresholds, probabilities } = await trainMultiLabelClassifier(data, { ...quick, thresholds: "validation" });
    const f1 = (of: number | Float64Array): number =>
      multiLabelMetrics(data.labels, probabilities, { labels: 3, thresholds: of, nodes: data.validation }).macroF1;
    expect(f1(thresholds)).toBeGreaterThan(f1(0.5));
    expect([...(await trainMultiLabelClassifier(data, { ...quick, thresholds: 0.3 })).thresholds]).toEqual([
      0.3, 0.3, 0.3,
    ]);
  });
});

describe("trainMultiLabelClassifier refuses, before any work,", () => {
  const mask = (unknown: number): Uint8Array => new Uint8Array(nodes).fill(1).fill(0, unknown, unknown + 1);

  it.each<[string, string, string, Partial<MultiLabelData>]>([
    ["labels of too few nodes", "DataError", "wrong-length", { labels: new Uint8Array(9) }],
    ["a mask of too few nodes", "DataError", "wrong-length", { known: new Uint8Array(3) }],
    ["a training node whose labels are unknown", "DataError", "unlabeled-node", { known: mask(4) }],
    ["a validation node whose labels are unknown", "DataError", "unlabeled-node", { known: mask(6) }],
    ["a value that is not 0 or 1", "DataError", "label-out-of-range", { labels: new Uint8Array(nodes * 3).fill(2) }],
    ["no training node", "DataError", "no-labels", { train: new Uint32Array(0) }],
    ["training nodes without any label", "DataError", "no-labels", { labels: new Uint8Array(nodes * 3) }],
    ["no labels", "DataError", "no-labels", { labelCount: 0, labels: new Uint8Array(0) }],
    ["half a label", "OptionError", "out-of-range", { labelCount: 1.5 }],
    ["a node that is not there", "DataError", "index-out-of-range", { train: Uint32Array.of(nodes) }],
  ])("%s", async (_what, name, code, problem) => {
    const onProgress = vi.fn();
    const training = trainMultiLabelClassifier(communities(problem), { ...quick, onProgress });
    await expect(training).rejects.toMatchObject({ name, code });
    expect(onProgress).not.toHaveBeenCalled();
  });

  it.each<[string, string, object]>([
    ["an unknown option", "unknown-option", { label: "club" }],
    ["a metric of one class a node", "out-of-range", { metric: "accuracy" }],
    ["a threshold of 1", "out-of-range", { thresholds: 1 }],
    ["thresholds by a word that is none", "out-of-range", { thresholds: "best" }],
    ["heads that do not divide", "heads-do-not-divide", { heads: 3, hidden: 8 }],
  ])("%s", async (_what, code, options) => {
    const training = trainMultiLabelClassifier(communities(), { ...quick, ...options });
    await expect(training).rejects.toMatchObject({ name: "OptionError", code });
  });

  it("thresholds that are to be chosen where no node is held out", async () => {
    const data = communities({ validation: new Uint32Array(0) });
    const training = trainMultiLabelClassifier(data, { ...quick, thresholds: "validation" });
    await expect(training).rejects.toMatchObject({ name: "OptionError", code: "no-validation" });
  });
});
