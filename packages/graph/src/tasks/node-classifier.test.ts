import { createWasmEngine, csrFromLists, denseMatrix, Random, SparseNeighborhood } from "@vicinal/core";
import { describe, expect, it, vi } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import { plantedEdges } from "../testing/graphs.ts";
import { metricNamed } from "./metric-by-name.ts";
import { NodeClassification, type NodeClassificationData } from "./node-classification.ts";
import { trainNodeClassifier } from "./node-classifier.ts";

const size = 100;
const truth = new Int32Array(2 * size).fill(1, size);

/** Every tenth node of two planted communities is labelled; those after them decide when to stop. */
function communities(more: Partial<NodeClassificationData> = {}): NodeClassificationData {
  const everyTenth = (from: number) => Uint32Array.from({ length: size / 5 }, (_, k) => 10 * k + from);
  const [train, validation] = [everyTenth(0), everyTenth(1)];
  const labels = new Int32Array(2 * size).fill(-1);
  for (const node of [...train, ...validation]) labels[node] = truth[node]!;
  return {
    neighborhood: neighborhoodOfEdges(2 * size, plantedEdges(size, 12, 1)),
    features: undefined,
    labels,
    classes: 2,
    train,
    validation,
    ...more,
  };
}

const quick = { epochs: 3, heads: 2, hidden: 8 } as const;

const others = Uint32Array.from(truth.keys()).filter((node) => node % 10 > 1);

describe("trainNodeClassifier", () => {
  it("finds two communities from the structure alone", async () => {
    const { probabilities } = await trainNodeClassifier(communities());
    expect(accuracy(truth, predictedClasses(probabilities, 2), others)).toBeGreaterThanOrEqual(0.95);
  });

  it("finds them by GATv2, from noisy features", async () => {
    const random = new Random(4);
    const values = Float32Array.from({ length: 2 * size * 3 }, (_, k) =>
      random.normal(k % 3 === 0 ? truth[Math.floor(k / 3)]! : 0, 1),
    );
    const data = communities({ features: denseMatrix(2 * size, 3, values) });
    const { probabilities } = await trainNodeClassifier(data, { layer: "gatv2", epochs: 200 });
    expect(accuracy(truth, predictedClasses(probabilities, 2), others)).toBeGreaterThanOrEqual(0.95);
  });

  it("gives the probability of each class for each node, and the attention of the last layer", async () => {
    const { probabilities, attention } = await trainNodeClassifier(communities(), quick);
    expect(probabilities).toHaveLength(2 * size * 2);
    for (let i = 0; i < 2 * size; i++) expect(probabilities[2 * i]! + probabilities[2 * i + 1]!).toBeCloseTo(1, 5);
    expect(attention.weights).toHaveLength(attention.neighborhood.edges * attention.heads);
    expect(attention.edgeOf).toHaveLength(attention.neighborhood.edges);
  });

  it("keeps the weights of the best epoch: validated again, they give its figures", async () => {
    const features = csrFromLists(
      Array.from({ length: 2 * size }, (_, i) => [i]),
      2 * size,
    );
    const data = { ...communities(), features };
    // What decides when to stop has nothing to do with what is learned: it gets worse soon.
    for (const node of data.validation) data.labels[node] = node % 20 === 1 ? 0 : 1;
    const { model, bestEpoch, history } = await trainNodeClassifier(data, {
      epochs: 300,
      patience: 10,
      learningRate: 0.05,
      weightDecay: 0,
      normalizeFeatures: false,
    });
    const task = new NodeClassification(model, data, metricNamed("accuracy", data.labels, 2));
    const { validationLoss, validationMetric } = history[bestEpoch - 1]!;
    expect(task.validate()).toEqual({ loss: validationLoss, metric: validationMetric });
    expect(bestEpoch).toBeLessThan(history.length);
    expect(history.length).toBeLessThan(300);
  });

  it("learns from the labels of the training nodes alone", async () => {
    const data = communities({ validation: new Uint32Array(0) });
    const isTrain = new Set(data.train);
    const first = await trainNodeClassifier(data, quick);
    const other = await trainNodeClassifier(
      { ...data, labels: truth.map((label, node) => (isTrain.has(node) ? label : (node * 7) % 3)) },
      quick,
    );
    expect(other.probabilities).toEqual(first.probabilities);
  });

  it("gives the same bits for the same seed, on an engine of its own too", async () => {
    const run = (options: object) => trainNodeClassifier(communities(), { ...quick, ...options });
    const { probabilities } = await run({ seed: 3 });
    expect((await run({ seed: 3, engine: createWasmEngine() })).probabilities).toEqual(probabilities);
    expect((await run({ seed: 4 })).probabilities).not.toEqual(probabilities);
  });

  it("leaves what it was given as it was", async () => {
    const features = denseMatrix(2 * size, 1, new Float32Array(2 * size).fill(2));
    const data = communities({ features });
    await trainNodeClassifier(data, { ...quick, normalizeFeatures: true });
    expect(data).toEqual(communities({ features: denseMatrix(2 * size, 1, new Float32Array(2 * size).fill(2)) }));
  });

  it("normalizes rows when it is told to", async () => {
    const rows = (scale: number) =>
      denseMatrix(
        2 * size,
        2,
        new Float32Array(4 * size).map((_, k) => ((k >> 1) + 1) * (1 + (k % 2)) * scale),
      );
    const run = (scale: number, normalizeFeatures: boolean) =>
      trainNodeClassifier(communities({ features: rows(scale) }), { ...quick, normalizeFeatures });
    expect((await run(1, true)).probabilities).toEqual((await run(4, true)).probabilities);
    expect((await run(1, false)).probabilities).not.toEqual((await run(4, false)).probabilities);
  });

  it("trains either network, and refuses options that only the other has", async () => {
    const { model } = await trainNodeClassifier(communities(), { ...quick, model: "graph-transformer" });
    expect(model).toBeInstanceOf(GraphTransformer);
    const refused = trainNodeClassifier(communities(), { ...quick, model: "graph-transformer", residual: true });
    await expect(refused).rejects.toMatchObject({ name: "OptionError", code: "does-not-apply" });
  });

  it("reads edge features in the order of the edge list", async () => {
    const { edges } = communities().neighborhood;
    const ones = denseMatrix(edges, 1, new Float32Array(edges).fill(1));
    const { model } = await trainNodeClassifier(communities({ edgeFeatures: ones }), quick);
    expect([...model.namedParameters().keys()].filter((name) => name.includes("linearEdge"))).toHaveLength(2);
  });
});

describe("the trial that trainNodeClassifier decides by", () => {
  /** Few labels, features, and enough nodes to decide by. */
  function open(featureOf: (node: number, random: Random) => number): NodeClassificationData {
    const random = new Random(2);
    const validation = Uint32Array.from(truth.keys()).filter((node) => node % 10 > 4);
    const values = Float32Array.from(truth, (_, node) => featureOf(node, random));
    return communities({ features: denseMatrix(2 * size, 1, values), labels: truth, validation });
  }
  const informative = open((node) => (truth[node] === 1 ? 1 : -1));
  const network = { heads: 2, hidden: 8 } as const;

  it("comes before the training, and is not part of the history", async () => {
    const stages: string[] = [];
    const { history } = await trainNodeClassifier(informative, {
      ...quick,
      onProgress: ({ stage, epoch }) => stages.push(`${stage} ${epoch}`),
    });
    const trials = stages.filter((stage) => stage.startsWith("trial"));
    expect(trials.length).toBeGreaterThan(0);
    expect(stages).toEqual([...trials, "training 1", "training 2", "training 3"]);
    expect(history).toHaveLength(3);
  });

  it("is told of among the choices", async () => {
    const { choices } = await trainNodeClassifier(informative, quick);
    const decided = choices.filter(({ reason }) => reason.startsWith("decided by"));
    expect(decided.map(({ option }) => option)).toEqual(["residual", "learningRate"]);
  });

  it("keeps the published recipe where nothing is better by more than chance", async () => {
    const noise = open((_node, random) => random.normal());
    const { model } = await trainNodeClassifier(noise, { ...network, epochs: 3 });
    expect([...model.namedParameters().keys()].filter((name) => name.includes("residual"))).toEqual([]);
  });

  it("is left out where its questions are answered", async () => {
    const stages = new Set<string>();
    await trainNodeClassifier(informative, { ...quick, residual: true, onProgress: ({ stage }) => stages.add(stage) });
    expect([...stages]).toEqual(["training"]);
  });

  it("ends by an abort", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const onProgress = vi.fn(({ epoch }: { epoch: number }) => epoch === 2 && controller.abort(reason));
    const training = trainNodeClassifier(informative, { ...quick, onProgress, signal: controller.signal });
    await expect(training).rejects.toBe(reason);
    expect(onProgress).toHaveBeenCalledTimes(2);
  });

  it("gives the same bits twice", async () => {
    const [first, second] = [
      await trainNodeClassifier(informative, quick),
      await trainNodeClassifier(informative, quick),
    ];
    expect(second.probabilities).toEqual(first.probabilities);
    expect(second.choices).toEqual(first.choices);
  });
});

describe("trainNodeClassifier refuses, before any work,", () => {
  const nodes = 2 * size;
  const dense = (rows: number, value: number) => denseMatrix(rows, 1, new Float32Array(rows).fill(1).fill(value, 5, 6));
  const all = neighborhoodOfEdges(nodes, plantedEdges(size, 12, 1));
  const bipartite = SparseNeighborhood.fromEdgeList({
    senders: new Uint32Array(0),
    receivers: new Uint32Array(0),
    senderCount: 7,
    receiverCount: nodes,
  });
  const csr = csrFromLists(new Array<number[]>(nodes).fill([0]), 2);

  it.each<[string, string, Partial<NodeClassificationData>]>([
    ["no nodes", "empty-graph", { neighborhood: neighborhoodOfEdges(0, plantedEdges(0, 0, 0)) }],
    ["two kinds of nodes", "wrong-length", { neighborhood: bipartite }],
    ["too few labels", "wrong-length", { labels: new Int32Array(3) }],
    ["too many rows of features", "wrong-length", { features: dense(nodes + 1, 1) }],
    ["too few rows of edge features", "wrong-length", { edgeFeatures: dense(all.edges - 1, 1) }],
    ["NaN among dense features", "not-finite", { features: dense(nodes, Number.NaN) }],
    ["infinity among dense features", "not-finite", { features: dense(nodes, Number.POSITIVE_INFINITY) }],
    [
      "NaN among sparse features",
      "not-finite",
      { features: { ...csr, values: new Float32Array(nodes).fill(Number.NaN) } },
    ],
    ["NaN among edge features", "not-finite", { edgeFeatures: dense(all.edges, Number.NaN) }],
    ["a column that is not there", "index-out-of-range", { features: { ...csr, columns: 0 } }],
    ["row starts that do not fit", "wrong-length", { features: { ...csr, indptr: new Uint32Array(3) } }],
    ["no training nodes", "no-labels", { train: new Uint32Array(0) }],
    ["training nodes of one class", "one-class", { train: Uint32Array.of(0, 10, 20) }],
    ["a training node that is not there", "index-out-of-range", { train: Uint32Array.of(0, 100, nodes) }],
    ["a training node without label", "index-out-of-range", { train: Uint32Array.of(0, 100, 102) }],
    ["a validation node without label", "index-out-of-range", { validation: Uint32Array.of(3) }],
    ["a label that is no class", "index-out-of-range", { classes: 1 }],
  ])("%s", async (_what, code, problem) => {
    const onProgress = vi.fn();
    const training = trainNodeClassifier(communities(problem), { ...quick, onProgress });
    await expect(training).rejects.toMatchObject({ name: "DataError", code });
    expect(onProgress).not.toHaveBeenCalled();
  });

  it.each<[string, string, object]>([
    ["an unknown option", "unknown-option", { label: "club" }],
    ["heads that do not divide", "heads-do-not-divide", { heads: 3, hidden: 8 }],
    ["a metric that is none", "out-of-range", { metric: "recall" }],
    ["no epochs", "out-of-range", { epochs: 0 }],
  ])("%s", async (_what, code, options) => {
    const onProgress = vi.fn();
    const training = trainNodeClassifier(communities(), { ...quick, ...options, onProgress });
    await expect(training).rejects.toMatchObject({ name: "OptionError", code });
    expect(onProgress).not.toHaveBeenCalled();
  });

  it("to go on when the loss is no number any more", async () => {
    const features = denseMatrix(nodes, 1, new Float32Array(nodes).fill(3e38));
    const training = trainNodeClassifier(communities({ features }), { ...quick, normalizeFeatures: false });
    await expect(training).rejects.toMatchObject({ name: "TrainingError", code: "loss-not-finite" });
  });
});
