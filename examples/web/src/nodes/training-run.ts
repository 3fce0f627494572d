import { adam, type Random } from "@vicinal/core";
import { fit, type Progress } from "@vicinal/graph";
import { Gate } from "./gate.ts";
import type { ReadLabels } from "./labels.ts";
import { WatchedLearning } from "./learning.ts";
import type { AnsweringNetwork } from "./network.ts";
import type { EpochPoint, Predictions, TrainingChoices, TrainingResult } from "./protocol.ts";

/** Told of what a run does. */
export interface RunListener {
  onProgress(points: readonly EpochPoint[], predictions: Predictions | undefined): void;
  onPaused(epoch: number): void;
}

/** How often a run tells of itself, in milliseconds: curves, and answers for every node. */
const toldEvery = { points: 60, predictions: 250 };

/** One training of a network, which can be held and ended. */
export class TrainingRun {
  readonly #network: AnsweringNetwork;
  readonly #labels: ReadLabels;
  readonly #choices: TrainingChoices;
  readonly #listener: RunListener;
  readonly #gate = new Gate();
  readonly #abort = new AbortController();
  readonly #untold: EpochPoint[] = [];
  #told = { points: 0, predictions: 0 };

  constructor(network: AnsweringNetwork, labels: ReadLabels, choices: TrainingChoices, listener: RunListener) {
    this.#network = network;
    this.#labels = labels;
    this.#choices = choices;
    this.#listener = listener;
  }

  pause(): void {
    this.#gate.close();
  }

  resume(): void {
    this.#gate.open();
  }

  /** Ends the run after the step that it is in: the network keeps the weights that it has then. */
  stop(): void {
    this.#abort.abort(stopped);
    this.#gate.open();
  }

  /**
   * Trains to the end, or until it is stopped.
   *
   * @param random What the network was made with: dropout draws on from it.
   * @throws TrainingError `loss-not-finite`.
   */
  async train(random: Random): Promise<TrainingResult> {
    const { epochs } = this.#choices;
    const { model, inputs } = this.#network;
    const task = new WatchedLearning(model, inputs, this.#labels);
    const begin = performance.now();
    let last = 0;
    const onProgress = async ({ epoch, loss }: Progress): Promise<void> => {
      last = epoch;
      this.#untold.push(task.point(epoch, loss));
      this.#tell(task, epoch === epochs);
      await this.#held(task, epoch);
    };
    let bestEpoch: number | undefined;
    try {
      const result = await fit(model, task, {
        optimizer: adam(model.parameters(), { learningRate: 0.01, weightDecay: 5e-4 }),
        epochs,
        random,
        onProgress,
        signal: this.#abort.signal,
      });
      bestEpoch = result.bestEpoch;
    } catch (error) {
      if (error !== stopped) throw error;
    }
    this.#tell(task, true);
    const milliseconds = performance.now() - begin;
    // The weights of the best epoch are not those of the last one, so what they answer is measured anew.
    task.validate();
    return {
      wasStopped: bestEpoch === undefined,
      epochs: last,
      bestEpoch: bestEpoch ?? last,
      milliseconds,
      accuracy: {
        train: task.accuracyOf("train"),
        validation: task.accuracyOf("validation"),
        test: task.accuracyOf("test"),
      },
    };
  }

  async #held(task: WatchedLearning, epoch: number): Promise<void> {
    if (!this.#gate.isClosed) return;
    this.#tell(task, true);
    this.#listener.onPaused(epoch);
    await this.#gate.passed();
  }

  #tell(task: WatchedLearning, isLast: boolean): void {
    const now = performance.now();
    const arePredictionsDue = isLast || now - this.#told.predictions >= toldEvery.predictions;
    if (!isLast && !arePredictionsDue && now - this.#told.points < toldEvery.points) return;
    if (this.#untold.length === 0) return;
    this.#listener.onProgress(this.#untold.splice(0), arePredictionsDue ? task.predictions() : undefined);
    this.#told = { points: now, predictions: arePredictionsDue ? now : this.#told.predictions };
  }
}

const stopped = new Error("Training was stopped.");
