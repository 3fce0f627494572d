import { type Engine, type Random, type Tensor, type Training, tensor } from "@vicinal/core";
import type { LayeredModel } from "../models/layered-model.ts";
import type { NodeTargets, PreparedNodeData } from "../tasks/node-targets.ts";
import type { TrainingTask, Validation } from "../train/fit.ts";
import { defaultChunks, inChunksAtOnce } from "./chunked-inference.ts";

/** Steps that are trained by, each on a part of the graph. */
export interface PartialSteps extends Pick<TrainingTask, "trainingLoss" | "generators"> {
  readonly stepsPerEpoch: number;
}

/**
 * Learns from parts of a graph, and validates on whole neighborhoods, chunk by chunk: nothing that an engine holds grows with the graph.
 */
export class ChunkedLearning implements TrainingTask {
  readonly stepsPerEpoch: number;
  readonly generators: readonly Random[];
  readonly #model: LayeredModel;
  readonly #data: PreparedNodeData;
  readonly #targets: NodeTargets;
  readonly #steps: PartialSteps;
  readonly #engine: Engine | undefined;

  constructor(
    model: LayeredModel,
    data: PreparedNodeData,
    targets: NodeTargets,
    steps: PartialSteps,
    engine: Engine | undefined,
  ) {
    this.stepsPerEpoch = steps.stepsPerEpoch;
    this.generators = steps.generators ?? [];
    this.#model = model;
    this.#data = data;
    this.#targets = targets;
    this.#steps = steps;
    this.#engine = engine;
  }

  trainingLoss(training: Training): Tensor {
    return this.#steps.trainingLoss(training);
  }

  validate(): Validation | undefined {
    const { neighborhood, features, edgeFeatures, validation } = this.#data;
    if (validation.length === 0) return undefined;
    const engine = this.#engine;
    const { values, columns } = inChunksAtOnce(this.#model.networkLayers(), features, {
      neighborhood,
      edgeFeatures,
      engine,
      ...defaultChunks,
    });
    const rows = new Float64Array(validation.length * columns);
    for (const [row, node] of validation.entries()) {
      rows.set(values.subarray(node * columns, (node + 1) * columns), row * columns);
    }
    const logits = tensor(rows, [validation.length, columns], { engine });
    return { loss: this.#targets.loss(logits, validation).item(), metric: this.#targets.metric(values, validation) };
  }
}
