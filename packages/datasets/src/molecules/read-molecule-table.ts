import { DataError } from "@vicinal/core";
import { readCsv } from "../formats/csv.ts";
import type { MoleculeDataset } from "./molecule-dataset.ts";

/** Which columns of a file hold what. */
export interface MoleculeColumns {
  readonly task: MoleculeDataset["task"];
  readonly smiles: string;
  readonly targets: readonly string[];
}

/** What the file of a set of molecules holds. */
export type MoleculeTable = Pick<MoleculeDataset, "columns" | "rows" | "smiles" | "targetNames" | "targets">;

/**
 * Reads the file of a set of molecules.
 *
 * @throws DataError `malformed-csv` naming line and column, `missing-column`.
 */
export function readMoleculeTable(
  where: string,
  bytes: Uint8Array,
  { task, ...names }: MoleculeColumns,
): MoleculeTable {
  const { columns, rows, column } = readCsv(where, bytes);
  const smiles = column(names.smiles);
  const positions = names.targets.map(column);
  const targets = new Float64Array(rows.length * positions.length);
  for (const [row, fields] of rows.entries()) {
    for (const [target, position] of positions.entries()) {
      const text = fields[position]!.trim();
      const value = text === "" ? Number.NaN : Number(text);
      targets[row * positions.length + target] = value;
      if (text === "" || (task === "regression" ? Number.isFinite(value) : value === 0 || value === 1)) continue;
      throw new DataError(
        "malformed-csv",
        `${where}: row ${row + 1} after the header has ${JSON.stringify(text)} in the column "${names.targets[target]}"; expected ` +
          `${task === "regression" ? "a number" : "0 or 1"}, or nothing where it was not measured.`,
      );
    }
  }
  return { columns, rows, smiles: rows.map((fields) => fields[smiles]!.trim()), targetNames: names.targets, targets };
}
