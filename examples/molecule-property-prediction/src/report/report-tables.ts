import { table } from "@vicinal/example-report";
import type { Element, ElementContent } from "hast";
import { h } from "hastscript";
import type { InvalidRow, MoleculeInput } from "../input/molecule-input.ts";
import type { Conflict } from "../input/same-molecules.ts";
import type { Evaluation } from "../result/evaluation.ts";
import { figure } from "../result/in-words.ts";
import { rowsInWords, valuesInWords } from "../terminal/result-tables.ts";

/** The most rows of a list of problems. */
const LISTED = 100;

/** Every way of predicting with its scores; of several targets, one block each, and their means. */
export function scoresTable({ scores, measures, targetNames }: Evaluation): Element {
  const several = targetNames.length > 1;
  const rowsOf = (name: string, figures: (method: number) => readonly (number | undefined)[]) =>
    scores.map(({ method }, index) =>
      h("tr", { className: index === scores.length - 1 ? "ours" : "" }, [
        ...(several ? [h("td", index === 0 ? name : "")] : []),
        h("th", { scope: "row" }, method),
        ...figures(index).map((value) => h("td.number", figure(value))),
      ]),
    );
  return table(
    [...(several ? ["Target"] : []), "", ...measures],
    [
      ...targetNames.flatMap((name, target) => rowsOf(name, (method) => scores[method]!.perTarget[target]!)),
      ...(several ? rowsOf("Mean over targets", (method) => scores[method]!.mean) : []),
    ],
    measures,
  );
}

/** The rows that were left out. */
export function invalidTable(invalid: readonly InvalidRow[]): ElementContent[] {
  return [
    table(
      ["Row", "SMILES", "Reason"],
      invalid
        .slice(0, LISTED)
        .map(({ row, smiles, reason }) => h("tr", [h("td", String(row)), h("td", smiles), h("td", reason)])),
    ),
    ...remainder(invalid.length),
  ];
}

/** Molecules that are listed more than once with different numbers. */
export function conflictsTable(conflicts: readonly Conflict[], input: MoleculeInput): ElementContent[] {
  return [
    table(
      ["Rows", "Molecule", "Target", input.origin],
      conflicts
        .slice(0, LISTED)
        .map((conflict) =>
          h("tr", [
            h("td", rowsInWords(conflict, input)),
            h("td", input.names[conflict.molecules[0]!]!),
            h("td", conflict.target),
            h("td", valuesInWords(conflict, input.task)),
          ]),
        ),
    ),
    ...remainder(conflicts.length),
  ];
}

function remainder(count: number): ElementContent[] {
  return count > LISTED ? [h("p.note.after", `The first ${LISTED} of ${count.toLocaleString("en")}.`)] : [];
}
