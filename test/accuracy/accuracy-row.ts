import type { PublishedResult } from "@vicinal/datasets";
import type { Choice } from "@vicinal/graph";

/** One row of the table. Figures are in percent, errors in the unit of the target. */
export interface AccuracyRow {
  readonly dataset: string;
  readonly metric: "accuracy" | "roc-auc" | "rmse";
  readonly protocol: string;
  readonly seeds: number;
  readonly splits: number;
  /** Over all runs, on the test nodes. */
  readonly mean: number;
  /** Population standard deviation over all runs. */
  readonly std: number;
  /** One figure a run: splits one after the other, seeds within a split. */
  readonly runs: readonly number[];
  /** Mean count of epochs. */
  readonly epochs: number;
  /** Mean time of an epoch: training step and validation. */
  readonly millisecondsPerEpoch: number;
  readonly secondsPerRun: number;
  readonly published: readonly PublishedResult[];
  readonly choices: readonly Choice[];
}
