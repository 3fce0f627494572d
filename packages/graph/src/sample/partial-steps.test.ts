import { adam, type DenseMatrix, Random, scope } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { GAT } from "../models/gat.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import { classTargets } from "../tasks/class-targets.ts";
import { NodeLearning } from "../tasks/node-learning.ts";
import { plantedEdges } from "../testing/graphs.ts";
import { type FitOptions, fit } from "../train/fit.ts";
import { ChunkedLearning } from "./chunked-learning.ts";
import { ClusterSteps } from "./cluster-steps.ts";
import { SampledSteps } from "./sampled-steps.ts";

const engine = createReferenceEngine();
const size = 40;
const nodes = 2 * size;
const neighborhood = neighborhoodOfEdges(nodes, plantedEdges(size, 8, 3));
const labels = Int32Array.from({ length: nodes }, (_, node) => (node < size ? 0 : 1));
const random = new Random(2);
const features: DenseMatrix = {
  kind: "dense",
  rows: nodes,
  columns: 3,
  values: Float32Array.from({ length: 3 * nodes }, () => random.normal()),
};
const ofEdges: DenseMatrix = {
  kind: "dense",
  rows: neighborhood.edges,
  columns: 1,
  values: Float32Array.from({ length: neighborhood.edges }, () => random.normal()),
};
const train = Uint32Array.from(labels.keys()).filter((node) => node % 5 === 0);
const validation = Uint32Array.from(labels.keys()).filter((node) => node % 5 === 1);
const data = { neighborhood, features, edgeFeatures: ofEdges, train, validation };
const targets = classTargets(labels, 2, (logits, of) => logits[2 * of[0]!]! - logits[2 * of[0]! + 1]!);
const training = () => ({ random: new Random(5) });

const models = {
  GAT: (dropout = 0) => new GAT(3, 2, { random: new Random(7), engine, heads: 2, hidden: 8, dropout, edgeDim: 1 }),
  GraphTransformer: (dropout = 0) =>
    new GraphTransformer(3, 2, { random: new Random(7), engine, heads: 2, hidden: 8, layers: 2, dropout, edgeDim: 1 }),
};

describe.each(["GAT", "GraphTransformer"] as const)("ClusterSteps of a %s", (name) => {
  it("has the loss of the whole graph where all clusters are in one batch", () => {
    const model = models[name]();
    const whole = new NodeLearning(model, data, targets, engine).trainingLoss(training()).item();
    const steps = new ClusterSteps(model, data, targets, { clusters: 6, clustersPerBatch: 6, seed: 1, engine });
    expect(steps.stepsPerEpoch).toBe(1);
    expect(steps.trainingLoss(training()).item()).toBeCloseTo(whole, 12);
  });
});

describe("ClusterSteps", () => {
  /** The mean of the losses of an epoch. */
  const epochLoss = (steps: ClusterSteps): number => {
    const losses = Array.from({ length: steps.stepsPerEpoch }, () =>
      scope(() => steps.trainingLoss(training()).item()),
    );
    return losses.reduce((total, loss) => total + loss, 0) / losses.length;
  };

  it("lets each training node count the same, however they are spread over the batches", () => {
    // Without edges a node's loss does not depend on the batch that it is in.
    const alone = neighborhoodOfEdges(nodes, { sources: new Uint32Array(0), targets: new Uint32Array(0) });
    const uneven = Uint32Array.from([...train, 1, 2, 3, 4, 6, 7, 8]);
    const of = { neighborhood: alone, features, train: uneven, validation };
    const model = new GAT(3, 2, { random: new Random(7), engine, heads: 2, hidden: 8, dropout: 0 });
    const logits = Matrix.from1DArray(nodes, 2, new NodeLearning(model, of, targets, engine).logits().dataSync());
    const losses = Array.from(uneven, (node) => {
      const row = logits.getRow(node);
      return Math.log(row.reduce((total, logit) => total + Math.exp(logit), 0)) - row[labels[node]!]!;
    });
    const mean = losses.reduce((total, loss) => total + loss, 0) / uneven.length;
    for (const clustersPerBatch of [1, 3]) {
      const steps = new ClusterSteps(model, of, targets, { clusters: 7, clustersPerBatch, seed: 1, engine });
      expect(epochLoss(steps)).toBeCloseTo(mean, 12);
    }
  });

  it("takes batches without any training node", () => {
    const few = { ...data, train: Uint32Array.of(0, 41) };
    const steps = new ClusterSteps(models.GAT(), few, targets, { clusters: 10, clustersPerBatch: 1, seed: 1, engine });
    const losses = Array.from({ length: steps.stepsPerEpoch }, () => steps.trainingLoss(training()).item());
    expect(losses.filter((loss) => loss === 0).length).toBeGreaterThan(0);
    expect(losses.filter((loss) => loss > 0)).toHaveLength(2);
  });

  it("puts other clusters together in each epoch, the same ones from the same seed", () => {
    const run = (seed: number): number[] => {
      const steps = new ClusterSteps(models.GAT(), data, targets, { clusters: 8, clustersPerBatch: 3, seed, engine });
      return Array.from({ length: 2 * steps.stepsPerEpoch }, () => steps.trainingLoss(training()).item());
    };
    const losses = run(1);
    expect(losses).toHaveLength(6);
    expect(losses.slice(0, 3)).not.toEqual(losses.slice(3));
    expect(run(1)).toEqual(losses);
    expect(run(2)).not.toEqual(losses);
  });
});

describe("SampledSteps", () => {
  it("has the loss of the whole graph with all neighbors and all training nodes in a batch", () => {
    const model = models.GraphTransformer();
    const whole = new NodeLearning(model, data, targets, engine).trainingLoss(training()).item();
    const options = { fanOut: [-1, -1], batchSize: nodes, replace: false, seed: 1, engine };
    expect(new SampledSteps(model, data, targets, options).trainingLoss(training()).item()).toBeCloseTo(whole, 12);
  });
});

describe("ChunkedLearning", () => {
  it.each(["GAT", "GraphTransformer"] as const)(
    "validates on whole neighborhoods, whatever it trains on: %s",
    (name) => {
      const model = models[name](0.5);
      const options = { fanOut: [1, 1], batchSize: 4, replace: false, seed: 1, engine };
      const steps = new SampledSteps(model, data, targets, options);
      const chunked = new ChunkedLearning(model, data, targets, steps, engine);
      const whole = new NodeLearning(model, data, targets, engine).validate();
      expect(chunked.stepsPerEpoch).toBe(4);
      expect(chunked.validate()?.loss).toBeCloseTo(whole!.loss, 12);
      expect(chunked.validate()?.metric).toBe(whole!.metric);
    },
  );

  it("validates nothing where no node is held out", () => {
    const without = { ...data, validation: new Uint32Array(0) };
    const options = { fanOut: [1, 1], batchSize: 4, replace: false, seed: 1, engine };
    const steps = new SampledSteps(models.GAT(), without, targets, options);
    expect(new ChunkedLearning(models.GAT(), without, targets, steps, engine).validate()).toBeUndefined();
  });
});

describe.each(["samples", "clusters"] as const)("a run on %s that was stopped and resumed", (kind) => {
  /** All that a program makes before it calls `fit`. */
  function run(seed: number) {
    const model = models.GAT(0.3);
    const steps =
      kind === "samples"
        ? new SampledSteps(model, data, targets, { fanOut: [3, 3], batchSize: 6, replace: false, seed, engine })
        : new ClusterSteps(model, data, targets, { clusters: 7, clustersPerBatch: 3, seed, engine });
    const task = new ChunkedLearning(model, data, targets, steps, engine);
    const optimizer = adam(model.parameters(), { learningRate: 0.02 });
    return {
      model,
      fit: (options: Pick<FitOptions, "epochs" | "checkpoint" | "resume">) =>
        fit(model, task, { optimizer, ...options }),
    };
  }

  it("ends with the same bits as one that was not", async () => {
    // Clusters follow from the seed, so that they are the same in both.
    const seed = 3;
    const whole = run(seed);
    const { history } = await whole.fit({ epochs: 5 });
    let kept: Uint8Array | undefined;
    const save = (bytes: Uint8Array): void => {
      kept = bytes;
    };
    await run(seed).fit({ epochs: 2, checkpoint: { every: 2, save } });
    const resumed = run(seed);
    const after = await resumed.fit({ epochs: 5, resume: kept });
    expect(after.history.map(({ loss }) => loss)).toEqual(history.map(({ loss }) => loss));
    expect(resumed.model.parameters().map((each) => each.dataSync())).toEqual(
      whole.model.parameters().map((each) => each.dataSync()),
    );
  });
});
