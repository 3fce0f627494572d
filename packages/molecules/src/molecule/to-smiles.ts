import { checkOptionNames } from "@vicinal/core";
import { canonicalSmiles } from "./canonical-smiles.ts";
import type { Molecule } from "./molecule.ts";

/** Options of {@link toSmiles}. */
export interface ToSmilesOptions {
  /** Whether configurations are written. Default true. */
  readonly stereo?: boolean;
  /** Whether aromatic rings are written with alternating bonds in place of lower-case atoms. Default false. */
  readonly kekule?: boolean;
}

/**
 * The canonical SMILES of a molecule, by openchemlib: the same for every way to write the molecule.
 *
 * @throws OptionError `unknown-option`
 */
export function toSmiles(molecule: Molecule, options: ToSmilesOptions = {}): string {
  checkOptionNames("toSmiles", options, ["stereo", "kekule"]);
  const { stereo = true, kekule = false } = options;
  return canonicalSmiles(molecule, { stereo, kekule });
}
