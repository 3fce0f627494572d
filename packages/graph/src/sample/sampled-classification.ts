import {
  checkOptionNames,
  crossEntropy,
  type Engine,
  type FeatureMatrix,
  Random,
  scope,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { checkClassificationData } from "../tasks/check-classification-data.ts";
import type { NodeClassificationData, NodeMetric } from "../tasks/node-classification.ts";
import type { TrainingTask, Validation } from "../train/fit.ts";
import { checkCount } from "./check-sampling.ts";
import { forwardSample } from "./forward-sample.ts";
import type { NeighborSample } from "./neighbor-sample.ts";
import { type NeighborSampler, neighborSampler } from "./neighbor-sampler.ts";
import type { SampledNetwork } from "./network-layers.ts";
import { nodeBatches } from "./node-batches.ts";

/** Options of {@link SampledNodeClassification}. */
export interface SampledClassificationOptions {
  /** How many neighbors are drawn for each node, hop by hop, from the seeds outwards; -1 for all. One number for each layer. */
  readonly fanOut: readonly number[];
  /** Training nodes of a step. Default 1024. */
  readonly batchSize?: number;
  /** Whether one edge may be drawn several times for a node. Default false. */
  readonly replace?: boolean;
  /** Batches and neighbors follow from it. Default 0. */
  readonly seed?: number;
  /** Where rows of features are put. Default: the engine of the model's parameters. */
  readonly engine?: Engine | undefined;
}

/**
 * Learns the classes of nodes by cross-entropy on samples: a step of `fit` for each batch of training nodes, in a new order in each
 * epoch, at a cost that does not depend on the size of the graph. Features stay on the host; rows of them are read as they are needed.
 *
 * Validation nodes are measured on samples too, of the same fan-out and the same ones in each epoch. The final answer for all nodes is that of
 * `inferInChunks`.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; DataError for data that cannot be learned from (`empty-graph`, `no-labels`,
 * `one-class`, `wrong-length`, `index-out-of-range`, `not-finite`).
 */
export class SampledNodeClassification implements TrainingTask {
  /** Batches of an epoch. */
  readonly stepsPerEpoch: number;
  readonly #model: SampledNetwork;
  readonly #data: NodeClassificationData & { readonly features: FeatureMatrix };
  readonly #metric: NodeMetric;
  readonly #options: SampledClassificationOptions;
  readonly #batchSize: number;
  readonly #sampler: NeighborSampler;
  readonly #order: Random;
  /** `[nodes, classes]`; only the rows of validation nodes are written. */
  readonly #logits: Float64Array;
  #batches: readonly Uint32Array[] = [];
  #nextOfBatches = 0;

  constructor(
    model: SampledNetwork,
    data: NodeClassificationData & { readonly features: FeatureMatrix },
    metric: NodeMetric,
    options: SampledClassificationOptions,
  ) {
    checkOptionNames("SampledNodeClassification", options, ["fanOut", "batchSize", "replace", "seed", "engine"]);
    const { fanOut, batchSize = 1024, replace = false, seed = 0 } = options;
    checkCount("SampledNodeClassification", "batchSize", batchSize);
    checkClassificationData(data);
    const random = new Random(seed);
    this.#sampler = neighborSampler(data.neighborhood, { fanOut, replace, random: random.fork() });
    this.#order = random.fork();
    this.stepsPerEpoch = Math.ceil(data.train.length / batchSize);
    this.#model = model;
    this.#data = data;
    this.#metric = metric;
    this.#options = options;
    this.#batchSize = batchSize;
    this.#logits = new Float64Array(data.validation.length > 0 ? data.labels.length * data.classes : 0);
  }

  /** The loss of the next batch. */
  trainingLoss(training: Training): Tensor {
    const batch = this.#nextBatch();
    return crossEntropy(this.#forward(this.#sampler.sample(batch), training), this.#labelsOf(batch));
  }

  validate(): Validation | undefined {
    const { validation, classes } = this.#data;
    if (validation.length === 0) return undefined;
    const random = new Random(this.#options.seed ?? 0);
    let total = 0;
    for (const batch of nodeBatches(validation, { size: this.#batchSize })) {
      const [loss, logits] = scope(() => {
        const outputs = this.#forward(this.#sampler.sample(batch, random));
        return [crossEntropy(outputs, this.#labelsOf(batch)).item(), outputs.dataSync()] as const;
      });
      total += loss * batch.length;
      for (const [row, node] of batch.entries()) {
        this.#logits.set(logits.subarray(row * classes, (row + 1) * classes), node * classes);
      }
    }
    return { loss: total / validation.length, metric: this.#metric(this.#logits, validation) };
  }

  #forward(sample: NeighborSample, training?: Training): Tensor {
    const { features, edgeFeatures } = this.#data;
    return forwardSample(this.#model, sample, { features, edgeFeatures, training, engine: this.#options.engine });
  }

  #labelsOf(nodes: Uint32Array): Int32Array {
    return Int32Array.from(nodes, (node) => this.#data.labels[node]!);
  }

  #nextBatch(): Uint32Array {
    if (this.#nextOfBatches === this.#batches.length) {
      this.#batches = nodeBatches(this.#data.train, { size: this.#batchSize, random: this.#order });
      this.#nextOfBatches = 0;
    }
    return this.#batches[this.#nextOfBatches++]!;
  }
}
