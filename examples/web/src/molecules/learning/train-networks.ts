import { adam, cosineSchedule, type Optimizer, Random } from "@vicinal/core";
import {
  type FitResult,
  fit,
  type GraphModel,
  GraphMultiTask,
  GraphPredictor,
  GraphRegression,
  type GraphTask,
  type GraphWidths,
  type Standardization,
} from "@vicinal/graph";
import type { TrainingProgress, TrainingSettings } from "../protocol.ts";
import { makeNetwork } from "./network.ts";
import type { TrainingControl } from "./training-control.ts";
import type { TrainingData } from "./training-data.ts";

/** What is told of a training that goes on. */
export interface TrainingListener {
  /** The networks are made, and are these, whatever their weights are by now. */
  begun(predictor: GraphPredictor): void;
  epoch(progress: TrainingProgress): void;
  /** Training waits, until the control lets it go on. */
  paused(): void;
}

/** Networks that were trained. */
export interface TrainedNetworks {
  /** With the weights of the best epoch of each. */
  readonly predictor: GraphPredictor;
  /** Epochs that were finished. */
  readonly epochs: number;
  readonly seconds: number;
}

/** Steps that an epoch is to have at least: small tables are learned in small batches. */
const fewestSteps = 8;
const largestBatch = 32;
const learningRate = 4e-3;

/**
 * Trains networks side by side, epoch by epoch, so that whenever it is stopped all of them have learned equally long. Each epoch is a `fit` that goes
 * on from the checkpoint of the one before: between two of them training can wait, or end with the best weights so far.
 *
 * @returns Undefined if it was stopped before the first epoch was over.
 */
export async function trainNetworks(
  data: TrainingData,
  { network, hidden, networks, epochs, seed }: TrainingSettings,
  control: TrainingControl,
  listener: TrainingListener,
): Promise<TrainedNetworks | undefined> {
  const { collection, targets, split, facts } = data;
  const widths: GraphWidths = { inputs: collection.featureWidth ?? 0, edgeDim: collection.edgeFeatureWidth };
  const batchSize = Math.max(1, Math.min(largestBatch, Math.ceil(split.train.length / fewestSteps)));
  const learning = { collection, targets, train: split.train, validation: split.validation };
  const cosine = cosineSchedule({ learningRate, steps: epochs });
  const members = Array.from({ length: networks }, (_, member) => {
    const random = new Random(seed + member);
    const model = makeNetwork({ network, hidden, ...widths, outputs: 1, random });
    const task =
      facts.task === "regression"
        ? new GraphRegression(model, learning, { batchSize })
        : new GraphMultiTask(model, learning, { batchSize, metric: "roc-auc" });
    const optimizer = adam(model.parameters(), { learningRate, weightDecay: 1e-5 });
    return new Member(model, task, optimizer, random, (epoch) => cosine(epoch - 1));
  });
  const standardization = members.map(({ task }) =>
    task instanceof GraphRegression ? task.standardization : undefined,
  )[0];
  const predictor = new GraphPredictor({
    task: facts.task,
    models: members.map(({ model }) => model),
    widths,
    standardization,
  });
  listener.begun(predictor);

  let [finished, seconds] = [0, 0];
  while (finished < epochs && !control.signal.aborted) {
    if (control.isPaused) {
      listener.paused();
      await control.passed();
      continue;
    }
    const began = performance.now();
    try {
      for (const member of members) await member.learn(finished + 1, control.signal);
    } catch (error) {
      if (!control.signal.aborted) throw error;
      break;
    }
    finished++;
    seconds += (performance.now() - began) / 1000;
    listener.epoch({ epoch: finished, epochs, seconds, ...progressOf(members, standardization) });
  }
  if (finished === 0) return undefined;
  for (const member of members) await member.takeBest(finished);
  return { predictor, epochs: finished, seconds };
}

/** One network with all that its training goes on from. */
class Member {
  readonly model: GraphModel;
  readonly task: GraphTask;
  /** Of the last epoch that was finished. */
  result: FitResult | undefined;
  readonly #optimizer: Optimizer;
  readonly #random: Random;
  readonly #schedule: (epoch: number) => number;
  #checkpoint: Uint8Array | undefined;

  constructor(
    model: GraphModel,
    task: GraphTask,
    optimizer: Optimizer,
    random: Random,
    schedule: (epoch: number) => number,
  ) {
    this.model = model;
    this.task = task;
    this.#optimizer = optimizer;
    this.#random = random;
    this.#schedule = schedule;
  }

  /** One epoch more: the one of this number. */
  async learn(epoch: number, signal: AbortSignal): Promise<void> {
    this.result = await this.#fit(epoch, signal);
  }

  /** The weights of the best of the epochs that all networks finished. */
  async takeBest(epochs: number): Promise<void> {
    await this.#fit(epochs, undefined);
  }

  #fit(epochs: number, signal: AbortSignal | undefined): Promise<FitResult> {
    return fit(this.model, this.task, {
      optimizer: this.#optimizer,
      random: this.#random,
      schedule: this.#schedule,
      select: "loss",
      patience: Number.POSITIVE_INFINITY,
      epochs,
      resume: this.#checkpoint,
      signal,
      checkpoint: {
        every: epochs,
        save: (bytes) => {
          this.#checkpoint = bytes;
        },
      },
    });
  }
}

function progressOf(
  members: readonly Member[],
  standardization: Standardization | undefined,
): Pick<TrainingProgress, "loss" | "validationLoss" | "validationScore"> {
  const records = members.flatMap(({ result }) => result?.history.slice(-1) ?? []);
  const deviation = standardization?.deviation[0];
  return {
    loss: mean(records.map(({ loss }) => loss)) ?? Number.NaN,
    validationLoss: mean(records.map(({ validationLoss }) => validationLoss)),
    validationScore: mean(
      records.map(({ validationLoss, validationMetric }) =>
        deviation === undefined
          ? validationMetric
          : validationLoss === undefined
            ? undefined
            : Math.sqrt(validationLoss) * deviation,
      ),
    ),
  };
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0) / known.length;
}
