import { Molecule as Toolkit } from "openchemlib";
import type { BondStereo } from "../molecule/atom.ts";
import type { DrawnAtoms } from "../molecule/drawn-atoms.ts";
import { cipOrder } from "./cip-order.ts";
import { dependentOrder } from "./dependent-order.ts";
import { arrangedPairs } from "./stereo-bonds.ts";
import { isTetrahedral } from "./stereocenters.ts";
import { allDiffer, symmetryClasses } from "./symmetry-classes.ts";

/** What is known of the configuration of a molecule. */
export interface Stereo {
  /** `[atoms]`: whether the atom is a center of chirality. */
  readonly stereocenter: readonly boolean[];
  /** `[atoms]` */
  readonly chirality: readonly ("R" | "S" | undefined)[];
  /** `[bonds]` */
  readonly bonds: readonly BondStereo[];
}

/**
 * The centers and double bonds of a molecule that can have two configurations, and which one they have where that was written.
 *
 * openchemlib reads the configurations; its names for them, R and S, E and Z, take it milliseconds a molecule. They are found here by the first of the
 * sequence rules, which decides nearly all, and where it leaves a tie openchemlib is asked after all. Centers that exist only because two others are
 * mirror images, as in tropan-3-ol, are named by the last of the rules.
 *
 * @param written Whether configurations were written.
 */
export function stereoOf(drawn: DrawnAtoms, isotope: readonly number[], toolkit: Toolkit, written: boolean): Stereo {
  const atoms = drawn.atomicNumber.length;
  const tetrahedral = drawn.atomicNumber.map((_, atom) => isTetrahedral(drawn, atom));
  const bondPairs = drawn.source.map((_, bond) => arrangedPairs(drawn, bond));
  const pairs: number[] = [];
  for (let atom = 0; atom < atoms; atom++) if (tetrahedral[atom] === true) pushPairs(drawn, atom, pairs);
  for (const each of bondPairs) if (each !== undefined) pairs.push(...each);
  const classes = symmetryClasses(drawn, isotope, pairs);
  const stereocenter = tetrahedral.map((each, atom) => each && differAround(drawn, classes, atom));
  const chirality = new Array<"R" | "S" | undefined>(atoms).fill(undefined);
  const bonds = bondPairs.map((each): BondStereo => (each !== undefined && allDiffer(classes, each) ? "any" : "none"));
  if (written) nameConfigurations(drawn, classes, toolkit, { stereocenter, chirality, bonds });
  return { stereocenter, chirality, bonds };
}

function nameConfigurations(
  drawn: DrawnAtoms,
  classes: readonly number[],
  toolkit: Toolkit,
  stereo: {
    readonly stereocenter: boolean[];
    readonly chirality: ("R" | "S" | undefined)[];
    readonly bonds: BondStereo[];
  },
): void {
  const { stereocenter, chirality, bonds } = stereo;
  // Parities go by openchemlib's numbers; they are read before it names anything, because that can change them.
  const parities = drawn.toolkitAtom.map((atom) => toolkit.getAtomParity(atom));
  const bondParities = drawn.toolkitBond.map((bond) => toolkit.getBondParity(bond));
  const tiedAtoms: number[] = [];
  const tiedBonds: number[] = [];
  const dependent: number[] = [];
  // Parity 1: with the last atom behind, the others run clockwise in the order of their numbers. R: the same in descending rank. What is not an atom, a
  // hydrogen or a lone pair, is the last in both.
  const nameOf = (atom: number, order: readonly number[]): "R" | "S" =>
    (parities[atom] === 1) === isEvenPermutation(numbersOf(drawn, order)) ? "R" : "S";
  for (const [atom, parity] of parities.entries()) {
    if (parity !== 1 && parity !== 2) continue;
    if (stereocenter[atom] !== true) {
      dependent.push(atom);
      continue;
    }
    const order = cipOrder(drawn, atom, neighborsOf(drawn, atom));
    if (order === undefined) tiedAtoms.push(atom);
    else chirality[atom] = nameOf(atom, order);
  }
  const namedFirst = chirality.slice();
  for (const atom of dependent) {
    const order = dependentOrder(drawn, classes, namedFirst, atom, neighborsOf(drawn, atom));
    if (order === undefined) continue;
    chirality[atom] = nameOf(atom, order);
    stereocenter[atom] = true;
  }
  for (const [bond, parity] of bondParities.entries()) {
    if (bonds[bond] === "none" || (parity !== 1 && parity !== 2)) continue;
    const [source, target] = [drawn.source[bond]!, drawn.target[bond]!];
    const [atSource, atTarget] = [higherIsLater(drawn, source, target), higherIsLater(drawn, target, source)];
    if (atSource === undefined || atTarget === undefined) tiedBonds.push(bond);
    else bonds[bond] = (parity === 1) === (atSource === atTarget) ? "E" : "Z";
  }
  if (tiedAtoms.length + tiedBonds.length === 0) return;
  toolkit.ensureHelperArrays(Toolkit.cHelperCIP);
  for (const atom of tiedAtoms) {
    chirality[atom] = ([undefined, "R", "S"] as const)[toolkit.getAtomCIPParity(drawn.toolkitAtom[atom]!)];
  }
  for (const bond of tiedBonds) {
    bonds[bond] = ([undefined, "E", "Z"] as const)[toolkit.getBondCIPParity(drawn.toolkitBond[bond]!)] ?? "any";
  }
}

/** Appends all pairs of an atom's neighbors. */
function pushPairs({ bondStarts, neighborOf }: DrawnAtoms, atom: number, pairs: number[]): void {
  for (let p = bondStarts[atom]!; p < bondStarts[atom + 1]!; p++) {
    for (let q = p + 1; q < bondStarts[atom + 1]!; q++) pairs.push(neighborOf[p]!, neighborOf[q]!);
  }
}

function differAround({ bondStarts, neighborOf }: DrawnAtoms, classes: readonly number[], atom: number): boolean {
  for (let p = bondStarts[atom]!; p < bondStarts[atom + 1]!; p++) {
    for (let q = p + 1; q < bondStarts[atom + 1]!; q++) {
      if (classes[neighborOf[p]!] === classes[neighborOf[q]!]) return false;
    }
  }
  return true;
}

function neighborsOf({ bondStarts, neighborOf }: DrawnAtoms, atom: number): number[] {
  return neighborOf.slice(bondStarts[atom]!, bondStarts[atom + 1]!);
}

function numbersOf({ toolkitAtom }: DrawnAtoms, atoms: readonly number[]): number[] {
  return atoms.map((atom) => toolkitAtom[atom]!);
}

/** Whether an even count of swaps brings the numbers into ascending order. */
function isEvenPermutation(numbers: readonly number[]): boolean {
  let inversions = 0;
  for (let i = 0; i < numbers.length; i++) {
    for (let j = i + 1; j < numbers.length; j++) if (numbers[i]! > numbers[j]!) inversions++;
  }
  return inversions % 2 === 0;
}

/**
 * Whether, of the two atoms at one end of a double bond, the one of higher rank has the higher number: openchemlib's parity goes by the lower. Undefined
 * where the first sequence rule leaves them equal.
 */
function higherIsLater(drawn: DrawnAtoms, end: number, otherEnd: number): boolean | undefined {
  const neighbors = neighborsOf(drawn, end).filter((neighbor) => neighbor !== otherEnd);
  const order = cipOrder(drawn, end, neighbors);
  if (order === undefined) return undefined;
  const [higher, lower] = numbersOf(drawn, order);
  return higher !== undefined && lower !== undefined && higher > lower;
}
