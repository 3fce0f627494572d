import { hillFormula } from "./hill-formula.ts";
import type { Structure } from "./structure.ts";

/**
 * What the network has to beat: who counts the atoms without error but does not look at the bonds. The hydrogens are guessed: as many are missing to
 * saturation, two for each ring and each double bond, as in the molecules whose atoms are the most alike.
 */
export function formulaBlindToBonds(known: readonly Structure[]): (structure: Structure) => string {
  const counted = known.map((structure) => ({
    composition: composition(structure),
    missing: saturated(structure) - hydrogensOf(structure),
  }));
  return (structure) => {
    const own = composition(structure);
    const distances = counted.map(({ composition }) => distance(composition, own));
    const least = Math.min(...distances);
    const missing = mostFrequent(counted.filter((_, k) => distances[k] === least).map(({ missing }) => missing));
    return hillFormula(withHydrogens(structure, Math.max(0, saturated(structure) - missing)));
  };
}

/** Hydrogens without rings and multiple bonds: two more than two for each carbon, one more for each nitrogen and phosphorus, one less for each halogen. */
function saturated({ atoms }: Structure): number {
  return atoms.reduce((sum, { element }) => sum + (freeBonds[element] ?? 0), 2);
}

/** What an atom of an element adds to the hydrogens of a chain. */
const freeBonds: Readonly<Record<string, number>> = { C: 2, N: 1, P: 1, F: -1, Cl: -1, Br: -1, I: -1 };

function hydrogensOf({ atoms }: Structure): number {
  return atoms.reduce((sum, { hydrogens }) => sum + hydrogens, 0);
}

function composition({ atoms }: Structure): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { element } of atoms) counts.set(element, (counts.get(element) ?? 0) + 1);
  return counts;
}

function distance(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  return [...new Set([...one.keys(), ...other.keys()])].reduce(
    (sum, element) => sum + Math.abs((one.get(element) ?? 0) - (other.get(element) ?? 0)),
    0,
  );
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function withHydrogens({ atoms, bonds }: Structure, hydrogens: number): Structure {
  return { atoms: atoms.map((atom, k) => ({ ...atom, hydrogens: k === 0 ? hydrogens : 0 })), bonds };
}
