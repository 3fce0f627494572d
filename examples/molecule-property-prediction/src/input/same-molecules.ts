import { type Molecule, toSmiles } from "@vicinal/molecules";
import { knownOf, type MoleculeInput } from "./molecule-input.ts";

/** A molecule that is listed more than once with numbers that differ. */
export interface Conflict {
  /** Numbers of molecules. */
  readonly molecules: readonly number[];
  /** The name of the target. */
  readonly target: string;
  /** `[molecules]`: what is known of each; NaN where nothing is. */
  readonly values: readonly number[];
}

/**
 * Numbers molecules so that those that are the same, however they are written, have the same number: by their canonical SMILES. These take a while, so
 * that they are only made of molecules whose atoms are alike.
 *
 * @returns `[molecules]`, from 0 in the order of the first of each.
 */
export function sameMolecules(molecules: readonly Molecule[]): Uint32Array {
  const surroundings = new Map<string, number>();
  const alike = grouped(molecules, (molecule) => atomsInWords(molecule, surroundings));
  const keys = new Map<string, number>();
  const keyOf = new Array<string>(molecules.length);
  for (const [words, members] of alike) {
    for (const number of members) keyOf[number] = members.length === 1 ? words : toSmiles(molecules[number]!);
  }
  return Uint32Array.from(keyOf, (key) => {
    const known = keys.get(key) ?? keys.size;
    keys.set(key, known);
    return known;
  });
}

/** What tells most molecules apart: the kinds of their atoms and of what is up to two bonds away (Morgan, 1965), in no order. */
function atomsInWords({ atoms, bonds }: Molecule, surroundings: Map<string, number>): string {
  const numberOf = (words: string): number => {
    const known = surroundings.get(words) ?? surroundings.size;
    surroundings.set(words, known);
    return known;
  };
  // Charges and hydrogens are left out: one molecule may be written with different ones.
  let kinds = atoms.map(({ element }) => numberOf(element));
  for (let step = 0; step < 2; step++) {
    const around = kinds.map((): number[] => []);
    for (const { source, target } of bonds) {
      around[source]!.push(kinds[target]!);
      around[target]!.push(kinds[source]!);
    }
    kinds = kinds.map((kind, atom) => numberOf(`${kind}: ${around[atom]!.sort((a, b) => a - b).join(" ")}`));
  }
  return kinds.sort((a, b) => a - b).join(" ");
}

/** Molecules that are listed more than once with different numbers. A network can only learn their mean. */
export function conflictsIn(input: MoleculeInput, same: Uint32Array): Conflict[] {
  return [...grouped(Array.from(same), (number) => number).values()].flatMap((molecules) =>
    input.targetNames.flatMap((target, t) => {
      const values = molecules.map((molecule) => knownOf(input, molecule)[t]!);
      const differ = new Set(values.filter((value) => !Number.isNaN(value))).size > 1;
      return differ ? [{ molecules, target, values }] : [];
    }),
  );
}

/** The places of items in a list, by a key of theirs. */
function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, number[]> {
  const groups = new Map<Key, number[]>();
  for (const [place, item] of items.entries()) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  return groups;
}
