import { Molecule as Toolkit } from "openchemlib";
import { stereoOf } from "../stereo/stereo.ts";
import type { Atom, Bond } from "./atom.ts";
import { checkValence } from "./check-valence.ts";
import { conjugatedBonds } from "./conjugation.ts";
import { type DrawnAtoms, drawnAtoms } from "./drawn-atoms.ts";
import { elementSymbol } from "./elements.ts";
import { hybridizationOf } from "./hybridization.ts";

/**
 * The atoms and bonds of what openchemlib read.
 *
 * @throws Unreadable `impossible-valence`
 * @param toolkitAtom openchemlib's number of each atom wanted, in order.
 * @param written Whether configurations were written.
 */
export function perceive(
  toolkit: Toolkit,
  toolkitAtom: readonly number[],
  written: boolean,
): { readonly atoms: readonly Atom[]; readonly bonds: readonly Bond[] } {
  toolkit.ensureHelperArrays(Toolkit.cHelperRings);
  const drawn = drawnAtoms(toolkit, toolkitAtom);
  checkValence(drawn);
  const isotope = toolkitAtom.map((atom) => toolkit.getAtomMass(atom));
  const conjugated = conjugatedBonds(drawn);
  const stereo = stereoOf(drawn, isotope, toolkit, written);
  const atoms = toolkitAtom.map(
    (_, i): Atom => ({
      element: elementSymbol(drawn.atomicNumber[i]!),
      atomicNumber: drawn.atomicNumber[i]!,
      charge: drawn.charge[i]!,
      isotope: isotope[i]!,
      radicalElectrons: drawn.radicalElectrons[i]!,
      hydrogens: drawn.hydrogens[i]!,
      degree: drawn.degree[i]!,
      aromatic: drawn.aromatic[i] === 1,
      ringSize: drawn.ringSize[i]!,
      ringBonds: ringBondsOf(drawn, i),
      hybridization: hybridizationOf(drawn, conjugated, i),
      stereocenter: stereo.stereocenter[i]!,
      chirality: stereo.chirality[i],
    }),
  );
  const bonds = drawn.source.map(
    (source, k): Bond => ({
      source,
      target: drawn.target[k]!,
      order: drawn.order[k]!,
      aromatic: drawn.aromaticBond[k] === 1,
      conjugated: conjugated[k] === 1,
      ringSize: drawn.bondRingSize[k]!,
      stereo: stereo.bonds[k]!,
    }),
  );
  return { atoms, bonds };
}

function ringBondsOf({ bondStarts, bondOf, bondRingSize }: DrawnAtoms, atom: number): number {
  let count = 0;
  for (let p = bondStarts[atom]!; p < bondStarts[atom + 1]!; p++) if (bondRingSize[bondOf[p]!]! > 0) count++;
  return count;
}
