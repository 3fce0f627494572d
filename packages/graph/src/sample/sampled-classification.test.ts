import { adam, type DenseMatrix, Random } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import { GAT } from "../models/gat.ts";
import { NodeClassification, type NodeMetric } from "../tasks/node-classification.ts";
import { plantedEdges } from "../testing/graphs.ts";
import { fit } from "../train/fit.ts";
import { inferInChunks } from "./infer-in-chunks.ts";
import { SampledNodeClassification } from "./sampled-classification.ts";

const engine = createReferenceEngine();
const size = 60;
const nodes = 2 * size;
const neighborhood = neighborhoodOfEdges(nodes, plantedEdges(size, 8, 3));
const labels = Int32Array.from({ length: nodes }, (_, node) => (node < size ? 0 : 1));

/** Two noisy features, of which one leans towards the class. */
function noisyFeatures(): DenseMatrix {
  const random = new Random(2);
  const values = Float32Array.from({ length: 2 * nodes }, (_, k) =>
    random.normal(k % 2 === 0 ? (labels[k >> 1]! === 0 ? -0.7 : 0.7) : 0),
  );
  return { kind: "dense", rows: nodes, columns: 2, values };
}

const every = (start: number, step: number): Uint32Array =>
  Uint32Array.from({ length: nodes / step }, (_, k) => start + k * step);

const data = {
  neighborhood,
  features: noisyFeatures(),
  labels,
  classes: 2,
  train: every(0, 4),
  validation: every(1, 4),
};

const metric: NodeMetric = (logits, of) => {
  const predicted = predictedClasses(logits, 2);
  let right = 0;
  for (const node of of) if (predicted[node] === labels[node]) right++;
  return right / of.length;
};

const network = (dropout = 0): GAT =>
  new GAT(2, 2, { random: new Random(7), engine, heads: 2, hidden: 8, dropout, layer: "gatv2" });

describe("SampledNodeClassification", () => {
  it("trains as on the whole graph, with all neighbors and all training nodes in a batch", async () => {
    const histories = await Promise.all(
      [
        (model: GAT) => new NodeClassification(model, data, metric, engine),
        (model: GAT) => new SampledNodeClassification(model, data, metric, { fanOut: [-1, -1], batchSize: nodes }),
      ].map(async (taskFor) => {
        const model = network();
        const optimizer = adam(model.parameters(), { learningRate: 0.02 });
        const { history } = await fit(model, taskFor(model), { optimizer, epochs: 5 });
        return history;
      }),
    );
    const [whole, sampled] = histories;
    for (const [k, { loss, validationLoss, validationMetric }] of whole!.entries()) {
      expect(sampled![k]!.loss).toBeCloseTo(loss, 10);
      expect(sampled![k]!.validationLoss).toBeCloseTo(validationLoss!, 10);
      expect(sampled![k]!.validationMetric).toBe(validationMetric);
    }
  });

  it("makes a step for each batch, each training node in one of them", () => {
    const task = new SampledNodeClassification(network(), data, metric, { fanOut: [2, 2], batchSize: 7 });
    expect(task.stepsPerEpoch).toBe(Math.ceil(data.train.length / 7));
  });

  it("learns from few neighbors, and infers from all", async () => {
    const model = network(0.2);
    const task = new SampledNodeClassification(model, data, metric, { fanOut: [4, 3], batchSize: 8, seed: 1 });
    const optimizer = adam(model.parameters(), { learningRate: 0.02 });
    const before = task.validate()!;
    await fit(model, task, { optimizer, epochs: 15, random: new Random(1) });
    expect(task.validate()!.loss).toBeLessThan(0.6 * before.loss);
    const logits = await inferInChunks(model, neighborhood, data.features, { chunkSize: 50 });
    expect(accuracy(labels, predictedClasses(logits.values, 2), every(2, 4))).toBeGreaterThan(0.9);
  });

  it("gives the same losses from the same seed, and measures on the same samples in each epoch", async () => {
    const run = async (seed: number) => {
      const model = network();
      const task = new SampledNodeClassification(model, data, metric, { fanOut: [2, 2], batchSize: 8, seed });
      expect(task.validate()).toEqual(task.validate());
      const { history } = await fit(model, task, { optimizer: adam(model.parameters()), epochs: 2 });
      return history.map(({ loss, validationLoss }) => [loss, validationLoss]);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it("does not validate without validation nodes", () => {
    const without = { ...data, validation: new Uint32Array(0) };
    expect(new SampledNodeClassification(network(), without, metric, { fanOut: [2, 2] }).validate()).toBeUndefined();
  });

  it("refuses bad options and data before any work", () => {
    const make = (options: { readonly fanOut: readonly number[] }, of: typeof data = data) => {
      return () => new SampledNodeClassification(network(), of, metric, options);
    };
    const withUnknown = { fanOut: [2], batch: 3 };
    expect(make(withUnknown)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    expect(make({ fanOut: [0] })).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
    const noBatch = { fanOut: [2], batchSize: 0 };
    expect(make(noBatch)).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
    expect(make({ fanOut: [2] }, { ...data, train: new Uint32Array(0) })).toThrow(
      expect.objectContaining({ name: "DataError", code: "no-labels" }),
    );
  });
});
