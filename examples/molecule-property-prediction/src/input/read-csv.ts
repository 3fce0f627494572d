import { basename } from "node:path";
import { MoleculeFileError } from "./molecule-file-error.ts";
import type { MoleculeInput, MoleculeTask } from "./molecule-input.ts";
import { readMolecules } from "./read-molecules.ts";
import { expectColumn, fieldsOf, nameColumn, readTableFile, smilesColumn, type TableFile } from "./read-table.ts";

/** Where a user's molecules lie, and what the columns mean. */
export interface CsvOptions {
  readonly csv: string;
  /** Default: the column that is called SMILES. */
  readonly smiles?: string | undefined;
  readonly target: readonly string[];
  readonly name?: string | undefined;
  /** Default: questions with the answers yes and no if all that is known is 0 or 1, and both occur; else numbers. */
  readonly task?: MoleculeTask | undefined;
  readonly skipInvalid: boolean;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Reads a user's own molecules. An empty target is one that is not known.
 *
 * @throws MoleculeFileError `missing-file`, `unreadable-table`, `missing-column`, `not-a-number`, `unreadable-molecule`, `no-molecules`.
 */
export async function readCsv(options: CsvOptions): Promise<MoleculeInput> {
  const table = await readTableFile(options.csv);
  const smiles = fieldsOf(table, smilesColumn(table, options.smiles));
  const names = fieldsOf(table, nameColumn(table, options.name));
  const { target: targetNames } = options;
  for (const name of targetNames) expectColumn(table, name);
  const all = table.rows.map((_, row) => targetNames.map((name) => targetOf(table, name, row)));
  const task = options.task ?? taskOf(all.flat());
  if (task === "multi-task") expectAnswers(table, targetNames, all);
  const read = readMolecules(table.path, smiles, names, options.skipInvalid);
  return {
    ...read,
    title: basename(options.csv),
    origin: "measured",
    task,
    targetNames,
    targets: Float64Array.from(read.rows.flatMap((row) => all[row - 1]!)),
    splits: [],
    scaffoldSplit: undefined,
    withheld: [],
  };
}

/** NaN where the field is empty. */
function targetOf({ path, rows }: TableFile, column: string, row: number): number {
  const text = rows[row]?.[column] ?? "";
  if (text === "") return Number.NaN;
  const value = Number(text);
  if (decimal.test(text) && Number.isFinite(value)) return value;
  throw new MoleculeFileError(
    "not-a-number",
    `${path}: row ${row + 1} has ${JSON.stringify(text)} in the column ${JSON.stringify(column)}; expected a number, or nothing where it is not known.`,
  );
}

function taskOf(values: readonly number[]): MoleculeTask {
  const known = new Set(values.filter((value) => !Number.isNaN(value)));
  return known.size === 2 && known.has(0) && known.has(1) ? "multi-task" : "regression";
}

function expectAnswers({ path }: TableFile, names: readonly string[], all: readonly (readonly number[])[]): void {
  for (const [row, values] of all.entries()) {
    const target = values.findIndex((value) => !Number.isNaN(value) && value !== 0 && value !== 1);
    if (target === -1) continue;
    throw new MoleculeFileError(
      "not-a-number",
      `${path}: row ${row + 1} has ${values[target]} in the column ${JSON.stringify(names[target])}; expected 0, 1 or nothing, because --task classification was given.`,
    );
  }
}
