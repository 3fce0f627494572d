import type { DenseMatrix } from "@vicinal/core";
import type { EdgeListParts } from "@vicinal/graph";
import type { Atom, Bond } from "@vicinal/molecules";

/** What a formula follows from: a `Molecule` is one, and pieces of molecules are too. */
export interface Structure {
  readonly atoms: readonly Pick<Atom, "element" | "charge" | "hydrogens">[];
  readonly bonds: readonly Pick<Bond, "source" | "target" | "order">[];
}

/** The elements of molecules whose formula is learned: rarer ones are in too few of the embedded molecules to learn their letters. */
export const elements = ["C", "N", "O", "F", "P", "S", "Cl", "Br", "I"] as const;

/** Width of the features of atoms: the elements, and the charge. */
export const atomColumns = elements.length + 1;

/** Width of the features of bonds: single, double, triple. */
export const bondColumns = 3;

/** Whether every atom can be reached from every other along bonds. */
export function isConnected({ atoms, bonds }: Structure): boolean {
  const reached = new Set([0]);
  for (const atom of reached) {
    for (const { source, target } of bonds) {
      if (source === atom) reached.add(target);
      if (target === atom) reached.add(source);
    }
  }
  return reached.size === atoms.length;
}

/**
 * A structure as a graph: atoms know their element and charge, bonds their order, and nobody knows of hydrogens, which are to be inferred from the bonds
 * that an atom has. Each bond is two edges, one in each direction.
 */
export function structureParts({ atoms, bonds }: Structure): EdgeListParts {
  const features = zeros(atoms.length, atomColumns);
  for (const [row, { element, charge }] of atoms.entries()) {
    for (const [column, one] of elements.entries()) features.values[row * atomColumns + column] = +(one === element);
    features.values[row * atomColumns + elements.length] = charge;
  }
  const edgeFeatures = zeros(2 * bonds.length, bondColumns);
  for (const [bond, { order }] of bonds.entries()) {
    for (const edge of [2 * bond, 2 * bond + 1]) edgeFeatures.values[edge * bondColumns + order - 1] = 1;
  }
  return {
    nodes: atoms.length,
    edges: {
      sources: Uint32Array.from(bonds.flatMap(({ source, target }) => [source, target])),
      targets: Uint32Array.from(bonds.flatMap(({ source, target }) => [target, source])),
    },
    features,
    edgeFeatures,
  };
}

function zeros(rows: number, columns: number): DenseMatrix {
  return { kind: "dense", rows, columns, values: new Float32Array(rows * columns) };
}
