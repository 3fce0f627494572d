import type { DrawnAtoms } from "./drawn-atoms.ts";
import { outerElectrons, usualValence } from "./elements.ts";

const neon = 10;

/**
 * `[bonds]`: which bonds are conjugated. Two bonds of an atom are, when
 *
 * 1. the first is a double, triple or aromatic bond,
 * 2. both their far atoms and the atom between them can take part: not saturated, of the usual valence of their element unless charged, with at most
 *    three neighbors, hydrogens counted, and with electrons to share, from a multiple bond or a lone pair; of the elements behind neon, those of the
 *    groups of nitrogen and oxygen only where they end a chain.
 *
 * These are the rules that RDKit follows (`Chem.SetConjugation`, release 2022.09), so that features mean what they do in published models: the C–N bond of an amide
 * and the C–O bond of an ester are conjugated, that of an ether is not. All bonds of an aromatic ring are.
 */
export function conjugatedBonds(drawn: DrawnAtoms): readonly number[] {
  const { aromaticBond, order, bondStarts, bondOf, neighborOf, degree, hydrogens } = drawn;
  const conjugated = aromaticBond.slice();
  const atoms = degree.length;
  const takesPart = Array.from({ length: atoms }, (_, atom) => canTakePart(drawn, atom));
  for (let atom = 0; atom < atoms; atom++) {
    if (takesPart[atom] !== true || degree[atom]! + hydrogens[atom]! < 2) continue;
    for (let p = bondStarts[atom]!; p < bondStarts[atom + 1]!; p++) {
      const first = bondOf[p]!;
      if ((order[first]! < 2 && aromaticBond[first] === 0) || takesPart[neighborOf[p]!] !== true) continue;
      for (let q = bondStarts[atom]!; q < bondStarts[atom + 1]!; q++) {
        if (q === p || takesPart[neighborOf[q]!] !== true) continue;
        conjugated[first] = conjugated[bondOf[q]!] = 1;
      }
    }
  }
  return conjugated;
}

function canTakePart(
  { atomicNumber, charge, degree, hydrogens, bondOrders, radicalElectrons }: DrawnAtoms,
  atom: number,
): boolean {
  const element = atomicNumber[atom]!;
  const [electrons, valence] = [outerElectrons(element), usualValence(element)];
  if (electrons === undefined || valence === undefined || valence <= 1) return false;
  const neighbors = degree[atom]! + hydrogens[atom]!;
  if (neighbors > 3) return false;
  if (charge[atom] === 0 && bondOrders[atom]! + hydrogens[atom]! > valence) return false;
  if (element > neon && (electrons === 5 || (electrons === 6 && neighbors > 1))) return false;
  const lonePairElectrons = Math.max(electrons - valence - charge[atom]!, 0);
  return valence - neighbors + lonePairElectrons - radicalElectrons[atom]! > 0;
}
