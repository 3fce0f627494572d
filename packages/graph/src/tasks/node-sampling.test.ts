import { createWasmEngine, denseMatrix, Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import { communityEdges } from "../testing/linked-communities.ts";
import { classTargets } from "./class-targets.ts";
import { metricNamed } from "./metric-by-name.ts";
import type { NodeClassificationData } from "./node-classification.ts";
import { trainNodeClassifier } from "./node-classifier.ts";
import type { NodeClassifierOptions } from "./node-classifier-options.ts";
import { trainNodeNetwork } from "./node-network.ts";

const communities = 6;
const size = 150;
const nodes = communities * size;
const truth = Int32Array.from({ length: nodes }, (_, node) => Math.floor(node / size));
const everyTenth = (...digits: readonly number[]): Uint32Array =>
  Uint32Array.from(truth.keys()).filter((node) => digits.includes((7 * node) % 10));
const test = everyTenth(6, 7, 8, 9);

/** Six communities, and features from which alone about two in three nodes could be told. */
const data: NodeClassificationData = {
  neighborhood: neighborhoodOfEdges(nodes, communityEdges(communities, size, 12, 1)),
  features: noisyFeatures(),
  labels: truth,
  classes: communities,
  train: everyTenth(0, 1, 2, 3),
  validation: everyTenth(4, 5),
};

function noisyFeatures() {
  const random = new Random(3);
  const values = Float32Array.from({ length: nodes * communities }, (_, k) =>
    random.normal(k % communities === truth[Math.floor(k / communities)]! ? 1 : 0),
  );
  return denseMatrix(nodes, communities, values);
}

/** The share of test nodes that is told right, and the most that the engine held. */
async function measure(options: NodeClassifierOptions) {
  const engine = createWasmEngine();
  const { probabilities } = await trainNodeClassifier(data, { ...options, engine });
  return {
    accuracy: accuracy(truth, predictedClasses(probabilities, communities), test),
    peak: engine.memory().peakBytes,
  };
}

describe.each<["gat" | "graph-transformer", NodeClassifierOptions]>([
  ["gat", { heads: 4, hidden: 32, epochs: 40 }],
  ["graph-transformer", { heads: 4, hidden: 32, layers: 2, epochs: 20, learningRate: 0.01 }],
])("sampling for a %s", (model, options) => {
  it("does as well as steps on the whole graph, in less memory", async () => {
    const whole = await measure({ ...options, model });
    expect(whole.accuracy).toBeGreaterThan(0.95);
    for (const sampling of [
      { fanOut: [5, 5], batchSize: 60 },
      { clusters: 24, clustersPerBatch: 4 },
    ]) {
      const sampled = await measure({ ...options, model, sampling });
      expect(sampled.accuracy).toBeGreaterThan(whole.accuracy - 0.02);
      expect(sampled.peak).toBeLessThan(0.75 * whole.peak);
    }
  });
});

describe("sampling", () => {
  const quick = { model: "gat", heads: 2, hidden: 8, epochs: 2 } as const;

  it("answers from whole neighborhoods: as the network does at once", async () => {
    for (const model of ["gat", "graph-transformer"] as const) {
      const sampling = { fanOut: [1, 1], batchSize: 100 };
      const { probabilities, predict } = await trainNodeClassifier(data, { ...quick, model, sampling });
      expect(await predict(data)).toEqual(probabilities);
    }
  });

  it("gives the attention of all edges all the same", async () => {
    const { attention } = await trainNodeClassifier(data, { ...quick, sampling: { clusters: 5 } });
    expect(attention.neighborhood.edges).toBe(data.neighborhood.edges + nodes);
    const sums = new Float64Array(nodes);
    for (const [p, receiver] of attention.neighborhood.receiverOf.entries()) {
      sums[receiver]! += attention.weights[p * attention.heads]!;
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1, 4);
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    for (const sampling of [
      { fanOut: [2, 2], batchSize: 64 },
      { clusters: 8, clustersPerBatch: 2 },
    ]) {
      const run = async (seed: number) => (await trainNodeClassifier(data, { ...quick, sampling, seed })).probabilities;
      const first = await run(1);
      expect(await run(1)).toEqual(first);
      expect(await run(2)).not.toEqual(first);
    }
  });

  it("is told of among the choices; layers follow from the fan-out", async () => {
    const sampling = { fanOut: [3, 2, 1], batchSize: 10 };
    const { choices, model } = await trainNodeClassifier(data, { ...quick, sampling });
    expect(model.networkLayers()).toHaveLength(3);
    expect(choices.find(({ option }) => option === "layers")?.reason).toBe("one for each number of the fan-out");
    expect(choices.at(-1)).toEqual({ option: "sampling", value: "10 nodes a step, fan-out 3, 2, 1", reason: "given" });
    const clustered = await trainNodeClassifier(data, { ...quick, sampling: { clusters: 30 } });
    expect(clustered.choices.at(-1)?.value).toBe("5 of 30 clusters a step");
  });

  it("reads features of edges, and nodes without features", async () => {
    const { edges } = data.neighborhood;
    const edgeFeatures = denseMatrix(edges, 1, new Float32Array(edges).fill(1));
    for (const sampling of [{ fanOut: [2, 2] }, { clusters: 4, clustersPerBatch: 2 }]) {
      const weighted = await trainNodeClassifier({ ...data, edgeFeatures }, { ...quick, sampling });
      expect(weighted.probabilities).toHaveLength(nodes * communities);
      const bare = await trainNodeClassifier({ ...data, features: undefined }, { ...quick, sampling });
      expect(bare.probabilities).toHaveLength(nodes * communities);
    }
  });

  it("is chosen only where a step on the whole graph would take too much memory, and says so", async () => {
    const targets = classTargets(truth, communities, metricNamed("accuracy", truth, communities));
    const problem = { where: "here", data, targets, labels: data.train.length };
    const withRoom = await trainNodeNetwork({ ...problem, largestStep: 2 ** 24 }, quick);
    expect(withRoom.choices.map(({ option }) => option)).not.toContain("sampling");
    const without = await trainNodeNetwork({ ...problem, largestStep: 2 ** 16 }, quick);
    const choice = without.choices.at(-1);
    expect(choice?.value).toBe("5 of 5 clusters a step");
    expect(choice?.reason).toMatch(/a step on the whole graph would take about \d+\.\d GiB/);
  });

  it.each<[string, string, object]>([
    ["more numbers of fan-out than layers", "out-of-range", { layers: 2, sampling: { fanOut: [2, 2, 2] } }],
    ["no fan-out", "out-of-range", { sampling: { fanOut: [] } }],
    ["a fan-out of nothing", "out-of-range", { sampling: { fanOut: [2, 0] } }],
    ["a fan-out that is no list", "out-of-range", { sampling: { fanOut: 10 } }],
    ["empty batches", "out-of-range", { sampling: { fanOut: [2, 2], batchSize: 0 } }],
    ["no clusters", "out-of-range", { sampling: { clusters: 0 } }],
    ["more clusters a batch than there are", "out-of-range", { sampling: { clusters: 3, clustersPerBatch: 4 } }],
    ["both kinds at once", "unknown-option", { sampling: { clusters: 3, fanOut: [2, 2] } }],
    ["an option that is none", "unknown-option", { sampling: { fanOut: [2, 2], batch: 3 } }],
  ])("refuses %s", async (_what, code, options) => {
    const training = trainNodeClassifier(data, { ...quick, ...options });
    await expect(training).rejects.toMatchObject({ name: "OptionError", code });
  });
});
