import { stringify } from "csv-stringify/browser/esm/sync";
import type { MoleculeRow } from "./page-state.ts";
import type { ModelFacts } from "./protocol.ts";

/**
 * One line a molecule, in the order given: its line in the text box, name and SMILES, the part that it played, and for each target what is known, what is
 * predicted and how far the networks are apart; last the attention to each atom, in the order of the SMILES. An empty field is what is not known.
 */
export function predictionsCsv(rows: readonly MoleculeRow[], { targetNames, unit, origin }: ModelFacts): string {
  const [first] = rows;
  const isUncertain = first?.prediction?.uncertainty !== undefined;
  const attends = first?.prediction?.attention !== undefined;
  const named = (what: string, target: string) => `${what}:${target}${unit === "" ? "" : ` [${unit}]`}`;
  const header = [
    "line",
    "name",
    "smiles",
    "part",
    ...targetNames.flatMap((target) => [
      named(origin, target),
      named("predicted", target),
      ...(isUncertain ? [named("uncertainty", target)] : []),
    ]),
    ...(attends ? ["attention"] : []),
  ];
  const lines = rows.map(({ line, name, smiles, prediction }) => [
    line,
    name,
    smiles,
    prediction?.part ?? "",
    ...targetNames.flatMap((_, target) => [
      field(prediction?.known[target]),
      field(prediction?.values[target]),
      ...(isUncertain ? [field(prediction?.uncertainty?.[target])] : []),
    ]),
    ...(attends ? [prediction?.attention?.map((weight) => weight.toFixed(4)).join(" ") ?? ""] : []),
  ]);
  return stringify([header, ...lines]);
}

function field(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(6);
}
