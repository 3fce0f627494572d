import type { Hybridization } from "./atom.ts";
import type { DrawnAtoms } from "./drawn-atoms.ts";
import { outerElectrons } from "./elements.ts";

const byOrbitals: readonly Hybridization[] = ["s", "s", "sp", "sp2", "sp3", "sp3d", "sp3d2"];

/**
 * The hybridization of an atom, by the count of its orbitals: one for each neighbor, hydrogens included, one for each lone pair and one for each unpaired
 * electron. One orbital is s, two are sp, three sp2, four sp3, five sp3d, six sp3d2. Four are sp2 where a bond of the atom is conjugated and it has at
 * most three neighbors: its lone pair is part of the system, as that of the nitrogen of an amide.
 *
 * openchemlib does not say how atoms are hybridized; these are the rules of RDKit (release 2022.09), by which published models were trained.
 */
export function hybridizationOf(drawn: DrawnAtoms, conjugated: readonly number[], atom: number): Hybridization {
  const { atomicNumber, charge, degree, hydrogens, bondOrders, radicalElectrons, bondStarts, bondOf } = drawn;
  const neighbors = degree[atom]! + hydrogens[atom]!;
  const outer = outerElectrons(atomicNumber[atom]!);
  let orbitals = neighbors;
  if (outer === undefined) {
    // Of a metal of the middle groups only the neighbors are known.
    if (neighbors === 0) return "other";
  } else {
    const free = outer - charge[atom]! - bondOrders[atom]! - hydrogens[atom]!;
    const unpaired = Math.min(radicalElectrons[atom]!, Math.max(free, 0));
    orbitals += Math.max(0, Math.floor((free - unpaired) / 2)) + unpaired;
  }
  if (orbitals === 4 && neighbors <= 3) {
    for (let p = bondStarts[atom]!; p < bondStarts[atom + 1]!; p++) if (conjugated[bondOf[p]!] === 1) return "sp2";
  }
  return byOrbitals[orbitals] ?? "other";
}
