import type { Choice } from "@vicinal/graph";
import type { AccuracyRow } from "./accuracy-row.ts";

/** One run of a measurement. */
export interface Run {
  /** In percent. */
  readonly figure: number;
  readonly epochs: number;
  readonly milliseconds: number;
  readonly choices: readonly Choice[];
}

/** The figures of a row that follow from its runs; the choices are those of the first. */
export function summarizeRuns(
  runs: readonly Run[],
): Pick<AccuracyRow, "mean" | "std" | "runs" | "epochs" | "millisecondsPerEpoch" | "secondsPerRun" | "choices"> {
  const figures = runs.map(({ figure }) => figure);
  const mean = average(figures);
  const epochs = average(runs.map((run) => run.epochs));
  const milliseconds = average(runs.map((run) => run.milliseconds));
  return {
    mean,
    std: Math.sqrt(average(figures.map((figure) => (figure - mean) ** 2))),
    runs: figures,
    epochs,
    millisecondsPerEpoch: milliseconds / epochs,
    secondsPerRun: milliseconds / 1000,
    choices: runs[0]?.choices ?? [],
  };
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0) / numbers.length;
}
