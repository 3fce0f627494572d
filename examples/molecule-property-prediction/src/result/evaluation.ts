import { DataError } from "@vicinal/core";
import type { Split } from "@vicinal/datasets";
import { multiTaskMetrics, regressionMetrics } from "@vicinal/graph";
import { descriptorNames, descriptorRidge } from "@vicinal/molecules";
import type { MoleculeInput } from "../input/molecule-input.ts";
import type { Learned } from "../learn/learn.ts";

/** How well one way of predicting does; undefined where it cannot be said. */
export interface Score {
  readonly method: string;
  /** `[targets][measures]`. */
  readonly perTarget: readonly (readonly (number | undefined)[])[];
  /** `[measures]`: the means over the targets. */
  readonly mean: readonly (number | undefined)[];
}

/** What the predictions are worth: on molecules that were not learned from, beside what needs no network. */
export interface Evaluation {
  /** The part that is evaluated on. */
  readonly part: "test" | "validation";
  readonly molecules: number;
  readonly targetNames: readonly string[];
  readonly measures: readonly string[];
  /** The network comes last. */
  readonly scores: readonly Score[];
}

/** What is said where there is nothing to evaluate on. */
export const NOTHING_HELD_OUT =
  "There are too few molecules to hold any out: all of them were learned from, and how right the predictions are cannot be measured.";

/**
 * Compares predictions with two baselines: the mean of what was learned from, and ridge regression on descriptors of whole molecules.
 *
 * @returns Undefined if no molecules were held out: then nothing can be said.
 */
export function evaluate(input: MoleculeInput, split: Split, { answers, trained }: Learned): Evaluation | undefined {
  const part = split.test.length > 0 ? "test" : "validation";
  const members = split[part];
  if (members.length === 0) return undefined;
  const networks = trained.models.length;
  return {
    part,
    molecules: members.length,
    targetNames: input.targetNames,
    measures: input.task === "regression" ? ["RMSE", "MAE", "R²"] : ["ROC AUC", "accuracy"],
    scores: [
      scoreOf("Mean of the training part", input, members, meansOf(input, split.train)),
      scoreOf("Ridge regression on descriptors", input, members, ridgeOf(input, split)),
      scoreOf(`Graph attention${networks > 1 ? `, ${networks} networks` : ""}`, input, members, answers.values),
    ],
  };
}

function scoreOf(
  method: string,
  { task, targets, targetNames }: MoleculeInput,
  items: Uint32Array,
  predicted: ArrayLike<number>,
): Score {
  const width = targetNames.length;
  // A baseline that cannot be fitted to a target says nothing of it.
  const judged = targets.map((value, place) => (Number.isNaN(predicted[place]!) ? Number.NaN : value));
  const options = { targets: width, items };
  if (task === "regression") {
    const { perTarget, rmse, mae, rSquared } = regressionMetrics(judged, predicted, options);
    return {
      method,
      perTarget: perTarget.map((each) => [each.rmse, each.mae, each.rSquared]),
      mean: [rmse, mae, rSquared],
    };
  }
  const { perTarget, rocAuc, accuracy } = multiTaskMetrics(judged, predicted, options);
  return { method, perTarget: perTarget.map((each) => [each.rocAuc, each.accuracy]), mean: [rocAuc, accuracy] };
}

/** `[molecules * targets]`: the same for every molecule. */
function meansOf({ targets, targetNames: { length: width } }: MoleculeInput, train: Uint32Array): Float64Array {
  const means = Array.from({ length: width }, (_, target) => {
    const known = Array.from(train, (molecule) => targets[molecule * width + target]!).filter(
      (value) => !Number.isNaN(value),
    );
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  });
  return targets.map((_, place) => means[place % width]!);
}

/** `[molecules * targets]`; NaN throughout for a target that it cannot be fitted to. */
function ridgeOf(input: MoleculeInput, { train, validation }: Split): Float64Array {
  const { molecules, targets, targetNames, task, withheld } = input;
  const width = targetNames.length;
  const answers = new Float64Array(targets.length).fill(Number.NaN);
  for (let target = 0; target < width; target++) {
    const column = Float64Array.from(molecules, (_, molecule) => targets[molecule * width + target]!);
    const predicted = fitted(() =>
      descriptorRidge(molecules, column, {
        train,
        validation: validation.length > 0 ? validation : train,
        task: task === "regression" ? "regression" : "classification",
        names: descriptorNames.filter((name) => !withheld.includes(name)),
      }).predict(molecules),
    );
    // Scores of classes lie around 0; as probabilities they lie around one half.
    predicted?.forEach((value, molecule) => {
      answers[molecule * width + target] = task === "regression" ? value : 1 / (1 + Math.exp(-value));
    });
  }
  return answers;
}

/** Undefined where a part knows nothing of a target, or one class of it only. */
function fitted(fit: () => Float64Array): Float64Array | undefined {
  try {
    return fit();
  } catch (error) {
    if (error instanceof DataError && ["no-targets", "one-class"].includes(error.code)) return undefined;
    throw error;
  }
}

/** How the evaluated molecules are called. */
export function partInWords(part: Evaluation["part"]): string {
  return part === "test" ? "test molecules" : "molecules held out for validation";
}
