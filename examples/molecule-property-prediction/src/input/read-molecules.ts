import { moleculesFromSmiles } from "@vicinal/molecules";
import { MoleculeFileError } from "./molecule-file-error.ts";
import type { NamedMolecules } from "./molecule-input.ts";

/** The longest part of a SMILES that a message repeats. */
const SHOWN = 60;

/**
 * Reads a column of SMILES.
 *
 * @param where What the column is of, for messages.
 * @param names `[rows]`: an empty one is replaced by the SMILES.
 * @param skipInvalid Whether rows that hold no molecule are left out and reported; else the first ends the run.
 * @throws MoleculeFileError `unreadable-molecule` naming the row, `no-molecules`.
 */
export function readMolecules(
  where: string,
  column: readonly string[],
  names: readonly string[],
  skipInvalid: boolean,
): NamedMolecules {
  const read = moleculesFromSmiles(column, { onInvalid: "skip" });
  const invalid = read.invalid.map(({ row, smiles, reason }) => ({ row: row + 1, smiles, reason }));
  const [first] = invalid;
  if (first !== undefined && !skipInvalid) {
    const others = invalid.length === 1 ? "" : ` ${invalid.length - 1} more cannot be read either.`;
    throw new MoleculeFileError(
      "unreadable-molecule",
      `${where}: row ${first.row}: cannot read ${JSON.stringify(shortened(first.smiles))} as a molecule: ${first.reason}.${others} ` +
        "Correct it, or pass --skip-invalid to go on without such rows.",
    );
  }
  if (read.molecules.length === 0) {
    throw new MoleculeFileError(
      "no-molecules",
      `${where}: got ${column.length} rows, ${invalid.length} of them unreadable; expected at least one molecule.`,
    );
  }
  const rows = Array.from(read.rows);
  return {
    molecules: read.molecules,
    smiles: rows.map((row) => column[row]!),
    names: rows.map((row) => names[row] || column[row]!),
    rows: rows.map((row) => row + 1),
    invalid,
  };
}

/** Text cut where it gets long. */
export function shortened(text: string, length = SHOWN): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
