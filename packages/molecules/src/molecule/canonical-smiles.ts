import { Molecule as Toolkit } from "openchemlib";
import type { Molecule } from "./molecule.ts";

/**
 * The canonical SMILES of a molecule. openchemlib's writer of SMILES breaks some ties of symmetric rings by the order of the atoms it is given, so that one
 * molecule can get two SMILES; its ID codes are canonical. The molecule is therefore rebuilt from its ID code, in canonical order, and written then.
 */
export function canonicalSmiles(
  molecule: Molecule,
  { stereo, kekule }: { readonly stereo: boolean; readonly kekule: boolean },
): string {
  const plain = molecule.toolkit({ stereo });
  if (!stereo || !hasConfigurations(plain)) return smilesOfCode(plain.getIDCode(), { kekule });
  // ID codes take configurations from coordinates.
  return smilesOfCode(molecule.toolkit({ coordinates: true }).getIDCode(), { kekule, coordinates: true });
}

/** The SMILES of an ID code, with configurations when it is given coordinates. */
export function smilesOfCode(code: string, { kekule = false, coordinates = false } = {}): string {
  const toolkit = Toolkit.fromIDCode(code, coordinates);
  // Of double bonds whose arrangement is not known the code gives one all the same.
  if (!coordinates) toolkit.stripStereoInformation();
  return toolkit.toIsomericSmiles({ kekulizedOutput: kekule });
}

function hasConfigurations(toolkit: Toolkit): boolean {
  const known = [Toolkit.cAtomParity1, Toolkit.cAtomParity2];
  for (let atom = 0; atom < toolkit.getAtoms(); atom++) if (known.includes(toolkit.getAtomParity(atom))) return true;
  for (let bond = 0; bond < toolkit.getBonds(); bond++) if (known.includes(toolkit.getBondParity(bond))) return true;
  return false;
}
