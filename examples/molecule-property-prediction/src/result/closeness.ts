import type { Split } from "@vicinal/datasets";
import { knownOf, type MoleculeInput } from "../input/molecule-input.ts";
import { judgedBy } from "../learn/hold-out.ts";
import type { Learned } from "../learn/learn.ts";

/** The molecules that were predicted best and worst, the most extreme first; no molecule is in both lists. */
export interface Extremes {
  readonly best: readonly number[];
  readonly worst: readonly number[];
}

/**
 * Ranks molecules of the part that is evaluated on by how far off they are: the mean over the targets that are known, numbers in standard deviations of what
 * was learned from, answers in probability.
 *
 * @param count The most molecules in each list.
 */
export function extremesOf(input: MoleculeInput, split: Split, { answers, trained }: Learned, count: number): Extremes {
  const deviation = trained.predictor.standardization?.deviation;
  const width = input.targetNames.length;
  const ranked = Array.from(judgedBy(split), (molecule) => {
    const errors = Array.from(knownOf(input, molecule), (value, target) => {
      return Math.abs(value - answers.values[molecule * width + target]!) / (deviation?.[target] ?? 1);
    }).filter((error) => !Number.isNaN(error));
    return { molecule, error: errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length) };
  }).sort((a, b) => a.error - b.error || a.molecule - b.molecule);
  const each = Math.min(count, Math.floor(ranked.length / 2));
  const numbers = ranked.map(({ molecule }) => molecule);
  return { best: numbers.slice(0, each), worst: numbers.slice(numbers.length - each).reverse() };
}
