/** What one pass over the training nodes gave. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** The training loss of this epoch, with dropout. */
  readonly loss: number;
  /** Without dropout, on the validation nodes; undefined when there are none. */
  readonly validationLoss: number | undefined;
  /** The chosen metric on the validation nodes, from 0 to 1; undefined when there are none. */
  readonly validationMetric: number | undefined;
  /** Time of this epoch. */
  readonly milliseconds: number;
}

/** What a progress callback gets after each epoch. */
export interface Progress extends EpochRecord {
  /** `"trial"` in a short run that decides an option, else `"training"`. */
  readonly stage: "trial" | "training";
  /** The largest number of epochs that may run; early stopping may end sooner. */
  readonly epochs: number;
  /** The epoch whose weights are the best so far. */
  readonly bestEpoch: number;
  /** Time since training began. */
  readonly elapsedMilliseconds: number;
}
