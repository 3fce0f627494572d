import type { Split } from "@vicinal/datasets";
import type { AttendedGraphAnswers } from "@vicinal/graph";
import { stringify } from "csv-stringify/sync";
import { knownOf, type MoleculeInput, type NamedMolecules } from "../input/molecule-input.ts";

/** What predictions are of, and what is known beside them. */
export interface PredictionTable extends Pick<NamedMolecules, "names" | "rows" | "smiles"> {
  readonly targetNames: readonly string[];
  readonly answers: AttendedGraphAnswers;
  /** Left out for new molecules. */
  readonly training?: { readonly input: MoleculeInput; readonly split: Split };
}

/**
 * One line a molecule: its row, name and SMILES, the part that it played, and for each target what is known, what is predicted and how far the networks
 * are apart; last the attention to each atom, in the order of the SMILES. An empty field is what is not known.
 */
export function predictionsCsv({ names, rows, smiles, targetNames, answers, training }: PredictionTable): string {
  const width = targetNames.length;
  const partOf = new Map<number, string>();
  for (const part of ["train", "validation", "test"] as const) {
    for (const molecule of training?.split[part] ?? []) partOf.set(molecule, part);
  }
  const header = [
    "row",
    "name",
    "smiles",
    ...(training === undefined ? [] : ["part"]),
    ...targetNames.flatMap((name) => [
      ...(training === undefined ? [] : [`${training.input.origin}:${name}`]),
      `predicted:${name}`,
      ...(answers.uncertainty === undefined ? [] : [`uncertainty:${name}`]),
    ]),
    ...(answers.attention === undefined ? [] : ["attention"]),
  ];
  const lines = names.map((name, molecule) => [
    rows[molecule]!,
    name,
    smiles[molecule]!,
    ...(training === undefined ? [] : [partOf.get(molecule) ?? ""]),
    ...targetNames.flatMap((_, target) => {
      const place = molecule * width + target;
      const known = training === undefined ? Number.NaN : knownOf(training.input, molecule)[target]!;
      return [
        ...(training === undefined ? [] : [Number.isNaN(known) ? "" : String(known)]),
        answers.values[place]!.toFixed(6),
        ...(answers.uncertainty === undefined ? [] : [answers.uncertainty[place]!.toFixed(6)]),
      ];
    }),
    ...(answers.attention === undefined
      ? []
      : [Array.from(answers.attention[molecule]!, (weight) => weight.toFixed(4)).join(" ")]),
  ]);
  return stringify([header, ...lines]);
}
