import {
  type Engine,
  OptionError,
  ShapeError,
  scope,
  type Tensor,
  type Training,
  tensor,
  withoutGradient,
} from "@vicinal/core";
import { graphBatches } from "../../batch/batch-graphs.ts";
import type { GraphBatch } from "../../batch/graph-batch.ts";
import type { GraphCollection } from "../../batch/graph-collection.ts";
import type { GraphModel } from "../../models/graph-model.ts";
import type { TrainingTask, Validation } from "../../train/fit.ts";
import { graphInputs } from "./graph-inputs.ts";

/** Graphs with what is known of them, as typed arrays: what a {@link GraphTask} trains on. */
export interface GraphLearningData {
  /** The graphs. */
  readonly collection: GraphCollection;
  /** `[graphs * targets]`, row after row: what is known of each graph; NaN where it is unknown. */
  readonly targets: ArrayLike<number>;
  /** Graphs that are trained on, any count of them. */
  readonly train: Uint32Array;
  /** Graphs that decide when to stop, and which epoch was best, any count of them. */
  readonly validation: Uint32Array;
}

/** Options of every {@link GraphTask}. */
export interface GraphTaskOptions {
  /** Count of graphs in a step. The steps of an epoch take nearly equally many. Default 64. */
  readonly batchSize?: number;
  /** Where batches are computed: the engine of the model. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
}

/** Names of {@link GraphTaskOptions}. */
export const graphTaskOptionNames = ["batchSize", "engine"] as const satisfies readonly (keyof GraphTaskOptions)[];

/**
 * Learns what is known of graphs, batch by batch, in an order that is drawn anew in each epoch. What is unknown of a graph counts neither in the loss nor in
 * the metric, and its gradient is exactly 0; graphs of which nothing is known are left out.
 */
export abstract class GraphTask implements TrainingTask {
  /** Batches of an epoch. */
  readonly stepsPerEpoch: number;
  readonly #model: GraphModel;
  readonly #collection: GraphCollection;
  readonly #train: Uint32Array;
  readonly #validation: Uint32Array;
  readonly #engine: Engine | undefined;
  /** The training graphs in the order of this epoch. */
  readonly #order: Uint32Array;
  /** Steps made in this epoch. */
  #step = 0;
  /** Without gradients to keep, batches can be larger. */
  readonly #validationSize: number;
  /** Made once, because they are the same in each epoch. */
  #validationBatches: readonly GraphBatch[] | undefined;

  /**
   * @param width Count of numbers that the model is to give for a graph.
   * @throws OptionError `out-of-range` for a batch size that is no whole number above 0; ShapeError `shapes-differ` for a model of another width, or targets
   * that are not whole rows.
   */
  constructor(
    where: string,
    model: GraphModel,
    { collection, targets, train, validation }: GraphLearningData,
    { batchSize = 64, engine }: GraphTaskOptions,
    width: number,
  ) {
    if (!(Number.isSafeInteger(batchSize) && batchSize > 0)) {
      throw new OptionError(
        "out-of-range",
        `${where}: got the batch size ${batchSize}; expected a whole number above 0.`,
      );
    }
    if (model.outputs !== width) {
      throw new ShapeError(
        "shapes-differ",
        `${where}: got a model of ${model.outputs} outputs; expected ${width}, one for each target or class.`,
      );
    }
    const perGraph = targets.length / collection.size;
    if (!(Number.isInteger(perGraph) && perGraph > 0)) {
      throw new ShapeError(
        "shapes-differ",
        `${where}: got ${targets.length} targets for ${collection.size} graphs; expected equally many for each, NaN where unknown.`,
      );
    }
    collection.checkMembers(where, train);
    collection.checkMembers(where, validation);
    const isKnown = (graph: number): boolean => {
      for (let k = graph * perGraph; k < (graph + 1) * perGraph; k++) if (!Number.isNaN(targets[k])) return true;
      return false;
    };
    this.#model = model;
    this.#collection = collection;
    this.#train = train.filter(isKnown);
    this.#validation = validation.filter(isKnown);
    this.#engine = engine;
    this.#order = this.#train.slice();
    this.#validationSize = Math.max(batchSize, 128);
    this.stepsPerEpoch = Math.max(1, Math.ceil(this.#train.length / batchSize));
  }

  trainingLoss(training: Training): Tensor {
    const batch = this.#next(training);
    const output = this.#model.forward(graphInputs(batch, this.#engine), { training });
    return this.loss(output, batch.members);
  }

  validate(): Validation | undefined {
    const members = this.#validation;
    if (members.length === 0) return undefined;
    this.#validationBatches ??= [...graphBatches(this.#collection, { size: this.#validationSize, members })];
    const outputs = outputsOf(this.#model, this.#validationBatches, this.#engine);
    const all = tensor(outputs, [members.length, this.#model.outputs], { engine: this.#engine });
    return { loss: this.loss(all, members).item(), metric: this.metric(outputs, members) };
  }

  /**
   * The mean over what is known, one number.
   *
   * @param output `[members, width]`.
   */
  protected abstract loss(output: Tensor, members: Uint32Array): Tensor;

  /**
   * The larger the better.
   *
   * @param outputs `[members * width]`.
   */
  protected abstract metric(outputs: Float64Array, members: Uint32Array): number;

  /** The next of nearly equal parts of the epoch's order. */
  #next({ random }: Training): GraphBatch {
    const { stepsPerEpoch: steps } = this;
    if (this.#step === 0) {
      this.#order.set(this.#train);
      random.shuffle(this.#order);
    }
    const cut = (step: number): number => Math.floor((step * this.#order.length) / steps);
    const members = this.#order.subarray(cut(this.#step), cut(this.#step + 1));
    this.#step = (this.#step + 1) % steps;
    return this.#collection.batch(members);
  }
}

/** What a model puts out for batches, one after the other, without gradients: `[graphs * outputs]`. */
function outputsOf(model: GraphModel, batches: readonly GraphBatch[], engine: Engine | undefined): Float64Array {
  const graphs = batches.reduce((total, batch) => total + batch.graphs, 0);
  const outputs = new Float64Array(graphs * model.outputs);
  let at = 0;
  for (const batch of batches) {
    const part = withoutGradient(() => scope(() => model.forward(graphInputs(batch, engine)).dataSync()));
    outputs.set(part, at);
    at += part.length;
  }
  return outputs;
}

/** The rows of some members: `[members * width]` out of `[graphs * width]`. */
export function rowsOfMembers(values: ArrayLike<number>, width: number, members: Uint32Array): Float64Array {
  const rows = new Float64Array(members.length * width);
  for (let k = 0; k < members.length; k++) {
    for (let c = 0; c < width; c++) rows[k * width + c] = values[members[k]! * width + c]!;
  }
  return rows;
}
