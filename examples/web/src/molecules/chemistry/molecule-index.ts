import { type Molecule, toSmiles } from "@vicinal/molecules";

/**
 * Finds a molecule again, however it is written. Two are the same if their canonical SMILES are; these take a while, so that they are made only where
 * atoms and what is around them are alike.
 */
export class MoleculeIndex {
  readonly #alike = new Map<string, { readonly molecule: Molecule; readonly number: number }[]>();
  readonly #canonical = new WeakMap<Molecule, string>();

  /** The number of the molecule, if it was added. */
  find(molecule: Molecule): number | undefined {
    const candidates = this.#alike.get(wordsOf(molecule)) ?? [];
    return candidates.find((each) => this.#smilesOf(each.molecule) === this.#smilesOf(molecule))?.number;
  }

  /** Adds a molecule under a number. */
  add(molecule: Molecule, number: number): void {
    const words = wordsOf(molecule);
    const candidates = this.#alike.get(words);
    if (candidates === undefined) this.#alike.set(words, [{ molecule, number }]);
    else candidates.push({ molecule, number });
  }

  #smilesOf(molecule: Molecule): string {
    const known = this.#canonical.get(molecule);
    if (known !== undefined) return known;
    const smiles = toSmiles(molecule);
    this.#canonical.set(molecule, smiles);
    return smiles;
  }
}

/**
 * The number of the first molecule that is the same as each, `[molecules]`.
 */
export function firstOfEach(molecules: readonly Molecule[]): Uint32Array {
  const index = new MoleculeIndex();
  return Uint32Array.from(molecules, (molecule, number) => {
    const first = index.find(molecule);
    if (first === undefined) index.add(molecule, number);
    return first ?? number;
  });
}

/** Bonds away from an atom that are looked at. */
const radius = 3;

/**
 * What tells most molecules apart: the kinds of their atoms and of what is around them (Morgan, 1965), in no order, and the count of hydrogens and charges.
 * Which atom has a charge or a hydrogen is left out, as one molecule may be written with different ones.
 */
function wordsOf({ atoms, bonds }: Molecule): string {
  let kinds = atoms.map(({ element, ringSize }) => `${element}${ringSize}`);
  for (let step = 0; step < radius; step++) {
    const around = kinds.map((): string[] => []);
    for (const { source, target } of bonds) {
      around[source]!.push(kinds[target]!);
      around[target]!.push(kinds[source]!);
    }
    kinds = kinds.map((kind, atom) => hashed(`${kind}:${around[atom]!.sort().join(" ")}`));
  }
  const [hydrogens, charge] = [sum(atoms, "hydrogens"), sum(atoms, "charge")];
  return `${hydrogens} ${charge} ${kinds.sort().join(" ")}`;
}

function sum(atoms: Molecule["atoms"], name: "hydrogens" | "charge"): number {
  return atoms.reduce((total, atom) => total + atom[name], 0);
}

/** FNV-1a: short, and the same for the same text. Two texts with one hash cost time, not correctness. */
function hashed(text: string): string {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return (hash >>> 0).toString(36);
}
