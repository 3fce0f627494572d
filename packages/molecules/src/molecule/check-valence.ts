import { Unreadable } from "../read/unreadable.ts";
import type { DrawnAtoms } from "./drawn-atoms.ts";
import { elementSymbol } from "./elements.ts";

const [boron, carbon, fluorine] = [5, 6, 9];
/** The second period has four orbitals for bonds. */
const orbitals = 4;

/**
 * Refuses atoms of boron, carbon, nitrogen, oxygen and fluorine with more bonds than they can have: what their charge leaves of their electrons to share,
 * and at most four. Heavier elements have no such limit.
 *
 * @throws Unreadable `impossible-valence`
 */
export function checkValence({ atomicNumber, charge, bondOrders, hydrogens }: DrawnAtoms): void {
  for (let atom = 0; atom < atomicNumber.length; atom++) {
    const element = atomicNumber[atom]!;
    if (element < boron || element > fluorine) continue;
    const bonds = bondOrders[atom]! + hydrogens[atom]!;
    const limit = mostBonds(element, charge[atom]!);
    if (bonds <= limit) continue;
    const sign =
      charge[atom]! > 0 ? ` of charge +${charge[atom]}` : charge[atom]! < 0 ? ` of charge ${charge[atom]}` : "";
    throw new Unreadable(
      "impossible-valence",
      `atom ${atom + 1}, ${elementSymbol(element)}${sign}, has ${bonds} bonds, hydrogens counted; expected at most ${limit}`,
    );
  }
}

function mostBonds(element: number, charge: number): number {
  if (element === boron) return Math.min(3 - charge, orbitals);
  if (element === carbon) return orbitals - Math.abs(charge);
  return Math.min(8 - (element - 2) + charge, orbitals);
}
