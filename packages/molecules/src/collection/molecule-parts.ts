import { type DenseMatrix, denseMatrix } from "@vicinal/core";
import type { EdgeListParts } from "@vicinal/graph";
import type { Feature, FeatureSet } from "../features/feature.ts";
import { featureSet, type MoleculeFeatures } from "../features/feature-set.ts";
import type { Molecule } from "../molecule/molecule.ts";

/**
 * A molecule as typed arrays, as `GraphCollection` and `batchGraphs` of `@vicinal/graph` take them. Each bond is two edges, one in each direction: those of
 * bond `b` are the edges `2 b` and `2 b + 1`, from `source` to `target` and back, with the same features.
 *
 * @throws OptionError `unknown-feature`, `unknown-option`
 */
export function moleculeParts(molecule: Molecule, features?: MoleculeFeatures): EdgeListParts {
  return partsOf(molecule, featureSet("moleculeParts", features));
}

export function partsOf({ atoms, bonds }: Molecule, set: FeatureSet): EdgeListParts {
  const sources = new Uint32Array(2 * bonds.length);
  const targets = new Uint32Array(2 * bonds.length);
  for (const [bond, { source, target }] of bonds.entries()) {
    sources[2 * bond] = targets[2 * bond + 1] = source;
    sources[2 * bond + 1] = targets[2 * bond] = target;
  }
  return {
    nodes: atoms.length,
    edges: { sources, targets },
    features: featureRows(set.atoms, atoms, 1),
    edgeFeatures: featureRows(set.bonds, bonds, 2),
  };
}

/** Rows of features, each as often as said. */
function featureRows<Item>(features: readonly Feature<Item>[], items: readonly Item[], repeated: number): DenseMatrix {
  const width = features.reduce((sum, { columns }) => sum + columns.length, 0);
  const values = new Float32Array(items.length * repeated * width);
  const step = width * repeated;
  let column = 0;
  // Feature by feature, which is twice as fast as item by item: the same function runs again and again.
  for (const feature of features) {
    for (let i = 0; i < items.length; i++) feature.write(items[i]!, values, i * step + column);
    column += feature.columns.length;
  }
  for (let row = 0; row < values.length; row += step) {
    for (let again = 1; again < repeated; again++) values.copyWithin(row + again * width, row, row + width);
  }
  return denseMatrix(items.length * repeated, width, values);
}
