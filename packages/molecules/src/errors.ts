import { VicinalError } from "@vicinal/core";

/** What a {@link MoleculeError} is about. */
export interface MoleculeFault {
  /** What was read: a SMILES, or the name of a record of a file. */
  readonly input: string;
  /** Its place in the list or file that it was read from, from 0; undefined for one that was read alone. */
  readonly row: number | undefined;
  /** What is wrong with it, without the place. */
  readonly reason: string;
}

/**
 * A molecule that cannot be read.
 *
 * Codes: `empty-molecule` (no atoms), `malformed-smiles` (the text breaks the grammar), `not-kekulizable` (lower-case atoms that cannot be given
 * alternating single and double bonds), `impossible-valence` (an atom with more bonds than its element can have), `query-molecule` (a pattern that
 * stands for many molecules), `malformed-molfile` (a MOL block that does not say what its counts promise).
 */
export class MoleculeError extends VicinalError {
  static override readonly name: string = "MoleculeError";

  /** What was read: a SMILES, or the name of a record of a file. */
  readonly input: string;
  /** Its place in the list or file that it was read from, from 0; undefined for one that was read alone. */
  readonly row: number | undefined;
  /** What is wrong with it, without the place. */
  readonly reason: string;

  constructor(code: string, message: string, fault: MoleculeFault, options?: ErrorOptions) {
    super(code, message, options);
    this.input = fault.input;
    this.row = fault.row;
    this.reason = fault.reason;
  }
}
