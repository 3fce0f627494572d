import { VicinalError } from "@vicinal/core";

/**
 * A file of molecules that cannot be used.
 *
 * Codes: `missing-file` (it is not there or may not be read), `unreadable-table` (it is no table of comma-separated values), `missing-column`,
 * `not-a-number` (a target that is neither a number nor empty), `unreadable-molecule` (a SMILES that cannot be read), `no-molecules` (nothing is
 * left to learn from or to predict).
 */
export class MoleculeFileError extends VicinalError {}
