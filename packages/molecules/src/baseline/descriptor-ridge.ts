import { checkOptionNames, DataError, OptionError } from "@vicinal/core";
import { rocAuc } from "@vicinal/graph";
import { Matrix } from "ml-matrix";
import type { Molecule } from "../molecule/molecule.ts";
import { type DescriptorName, descriptorMatrix, descriptorNames } from "./descriptors.ts";
import { ridge, standardizationOf, standardized } from "./ridge.ts";

/** Options of {@link descriptorRidge}. */
export interface DescriptorRidgeOptions {
  /** Numbers of the molecules to fit on, one or more. */
  readonly train: ArrayLike<number>;
  /** Numbers of the molecules to choose the penalty by, one or more. */
  readonly validation: ArrayLike<number>;
  /** `"regression"` of numbers, or `"classification"` of 0 and 1. Default `"regression"`. */
  readonly task?: "regression" | "classification";
  /** Which descriptors to use. Leave one out that the target is computed from. Default: all. */
  readonly names?: readonly DescriptorName[];
  /** Penalties to choose from, one or more. Default 0, and powers of ten from 0.0001 to 100. */
  readonly penalties?: readonly number[];
}

/** A fitted baseline. */
export interface DescriptorRidge {
  /** The descriptors that it reads. */
  readonly names: readonly DescriptorName[];
  /** The penalty that was chosen. */
  readonly penalty: number;
  /** What it was chosen by: the root mean square error, or the area under the ROC curve, on the validation part. */
  readonly validationScore: number;
  /** The weight of each descriptor when all are scaled to standard deviation 1, in the order of `names`. */
  readonly weights: Float64Array;
  /** The answers for molecules, one for each: numbers in the unit of the targets, or scores that are higher for class 1. */
  predict(molecules: readonly Molecule[]): Float64Array;
}

const optionNames = ["train", "validation", "task", "names", "penalties"];
const defaultPenalties = [0, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100];

/**
 * What a model of graphs has to beat: ridge regression on descriptors of whole molecules. Descriptors are scaled to mean 0 and standard deviation 1 over
 * the training part; the penalty is the one that does best on the validation part, of equal ones the highest.
 *
 * For classification the targets are -1 and 1, and the answers are scores to rank by: a linear classifier fitted by least squares (the ridge
 * classifier), which needs no iterations.
 *
 * @param targets `[molecules]`: what was measured; NaN where it was not.
 * @throws OptionError `unknown-option`, `unknown-descriptor`, `out-of-range`; DataError `wrong-length`, `index-out-of-range`, `no-targets` for a part without known targets,
 * `label-out-of-range` for a class other than 0 and 1, `one-class` when a part has molecules of one class only.
 */
export function descriptorRidge(
  molecules: readonly Molecule[],
  targets: ArrayLike<number>,
  options: DescriptorRidgeOptions,
): DescriptorRidge {
  const where = "descriptorRidge";
  const { names = descriptorNames, task = "regression", penalties = defaultPenalties } = options;
  checkOptions(where, options);
  if (targets.length !== molecules.length) {
    throw new DataError(
      "wrong-length",
      `${where}: got ${targets.length} targets; expected ${molecules.length}, one for each molecule, NaN where it is not known.`,
    );
  }
  const train = knownPart(where, "train", options.train, targets, task);
  const validation = knownPart(where, "validation", options.validation, targets, task);
  const signed = (target: number): number => (task === "classification" ? 2 * target - 1 : target);
  const y = train.map((molecule) => signed(targets[molecule]!));
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const x = descriptorMatrix(
    train.map((molecule) => molecules[molecule]!),
    names,
  );
  const scale = standardizationOf(x);
  const solve = ridge(
    standardized(x, scale),
    y.map((value) => value - mean),
  );
  const answers = (z: Matrix, weights: Float64Array): Float64Array =>
    Float64Array.from(z.mmul(Matrix.columnVector(weights)).to1DArray(), (value) => value + mean);
  const zOf = (some: readonly Molecule[]): Matrix => standardized(descriptorMatrix(some, names), scale);

  const z = zOf(validation.map((molecule) => molecules[molecule]!));
  const actual = validation.map((molecule) => targets[molecule]!);
  const fits = penalties.map((penalty) => {
    const weights = solve(penalty);
    return { penalty, weights, score: scoreOf(task, actual, answers(z, weights)) };
  });
  const better = task === "classification" ? 1 : -1;
  fits.sort((a, b) => better * (b.score - a.score) || b.penalty - a.penalty);
  const { penalty, weights, score } = fits[0]!;
  return {
    names,
    penalty,
    validationScore: score,
    weights,
    predict: (some) => (some.length === 0 ? new Float64Array() : answers(zOf(some), weights)),
  };
}

function checkOptions(where: string, options: DescriptorRidgeOptions): void {
  checkOptionNames(where, options, optionNames);
  const { names = descriptorNames, penalties = defaultPenalties, task = "regression" } = options;
  const unknown = names.find((name) => !descriptorNames.includes(name));
  if (unknown !== undefined || names.length === 0) {
    throw new OptionError(
      "unknown-descriptor",
      `${where}: got ${unknown === undefined ? "no names" : JSON.stringify(unknown)}; expected names of descriptorNames.`,
    );
  }
  if (penalties.length === 0 || penalties.some((penalty) => !(Number.isFinite(penalty) && penalty >= 0))) {
    throw new OptionError(
      "out-of-range",
      `${where}: got the penalties [${penalties.join(", ")}]; expected numbers from 0.`,
    );
  }
  if (task !== "regression" && task !== "classification") {
    throw new OptionError(
      "out-of-range",
      `${where}: got the task ${JSON.stringify(task)}; expected "regression" or "classification".`,
    );
  }
}

/** The molecules of a part whose targets are known. */
function knownPart(
  where: string,
  part: string,
  numbers: ArrayLike<number>,
  targets: ArrayLike<number>,
  task: "regression" | "classification",
): number[] {
  const known: number[] = [];
  for (const molecule of Array.from(numbers)) {
    const target = targets[molecule];
    if (target === undefined) {
      throw new DataError(
        "index-out-of-range",
        `${where}: ${part} names the molecule ${molecule}; expected whole numbers below ${targets.length}, the count of molecules.`,
      );
    }
    if (Number.isNaN(target)) continue;
    if (!Number.isFinite(target)) {
      throw new DataError(
        "not-finite",
        `${where}: the target of molecule ${molecule} is ${target}; expected a number, or NaN.`,
      );
    }
    if (task === "classification" && target !== 0 && target !== 1) {
      throw new DataError(
        "label-out-of-range",
        `${where}: the target of molecule ${molecule} is ${target}; expected the class 0 or 1, or NaN.`,
      );
    }
    known.push(molecule);
  }
  if (known.length === 0) {
    throw new DataError("no-targets", `${where}: no molecule of ${part} has a known target; expected at least one.`);
  }
  if (task === "classification" && new Set(known.map((molecule) => targets[molecule])).size < 2) {
    throw new DataError("one-class", `${where}: all molecules of ${part} are of one class; expected both.`);
  }
  return known;
}

function scoreOf(task: "regression" | "classification", actual: readonly number[], answers: Float64Array): number {
  if (task === "classification") return rocAuc(actual, answers) ?? 0;
  return Math.sqrt(actual.reduce((sum, value, k) => sum + (value - answers[k]!) ** 2, 0) / actual.length);
}
