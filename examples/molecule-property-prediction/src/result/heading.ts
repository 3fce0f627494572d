import type { Heading } from "@vicinal/example-report";
import type { MoleculeInput } from "../input/molecule-input.ts";
import { type Evaluation, partInWords } from "./evaluation.ts";
import { figure } from "./in-words.ts";

/** What is shown, and how well it came out. */
export function headingOf(input: MoleculeInput, learnedFrom: number, evaluation: Evaluation | undefined): Heading {
  const { title } = input;
  const count = (value: number) => value.toLocaleString("en");
  const told = `Learned from ${count(learnedFrom)} of ${count(input.molecules.length)} molecules`;
  if (evaluation === undefined) return { title, subtitle: told };
  const [measure = ""] = evaluation.measures;
  const [mean, ridge, ours] = evaluation.scores.map((score) => figure(score.mean[0]));
  const subtitle = `${told}; ${measure} ${ours} on ${count(evaluation.molecules)} ${partInWords(evaluation.part)} (mean: ${mean}, descriptors: ${ridge})`;
  return { title, subtitle };
}
