import type { Validation } from "./training-task.ts";

/** Which epoch's weights are kept: see `FitOptions.select`. */
export type Selection = "metric" | "loss" | "both" | "last";

/** What a judge remembers, in this order, to be kept in an array. */
export const judgeNumbers = ["metric", "loss", "lossOfBestMetric", "lastProgress", "epochsWithoutProgress"] as const;

/** What a judge remembers; infinite where nothing was heard yet. */
export type JudgeState = Readonly<Record<(typeof judgeNumbers)[number], number>>;

/** Decides which epoch was best, and when it is enough. */
export class Judge {
  readonly #select: Selection;
  #state: JudgeState;

  /** @param state What another judge of the same selection remembered. */
  constructor(select: Selection, state: JudgeState = nothingHeard) {
    this.#select = select;
    this.#state = state;
  }

  get state(): JudgeState {
    return this.#state;
  }

  /** Epochs in a row, up to the last one, in which neither the metric nor the loss was as good as the best; 0 where that one was not validated. */
  get epochsWithoutProgress(): number {
    return this.#state.epochsWithoutProgress;
  }

  /** Whether this epoch is the best so far. */
  hear(epoch: number, validation: Validation | undefined): boolean {
    const before = this.#state;
    if (validation === undefined) {
      this.#state = { ...before, epochsWithoutProgress: 0 };
      return true;
    }
    const { metric, loss } = validation;
    const isBest = this.#isBest(metric, loss);
    const lastProgress = metric >= before.metric || loss <= before.loss ? epoch : before.lastProgress;
    this.#state = {
      metric: Math.max(before.metric, metric),
      loss: Math.min(before.loss, loss),
      lossOfBestMetric: isBest ? loss : before.lossOfBestMetric,
      lastProgress,
      epochsWithoutProgress: epoch - lastProgress,
    };
    return isBest;
  }

  #isBest(metric: number, loss: number): boolean {
    const before = this.#state;
    switch (this.#select) {
      case "metric":
        return metric > before.metric || (metric === before.metric && loss < before.lossOfBestMetric);
      case "loss":
        return loss < before.loss;
      case "both":
        return metric >= before.metric && loss <= before.loss;
      case "last":
        return true;
    }
  }
}

const nothingHeard: JudgeState = {
  metric: Number.NEGATIVE_INFINITY,
  loss: Number.POSITIVE_INFINITY,
  lossOfBestMetric: Number.POSITIVE_INFINITY,
  lastProgress: 0,
  epochsWithoutProgress: 0,
};
