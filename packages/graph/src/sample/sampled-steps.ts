import { type Engine, Random, type Tensor, type Training } from "@vicinal/core";
import type { NodeTargets, PreparedNodeData } from "../tasks/node-targets.ts";
import { forwardSample } from "./forward-sample.ts";
import { type NeighborSampler, neighborSampler } from "./neighbor-sampler.ts";
import type { SampledNetwork } from "./network-layers.ts";
import { nodeBatches } from "./node-batches.ts";

/** How samples are drawn. */
export interface SampledStepsOptions {
  /** How many neighbors are drawn for each node, hop by hop; -1 for all. */
  readonly fanOut: readonly number[];
  /** Training nodes of a step. */
  readonly batchSize: number;
  /** Whether one edge may be drawn several times for a node. */
  readonly replace: boolean;
  /** Batches and neighbors follow from it. */
  readonly seed: number;
  readonly engine: Engine | undefined;
}

/** Steps of training on samples: one for each batch of training nodes, in a new order in each epoch. */
export class SampledSteps {
  /** Batches of an epoch. */
  readonly stepsPerEpoch: number;
  /** What neighbors and the order of batches are drawn from. */
  readonly generators: readonly Random[];
  readonly #model: SampledNetwork;
  readonly #data: PreparedNodeData;
  readonly #targets: NodeTargets;
  readonly #options: SampledStepsOptions;
  readonly #sampler: NeighborSampler;
  readonly #order: Random;
  #batches: readonly Uint32Array[] = [];
  #nextOfBatches = 0;

  constructor(model: SampledNetwork, data: PreparedNodeData, targets: NodeTargets, options: SampledStepsOptions) {
    const { fanOut, batchSize, replace, seed } = options;
    const random = new Random(seed);
    const neighbors = random.fork();
    this.#sampler = neighborSampler(data.neighborhood, { fanOut, replace, random: neighbors });
    this.#order = random.fork();
    this.generators = [neighbors, this.#order];
    this.stepsPerEpoch = Math.ceil(data.train.length / batchSize);
    this.#model = model;
    this.#data = data;
    this.#targets = targets;
    this.#options = options;
  }

  /** The loss of the next batch. */
  trainingLoss(training: Training): Tensor {
    const batch = this.#nextBatch();
    return this.#targets.loss(this.#forward(batch, undefined, training), batch);
  }

  /** The logits of some nodes, `[nodes, outputs]`, from neighbors that are drawn from `random`. */
  logits(nodes: Uint32Array, random: Random): Tensor {
    return this.#forward(nodes, random, undefined);
  }

  #forward(nodes: Uint32Array, random: Random | undefined, training: Training | undefined): Tensor {
    const { features, edgeFeatures } = this.#data;
    const sample = this.#sampler.sample(nodes, random);
    return forwardSample(this.#model, sample, { features, edgeFeatures, training, engine: this.#options.engine });
  }

  #nextBatch(): Uint32Array {
    if (this.#nextOfBatches === this.#batches.length) {
      this.#batches = nodeBatches(this.#data.train, { size: this.#options.batchSize, random: this.#order });
      this.#nextOfBatches = 0;
    }
    return this.#batches[this.#nextOfBatches++]!;
  }
}
