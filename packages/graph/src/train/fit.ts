import {
  backward,
  checkOptionNames,
  type Module,
  type Optimizer,
  OptionError,
  Random,
  scope,
  type Tensor,
  type Training,
  withoutGradient,
} from "@vicinal/core";
import { namedState } from "../nn/named-state.ts";
import { TrainingError } from "./errors.ts";
import type { EpochRecord, Progress } from "./history.ts";
import { Turn } from "./turn.ts";

/** What is learned: how to compute the loss, and how to tell whether it helped. */
export interface TrainingTask {
  /** Steps of an epoch, each with a loss of its own, such as one for each batch. Default 1. */
  readonly stepsPerEpoch?: number;
  /** The loss of one step, one number. Called in a scope; what it makes is freed. */
  trainingLoss(training: Training): Tensor;
  /** How well the model does on data that it is not trained on; undefined when there is none. Called in a scope, without gradients. */
  validate(): Validation | undefined;
}

/** How a model does on held-out data. */
export interface Validation {
  /** The smaller the better. */
  readonly loss: number;
  /** The larger the better. */
  readonly metric: number;
}

/** Options of {@link fit}. */
export interface FitOptions {
  /** Moves the parameters of the model. Its learning rate is that of `schedule`, if there is one. */
  readonly optimizer: Optimizer;
  /** The most epochs. Default 1000. */
  readonly epochs?: number;
  /** Epochs in a row in which neither the validation metric nor the validation loss improved, after which training stops. Default 100. */
  readonly patience?: number;
  /**
   * Which epoch's weights are kept: the one with the best validation `"metric"`, the lower loss deciding between equals; the one with the
   * lowest validation `"loss"`; or, as the authors of GAT do, the last one that was at least as good as all before in `"both"`. Default `"both"`.
   * Without validation data the last epoch's.
   */
  readonly select?: Selection;
  /** Dropout draws from it. Default seed 0. */
  readonly random?: Random;
  /** Sets the learning rate before each epoch, counted from 1. Default: it stays as it is. */
  readonly schedule?: (epoch: number) => number;
  /** Called after each epoch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborts training: the call rejects with the signal's reason, and the model keeps the weights of that moment. */
  readonly signal?: AbortSignal | undefined;
}

/** See {@link FitOptions.select}. */
export type Selection = "metric" | "loss" | "both";

const optionNames = [
  "optimizer",
  "epochs",
  "patience",
  "select",
  "random",
  "schedule",
  "onProgress",
  "signal",
] as const satisfies readonly (keyof FitOptions)[];

/** What {@link fit} did. */
export interface FitResult {
  /** One record an epoch. */
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights the model has now. */
  readonly bestEpoch: number;
}

/**
 * Trains a model in place: one step an epoch, or as many as the task says, early stopping, and the best weights at the end.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; TrainingError `loss-not-finite` when the loss is no number any more; the signal's reason.
 */
export async function fit(model: Module, task: TrainingTask, options: FitOptions): Promise<FitResult> {
  checkOptionNames("fit", options, optionNames);
  const { optimizer, epochs = 1000, patience = 100, select = "both", schedule, onProgress, signal } = options;
  for (const [name, count] of Object.entries({ epochs, patience })) {
    if (count >= 1) continue;
    throw new OptionError("out-of-range", `fit: got ${name} ${count}; expected a number from 1.`);
  }
  if (!["metric", "loss", "both"].includes(select)) {
    throw new OptionError(
      "out-of-range",
      `fit: got select ${JSON.stringify(select)}; expected "metric", "loss" or "both".`,
    );
  }
  const training: Training = { random: options.random ?? new Random(0) };
  // Not the parameters alone: running statistics belong to the weights that they were gathered with.
  const state = [...new Set(namedState(model).values())];
  const history: EpochRecord[] = [];
  const judge = new Judge(select);
  let best = { epoch: 0, weights: new Map<Tensor, ArrayLike<number>>() };
  const begin = performance.now();
  const turn = new Turn();

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = performance.now();
    if (schedule !== undefined) optimizer.learningRate = schedule(epoch);
    const loss = await meanLoss(task, training, optimizer, turn, signal);
    if (!Number.isFinite(loss)) {
      throw new TrainingError(
        "loss-not-finite",
        `fit: the loss of epoch ${epoch} is ${loss}; expected a finite number. Lower the learning rate (now ${optimizer.learningRate}) or scale the features.`,
      );
    }
    const validation = withoutGradient(() => scope(() => task.validate()));
    const verdict = judge.hear(epoch, validation);
    if (validation === undefined) best = { epoch, weights: new Map() };
    else if (verdict.isBest) best = { epoch, weights: await valuesOf(state) };
    const record: EpochRecord = {
      epoch,
      loss,
      validationLoss: validation?.loss,
      validationMetric: validation?.metric,
      milliseconds: performance.now() - start,
    };
    history.push(record);
    onProgress?.({
      ...record,
      stage: "training",
      epochs,
      bestEpoch: best.epoch,
      elapsedMilliseconds: performance.now() - begin,
    });
    if (verdict.epochsWithoutProgress >= patience) break;
    await turn.end();
  }
  signal?.throwIfAborted();
  for (const [parameter, values] of best.weights) parameter.set(values);
  return { history, bestEpoch: best.epoch };
}

/** Makes the steps of an epoch. Others get their turn between steps as between epochs. */
async function meanLoss(
  task: TrainingTask,
  training: Training,
  optimizer: Optimizer,
  turn: Turn,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { stepsPerEpoch: steps = 1 } = task;
  let total = 0;
  for (let k = 0; k < steps; k++) {
    if (k > 0) await turn.end();
    signal?.throwIfAborted();
    total += step(task, training, optimizer);
  }
  return total / steps;
}

function step(task: TrainingTask, training: Training, optimizer: Optimizer): number {
  return scope(() => {
    optimizer.zeroGradients();
    const loss = task.trainingLoss(training);
    backward(loss);
    optimizer.step();
    return loss.item();
  });
}

async function valuesOf(tensors: readonly Tensor[]): Promise<Map<Tensor, ArrayLike<number>>> {
  const values = new Map<Tensor, ArrayLike<number>>();
  for (const tensor of tensors) values.set(tensor, await tensor.data());
  return values;
}

/** Decides which epoch was best, and when it is enough. */
class Judge {
  readonly #select: Selection;
  #metric = Number.NEGATIVE_INFINITY;
  #loss = Number.POSITIVE_INFINITY;
  #lossOfBestMetric = Number.POSITIVE_INFINITY;
  #lastProgress = 0;

  constructor(select: Selection) {
    this.#select = select;
  }

  hear(epoch: number, validation: Validation | undefined): { isBest: boolean; epochsWithoutProgress: number } {
    if (validation === undefined) return { isBest: true, epochsWithoutProgress: 0 };
    const { metric, loss } = validation;
    const isBest = this.#isBest(metric, loss);
    if (metric >= this.#metric || loss <= this.#loss) this.#lastProgress = epoch;
    if (isBest) this.#lossOfBestMetric = loss;
    this.#metric = Math.max(this.#metric, metric);
    this.#loss = Math.min(this.#loss, loss);
    return { isBest, epochsWithoutProgress: epoch - this.#lastProgress };
  }

  #isBest(metric: number, loss: number): boolean {
    switch (this.#select) {
      case "metric":
        return metric > this.#metric || (metric === this.#metric && loss < this.#lossOfBestMetric);
      case "loss":
        return loss < this.#loss;
      case "both":
        return metric >= this.#metric && loss <= this.#loss;
    }
  }
}
