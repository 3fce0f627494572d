import type { Random } from "@vicinal/core";
import type { Molecule } from "@vicinal/molecules";
import { hillFormula } from "./hill-formula.ts";
import { madeUpStructure } from "./made-up-structures.ts";
import { elements, isConnected, type Structure } from "./structure.ts";

/** Which molecules are learned from, and how. */
export interface FormulaExampleOptions {
  /** The most atoms of a molecule, hydrogens not counted. */
  readonly mostAtoms: number;
  /** Count of structures that are made up from pieces of molecules. */
  readonly madeUp: number;
  readonly random: Random;
}

/** Molecules to learn formulae from, and others to write them for. */
export interface FormulaExamples {
  /** Molecules of the list. */
  readonly known: readonly Molecule[];
  /** Structures made up from pieces of `known`. */
  readonly madeUp: readonly Structure[];
  /** The places in the list of the molecules that are held out. */
  readonly heldOut: readonly number[];
}

/** How often a molecule with an element beside carbon, nitrogen and oxygen is taken to pieces, where another is once. */
const RARE_OFTEN = 3;

/**
 * Holds out a tenth of the molecules, and makes examples of the others. No example has the formula of a molecule held out: an isomer would give it away.
 *
 * @param molecules Those with fragments, other elements or more atoms are left out.
 */
export function formulaExamples(
  molecules: readonly Molecule[],
  { mostAtoms, madeUp, random }: FormulaExampleOptions,
): FormulaExamples {
  const usable = Array.from(molecules.keys()).filter((place) => isUsable(molecules[place]!, mostAtoms));
  random.shuffle(usable);
  const heldOut = usable.splice(0, Math.ceil(usable.length / 10)).sort((a, b) => a - b);
  const hidden = new Set(heldOut.map((place) => hillFormula(molecules[place]!)));
  const known = usable.map((place) => molecules[place]!).filter((molecule) => !hidden.has(hillFormula(molecule)));
  const pool = known.flatMap((molecule) => new Array<Structure>(isRare(molecule) ? RARE_OFTEN : 1).fill(molecule));
  const made: Structure[] = [];
  while (made.length < madeUp) {
    const structure = madeUpStructure(pool, mostAtoms, random);
    if (!hidden.has(hillFormula(structure))) made.push(structure);
  }
  return { known, madeUp: made, heldOut };
}

function isUsable(molecule: Molecule, mostAtoms: number): boolean {
  const { atoms, bonds } = molecule;
  const isKnown = (element: string) => elements.some((known) => known === element);
  const isPlain =
    atoms.every(({ element }) => isKnown(element)) && bonds.every(({ order }) => order >= 1 && order <= 3);
  return atoms.length <= mostAtoms && isPlain && isConnected(molecule);
}

function isRare({ atoms }: Structure): boolean {
  return atoms.some(({ element }) => !["C", "N", "O"].includes(element));
}
