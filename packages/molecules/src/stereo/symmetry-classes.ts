import type { DrawnAtoms } from "../molecule/drawn-atoms.ts";

/** Stands for an aromatic bond, whose order depends on the way the ring is drawn. */
const aromaticOrder = 7;

/**
 * A number for each atom, the same for atoms that cannot be told apart by what they are bound to (the refinement of Morgan, 1965; Weisfeiler and Leman,
 * 1968). Stereochemistry is not looked at. Numbers are hashes of 32 bits.
 *
 * @param pairs Atoms that are to be told apart, two and two. As soon as all can be, the search ends, and other atoms may still share a number.
 */
export function symmetryClasses(
  drawn: DrawnAtoms,
  isotope: readonly number[],
  pairs: readonly number[],
): readonly number[] {
  const { atomicNumber, charge, hydrogens, radicalElectrons, bondStarts, bondOf, neighborOf, order, aromaticBond } =
    drawn;
  const atoms = atomicNumber.length;
  let classes = new Array<number>(atoms);
  for (let i = 0; i < atoms; i++) {
    const kind = atomicNumber[i]! | ((charge[i]! + 16) << 8) | (hydrogens[i]! << 13) | (radicalElectrons[i]! << 17);
    classes[i] = mixed(kind ^ mixed(isotope[i]!));
  }
  let distinct = 0;
  while (!allDiffer(classes, pairs)) {
    const count = new Set(classes).size;
    if (count === distinct) break;
    distinct = count;
    const refined = new Array<number>(atoms);
    for (let i = 0; i < atoms; i++) {
      // A sum does not depend on the order of neighbors.
      let around = 0;
      for (let p = bondStarts[i]!; p < bondStarts[i + 1]!; p++) {
        const bond = bondOf[p]!;
        const kind = aromaticBond[bond] === 1 ? aromaticOrder : order[bond]!;
        around = (around + mixed(classes[neighborOf[p]!]! + Math.imul(kind, 0x9e3779b9))) | 0;
      }
      refined[i] = mixed(Math.imul(classes[i]!, 31) ^ around);
    }
    classes = refined;
  }
  return classes;
}

/** Whether the two atoms of each pair have different numbers. */
export function allDiffer(classes: readonly number[], pairs: readonly number[]): boolean {
  for (let k = 0; k < pairs.length; k += 2) if (classes[pairs[k]!] === classes[pairs[k + 1]!]) return false;
  return true;
}

/** The finalizer of MurmurHash3 (Appleby, 2011). */
function mixed(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
