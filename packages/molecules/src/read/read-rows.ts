import { MoleculeError } from "../errors.ts";
import type { Molecule } from "../molecule/molecule.ts";
import type { InvalidMolecule } from "./read-options.ts";
import { readingRow } from "./unreadable.ts";

/** Molecules read from a list or file. */
export interface ReadMolecules {
  /** Those that could be read. */
  readonly molecules: readonly Molecule[];
  /** `[molecules]`: the place of each in the list or file, from 0. */
  readonly rows: Uint32Array;
  /** What was skipped. */
  readonly invalid: readonly InvalidMolecule[];
}

/** @throws MoleculeError for the first input that cannot be read, unless they are skipped. */
export function readRows<Input>(
  where: string,
  inputs: readonly Input[],
  nameOf: (input: Input) => string,
  onInvalid: "throw" | "skip",
  read: (input: Input) => Molecule,
): ReadMolecules {
  const molecules: Molecule[] = [];
  const rows: number[] = [];
  const invalid: InvalidMolecule[] = [];
  for (const [row, input] of inputs.entries()) {
    try {
      molecules.push(readingRow(where, nameOf(input), row, () => read(input)));
      rows.push(row);
    } catch (error) {
      if (onInvalid === "throw" || !(error instanceof MoleculeError)) throw error;
      invalid.push({ row, smiles: error.input, code: error.code, reason: error.reason });
    }
  }
  return { molecules, rows: Uint32Array.from(rows), invalid };
}
