import { CanonizerUtil, Molecule as Toolkit } from "openchemlib";
import { smilesOfCode } from "../molecule/canonical-smiles.ts";
import type { Molecule } from "../molecule/molecule.ts";

/**
 * The scaffold of a molecule (Bemis and Murcko, 1996) as canonical SMILES without configurations: its rings, the chains between them, and the atoms that are
 * bound to those by a double or triple bond. Empty for a molecule without rings.
 */
export function scaffold(molecule: Molecule): string {
  const code = scaffoldCode(molecule);
  return code === "" ? "" : smilesOfCode(code);
}

/** The scaffold as openchemlib's ID code, which is faster to make than SMILES; empty for a molecule without rings. */
export function scaffoldCode(molecule: Molecule): string {
  const kept = scaffoldAtoms(molecule);
  if (!kept.includes(true)) return "";
  const toolkit = molecule.toolkit({ stereo: false });
  const wanted = new Array<boolean>(toolkit.getAllAtoms()).fill(false);
  for (const [atom, keep] of kept.entries()) if (keep) wanted[molecule.toolkitAtom[atom]!] = true;
  const part = new Toolkit(kept.length, molecule.bonds.length);
  toolkit.copyMoleculeByAtoms(part, wanted, false, null);
  part.setFragment(false);
  return CanonizerUtil.getIDCode(part, CanonizerUtil.NOSTEREO);
}

/** `[atoms]`: which atoms are part of the scaffold. */
function scaffoldAtoms({ atoms, bonds }: Molecule): boolean[] {
  const kept = atoms.map(() => true);
  const degree = atoms.map((atom) => atom.degree);
  const around: number[][] = atoms.map(() => []);
  for (const { source, target } of bonds) {
    around[source]!.push(target);
    around[target]!.push(source);
  }
  // Ends of chains, and then what they leave as ends.
  const ends = atoms.flatMap((_, atom) => (degree[atom]! <= 1 ? [atom] : []));
  for (const atom of ends) {
    kept[atom] = false;
    for (const neighbor of around[atom]!) {
      if (kept[neighbor] !== true) continue;
      degree[neighbor]!--;
      if (degree[neighbor] === 1) ends.push(neighbor);
    }
  }
  const framework = kept.slice();
  for (const { source, target, order } of bonds) {
    if (order < 2) continue;
    if (framework[source] === true) kept[target] = true;
    if (framework[target] === true) kept[source] = true;
  }
  return kept;
}
