import { tableInText } from "@vicinal/example-terminal";
import type { InvalidRow, MoleculeInput, MoleculeTask } from "../input/molecule-input.ts";
import { shortened } from "../input/read-molecules.ts";
import type { Conflict } from "../input/same-molecules.ts";
import { type Evaluation, partInWords } from "../result/evaluation.ts";
import { figure, knownInWords } from "../result/in-words.ts";

/** The most rows of a list of problems. */
const LISTED = 10;

/** The scores of every way of predicting, one a row; of several targets, one a row for each, and their means. */
export function scoresInText({ scores, measures, part, molecules, targetNames }: Evaluation): string {
  const several = targetNames.length > 1;
  const rowsOf = (name: string, figures: (method: number) => readonly (number | undefined)[]) =>
    scores.map(({ method }, index) => [...(several ? [name] : []), method, ...figures(index).map(figure)]);
  const rows = [
    ...targetNames.flatMap((name, target) => rowsOf(name, (method) => scores[method]!.perTarget[target]!)),
    ...(several ? rowsOf("mean over targets", (method) => scores[method]!.mean) : []),
  ];
  return titled(
    `On the ${molecules.toLocaleString("en")} ${partInWords(part)}`,
    [...(several ? ["target"] : []), "", ...measures],
    rows,
    several ? 2 : 1,
  );
}

/** The rows that were left out. */
export function invalidInText(invalid: readonly InvalidRow[]): string {
  return titled(
    `Left out, because they hold no molecule${listed(invalid.length)}`,
    ["row", "SMILES", "reason"],
    invalid.slice(0, LISTED).map(({ row, smiles, reason }) => [String(row), shortened(smiles, 40), reason]),
    3,
  );
}

/** Molecules that are listed more than once with different numbers. */
export function conflictsInText(conflicts: readonly Conflict[], input: MoleculeInput): string {
  return titled(
    `Listed more than once with different numbers; a network can only learn their mean${listed(conflicts.length)}`,
    ["rows", "molecule", "target", input.origin],
    conflicts
      .slice(0, LISTED)
      .map((conflict) => [
        rowsInWords(conflict, input),
        shortened(input.names[conflict.molecules[0]!]!, 40),
        shortened(conflict.target, 40),
        valuesInWords(conflict, input.task),
      ]),
    4,
  );
}

/** The rows of a molecule that is listed more than once. */
export function rowsInWords({ molecules }: Conflict, { rows }: MoleculeInput): string {
  return molecules.map((molecule) => rows[molecule]!).join(", ");
}

/** What is known of a molecule that is listed more than once. */
export function valuesInWords({ values }: Conflict, task: MoleculeTask): string {
  return values.map((value) => knownInWords(task, value)).join(", ");
}

/** Predictions for a terminal, one molecule a row. */
export function predictionsInText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return titled("Predictions", [...head], rows, 1);
}

function listed(count: number): string {
  return count > LISTED ? ` (the first ${LISTED} of ${count.toLocaleString("en")})` : "";
}

function titled(title: string, head: readonly string[], rows: readonly (readonly string[])[], leftColumns = 1): string {
  return `${title}\n${tableInText(head, rows, { leftColumns })}`;
}
