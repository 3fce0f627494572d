import type { Split } from "@vicinal/datasets";
import type { DescriptorName, Molecule } from "@vicinal/molecules";

/** What is to be learned of molecules: numbers, or the answers yes and no to one question or several. */
export type MoleculeTask = "regression" | "multi-task";

/** Where the numbers to be learned come from; the word that stands before them wherever they are shown. */
export type Origin = "measured" | "computed";

/** A row that holds no molecule. */
export interface InvalidRow {
  /** Counted from 1, without the header. */
  readonly row: number;
  readonly smiles: string;
  readonly reason: string;
}

/** Molecules, each with what tells it from the others for a reader. */
export interface NamedMolecules {
  readonly molecules: readonly Molecule[];
  /** `[molecules]`: as written. */
  readonly smiles: readonly string[];
  /** `[molecules]`: the SMILES where there is no name. */
  readonly names: readonly string[];
  /** `[molecules]`: the row of each, counted from 1, without the header. */
  readonly rows: readonly number[];
  /** Rows that were skipped. */
  readonly invalid: readonly InvalidRow[];
}

/** Molecules with what is to be learned of them. */
export interface MoleculeInput extends NamedMolecules {
  readonly title: string;
  readonly origin: Origin;
  readonly task: MoleculeTask;
  readonly targetNames: readonly string[];
  /** `[molecules * targets]`; NaN where nothing is known. */
  readonly targets: Float64Array;
  /** Splits that come with the data, in numbers of molecules; none where they are to be drawn. */
  readonly splits: readonly Split[];
  readonly scaffoldSplit: Split | undefined;
  /** Descriptors that the baseline may not see, because the target is computed in the same way. */
  readonly withheld: readonly DescriptorName[];
}

/** What is known of a molecule, `[targets]`. */
export function knownOf({ targets, targetNames }: MoleculeInput, molecule: number): Float64Array {
  return targets.subarray(molecule * targetNames.length, (molecule + 1) * targetNames.length);
}
