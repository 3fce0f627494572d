import type { Random, Tensor, Training } from "@vicinal/core";

/** What is learned: how to compute the loss, and how to tell whether it helped. */
export interface TrainingTask {
  /** Steps of an epoch, each with a loss of its own, such as one for each batch. Default 1. */
  readonly stepsPerEpoch?: number;
  /**
   * What the task draws from beside `training.random`, such as the order of batches. Checkpoints keep where they are, and training that is resumed
   * goes on from there. Nothing else that a task remembers from epoch to epoch is kept: for the same bits an epoch's order must be drawn in its
   * first step, not ahead, and not from the order of the epoch before. Default: none.
   */
  readonly generators?: readonly Random[];
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
