import type { Molecule as Toolkit } from "openchemlib";

/**
 * What openchemlib says of the atoms of a molecule and of their bonds, as arrays, in the order in which the atoms were written. What is derived from it,
 * such as conjugation, is not there yet. The arrays are plain ones: for molecules typed arrays take several times as long to make as to fill.
 */
export interface DrawnAtoms {
  /** `[atoms]`: the number that openchemlib gives each atom. It moves explicit hydrogens behind the others. */
  readonly toolkitAtom: readonly number[];
  readonly atomicNumber: readonly number[];
  readonly charge: readonly number[];
  readonly hydrogens: readonly number[];
  readonly radicalElectrons: readonly number[];
  readonly degree: readonly number[];
  /** `[atoms]`: the sum of the orders of an atom's bonds. */
  readonly bondOrders: readonly number[];
  readonly aromatic: readonly number[];
  readonly ringSize: readonly number[];
  /** `[bonds]`: the lower of the two atoms. */
  readonly source: readonly number[];
  readonly target: readonly number[];
  /** `[bonds]`: the number that openchemlib gives each bond. */
  readonly toolkitBond: readonly number[];
  readonly order: readonly number[];
  readonly aromaticBond: readonly number[];
  readonly bondRingSize: readonly number[];
  /** `[atoms + 1]`: the bonds of atom `i` are `bondOf[bondStarts[i]]` to `bondOf[bondStarts[i + 1] - 1]`. */
  readonly bondStarts: readonly number[];
  readonly bondOf: readonly number[];
  /** The atom at the other end, in step with `bondOf`. */
  readonly neighborOf: readonly number[];
}

/**
 * @param toolkit With its rings found.
 * @param toolkitAtom Its number of each atom that is wanted, in the order wanted. Atoms left out are hydrogens.
 */
export function drawnAtoms(toolkit: Toolkit, toolkitAtom: readonly number[]): DrawnAtoms {
  const atoms = toolkitAtom.length;
  const place = new Array<number>(toolkit.getAllAtoms()).fill(-1);
  for (let i = 0; i < atoms; i++) place[toolkitAtom[i]!] = i;
  const drawn = {
    toolkitAtom,
    atomicNumber: zeros(atoms),
    charge: zeros(atoms),
    hydrogens: zeros(atoms),
    radicalElectrons: zeros(atoms),
    degree: zeros(atoms),
    bondOrders: zeros(atoms),
    aromatic: zeros(atoms),
    ringSize: zeros(atoms),
    bondStarts: zeros(atoms + 1),
  };
  for (let i = 0; i < atoms; i++) {
    const atom = toolkitAtom[i]!;
    drawn.atomicNumber[i] = toolkit.getAtomicNo(atom);
    drawn.charge[i] = toolkit.getAtomCharge(atom);
    drawn.hydrogens[i] = toolkit.getImplicitHydrogens(atom);
    drawn.radicalElectrons[i] = unpaired[toolkit.getAtomRadical(atom)] ?? 0;
    drawn.aromatic[i] = toolkit.isAromaticAtom(atom) ? 1 : 0;
    drawn.ringSize[i] = toolkit.getAtomRingSize(atom);
  }
  const all = toolkit.getAllBonds();
  const kept: number[] = [];
  const source: number[] = [];
  const target: number[] = [];
  for (let bond = 0; bond < all; bond++) {
    const a = place[toolkit.getBondAtom(0, bond)]!;
    const b = place[toolkit.getBondAtom(1, bond)]!;
    if (a === -1 || b === -1) {
      // One end is a hydrogen that is not wanted as an atom.
      const other = a === -1 ? b : a;
      if (other !== -1) drawn.hydrogens[other]!++;
      continue;
    }
    kept.push(bond);
    source.push(Math.min(a, b));
    target.push(Math.max(a, b));
    drawn.degree[a]!++;
    drawn.degree[b]!++;
  }
  const bonds = kept.length;
  const order = zeros(bonds);
  const aromaticBond = zeros(bonds);
  const bondRingSize = zeros(bonds);
  const bondOf = zeros(2 * bonds);
  const neighborOf = zeros(2 * bonds);
  for (let i = 0; i < atoms; i++) drawn.bondStarts[i + 1] = drawn.bondStarts[i]! + drawn.degree[i]!;
  const next = drawn.bondStarts.slice(0, atoms);
  for (let k = 0; k < bonds; k++) {
    const bond = kept[k]!;
    const a = source[k]!;
    const b = target[k]!;
    order[k] = toolkit.getBondOrder(bond);
    aromaticBond[k] = toolkit.isAromaticBond(bond) ? 1 : 0;
    bondRingSize[k] = toolkit.getBondRingSize(bond);
    drawn.bondOrders[a]! += order[k]!;
    drawn.bondOrders[b]! += order[k]!;
    bondOf[next[a]!] = bondOf[next[b]!] = k;
    neighborOf[next[a]!++] = b;
    neighborOf[next[b]!++] = a;
  }
  return {
    ...drawn,
    source,
    target,
    toolkitBond: kept,
    order,
    aromaticBond,
    bondRingSize,
    bondOf,
    neighborOf,
  };
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

/** openchemlib's `cAtomRadicalState`: singlet carbenes and triplets have two unpaired or free electrons, doublets one. */
const unpaired: Readonly<Record<number, number>> = { 16: 2, 32: 1, 48: 2 };
