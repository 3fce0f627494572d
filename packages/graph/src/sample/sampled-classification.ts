import {
  checkOptionNames,
  type Engine,
  type FeatureMatrix,
  Random,
  scope,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { checkClassificationData } from "../tasks/check-classification-data.ts";
import { classTargets } from "../tasks/class-targets.ts";
import type { NodeClassificationData } from "../tasks/node-classification.ts";
import type { NodeMetric, NodeTargets } from "../tasks/node-targets.ts";
import type { TrainingTask, Validation } from "../train/fit.ts";
import { checkCount } from "./check-sampling.ts";
import type { SampledNetwork } from "./network-layers.ts";
import { nodeBatches } from "./node-batches.ts";
import { SampledSteps } from "./sampled-steps.ts";

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
  /** What neighbors and the order of batches are drawn from. */
  readonly generators: readonly Random[];
  readonly #data: NodeClassificationData;
  readonly #targets: NodeTargets;
  readonly #steps: SampledSteps;
  readonly #batchSize: number;
  readonly #seed: number;
  /** `[nodes, classes]`; only the rows of validation nodes are written. */
  readonly #logits: Float64Array;

  constructor(
    model: SampledNetwork,
    data: NodeClassificationData & { readonly features: FeatureMatrix },
    metric: NodeMetric,
    options: SampledClassificationOptions,
  ) {
    checkOptionNames("SampledNodeClassification", options, ["fanOut", "batchSize", "replace", "seed", "engine"]);
    const { fanOut, batchSize = 1024, replace = false, seed = 0, engine } = options;
    checkCount("SampledNodeClassification", "batchSize", batchSize);
    checkClassificationData("SampledNodeClassification", data);
    this.#data = data;
    this.#targets = classTargets(data.labels, data.classes, metric);
    this.#steps = new SampledSteps(model, data, this.#targets, { fanOut, batchSize, replace, seed, engine });
    this.stepsPerEpoch = this.#steps.stepsPerEpoch;
    this.generators = this.#steps.generators;
    this.#batchSize = batchSize;
    this.#seed = seed;
    this.#logits = new Float64Array(data.validation.length > 0 ? data.labels.length * data.classes : 0);
  }

  /** The loss of the next batch, one number. */
  trainingLoss(training: Training): Tensor {
    return this.#steps.trainingLoss(training);
  }

  validate(): Validation | undefined {
    const { validation, classes } = this.#data;
    if (validation.length === 0) return undefined;
    const random = new Random(this.#seed);
    let total = 0;
    for (const batch of nodeBatches(validation, { size: this.#batchSize })) {
      const [loss, logits] = scope(() => {
        const outputs = this.#steps.logits(batch, random);
        return [this.#targets.loss(outputs, batch).item(), outputs.dataSync()] as const;
      });
      total += loss * batch.length;
      for (const [row, node] of batch.entries()) {
        this.#logits.set(logits.subarray(row * classes, (row + 1) * classes), node * classes);
      }
    }
    return { loss: total / validation.length, metric: this.#targets.metric(this.#logits, validation) };
  }
}
