import type { EpochRecord, Progress } from "../train/history.ts";
import type { NodeNetworkOptions } from "./node-classifier-options.ts";
import type { Choice } from "./node-labeling.ts";
import { alternatives, type Recipe, type SettledOptions, trial } from "./recipe.ts";

/** What was decided, and why. */
export interface Decision {
  readonly settled: SettledOptions;
  readonly choices: readonly Choice[];
}

/**
 * Runs each alternative for a few epochs. The first is kept unless another is better on the validation nodes by more than a standard
 * error: the alternatives differ by less than chance on many graphs, and there the first is the published recipe.
 *
 * @param run Trains one network from its first weights on.
 */
export async function decideByTrial(
  { options, choices }: Recipe,
  validationNodes: number,
  given: NodeNetworkOptions,
  run: (settled: SettledOptions, given: NodeNetworkOptions) => Promise<{ readonly history: readonly EpochRecord[] }>,
): Promise<Decision> {
  const { onProgress } = given;
  const asTrial = {
    ...given,
    onProgress: (progress: Progress) => onProgress?.({ ...progress, stage: "trial" as const }),
  };
  const epochs = Math.min(trial.epochs, options.epochs);
  const outcomes: { alternative: (typeof alternatives)[number]; best: number }[] = [];
  for (const alternative of alternatives) {
    const settled = { ...options, ...alternative, ...trial, epochs };
    const { history } = await run(settled, asTrial);
    const best = Math.max(...history.map(({ validationMetric }) => validationMetric ?? 0));
    outcomes.push({ alternative, best });
  }
  const standardError = (share: number): number => Math.sqrt((share * (1 - share)) / validationNodes);
  const winner = outcomes.reduce((a, b) => (b.best > a.best + standardError(a.best) ? b : a));
  const figures = outcomes.map(
    ({ alternative, best }) => `${alternative.residual ? "with" : "without"} ${(100 * best).toFixed(1)} %`,
  );
  const reason = `decided by ${epochs} epochs of each on the validation nodes: residual ${figures.join(", ")}`;
  return {
    settled: { ...options, ...winner.alternative },
    choices: choices.map((choice) =>
      choice.option === "residual" || choice.option === "learningRate"
        ? { ...choice, value: winner.alternative[choice.option], reason }
        : choice,
    ),
  };
}
