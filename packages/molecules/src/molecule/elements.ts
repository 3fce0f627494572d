import { Molecule as Toolkit } from "openchemlib";

/** The number of the last element of the periodic table. */
export const lastElement = 118;

/** Symbol of an element, such as `"Cl"`. */
export function elementSymbol(atomicNumber: number): string {
  return symbols[atomicNumber] ?? "?";
}

const symbols = Toolkit.cAtomLabel.slice(0, lastElement + 1);

/** Group of the main-group elements that organic molecules are made of, which is the count of their outer electrons. */
const outer: Readonly<Record<number, number>> = {
  1: 1,
  3: 1,
  4: 2,
  5: 3,
  6: 4,
  7: 5,
  8: 6,
  9: 7,
  11: 1,
  12: 2,
  13: 3,
  14: 4,
  15: 5,
  16: 6,
  17: 7,
  19: 1,
  20: 2,
  31: 3,
  32: 4,
  33: 5,
  34: 6,
  35: 7,
  37: 1,
  38: 2,
  49: 3,
  50: 4,
  51: 5,
  52: 6,
  53: 7,
  55: 1,
  56: 2,
  81: 3,
  82: 4,
  83: 5,
  84: 6,
  85: 7,
};

/** Count of outer electrons of a main-group element; undefined for metals of the middle groups and noble gases. */
export function outerElectrons(atomicNumber: number): number | undefined {
  return outer[atomicNumber];
}

/** The lowest usual valence of a main-group element: 4 for carbon, 3 for nitrogen, 2 for oxygen. */
export function usualValence(atomicNumber: number): number | undefined {
  const electrons = outer[atomicNumber];
  return electrons === undefined ? undefined : electrons <= 4 ? electrons : 8 - electrons;
}
