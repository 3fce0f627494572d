import { DataError } from "@vicinal/core";
import { GraphCollection } from "@vicinal/graph";
import { featureSet, type MoleculeFeatures } from "../features/feature-set.ts";
import { Molecule } from "../molecule/molecule.ts";
import { moleculesFromSmiles } from "../read/molecule-from-smiles.ts";
import { checkReadOptions, type InvalidMolecule, type ReadManyOptions, readOptionNames } from "../read/read-options.ts";
import type { ReadMolecules } from "../read/read-rows.ts";
import { partsOf } from "./molecule-parts.ts";

/** Options of {@link moleculeCollection}. */
export interface MoleculeCollectionOptions extends ReadManyOptions {
  /** Which features atoms and bonds get. Default `"attentive-fp"`. */
  readonly features?: MoleculeFeatures;
}

/** Molecules as typed arrays, to be batched many times. */
export interface MoleculeCollection {
  /** Graph `g` is molecule `g`; its edge `e` is of bond `e >> 1`. */
  readonly collection: GraphCollection;
  /** Those that could be read. */
  readonly molecules: readonly Molecule[];
  /** `[molecules]`: the place of each in the list, from 0: what its measured value is found by. */
  readonly rows: Uint32Array;
  /** What could not be read and was skipped. */
  readonly invalid: readonly InvalidMolecule[];
  /** Names of the columns of features of atoms. */
  readonly atomColumns: readonly string[];
  /** Names of the columns of features of bonds. */
  readonly bondColumns: readonly string[];
}

/**
 * Reads SMILES and makes graphs of them, without graphology in between. Molecules may be given in place of SMILES.
 *
 * @throws MoleculeError as `moleculesFromSmiles`, unless invalid ones are skipped; DataError `no-molecules` when there are none, or
 * none can be read; OptionError `unknown-option`, `unknown-feature`, `out-of-range`.
 */
export function moleculeCollection(
  molecules: readonly string[] | readonly Molecule[],
  options: MoleculeCollectionOptions = {},
): MoleculeCollection {
  const where = "moleculeCollection";
  checkReadOptions(where, options, [...readOptionNames, "onInvalid", "features"]);
  const { features, ...reading } = options;
  const set = featureSet(where, features);
  const read = areMolecules(molecules) ? given(molecules) : moleculesFromSmiles(molecules, reading);
  if (read.molecules.length === 0) {
    const [first] = read.invalid;
    const why =
      first === undefined
        ? "an empty list"
        : `${read.invalid.length} that cannot be read, the first because ${first.reason}`;
    throw new DataError("no-molecules", `${where}: got ${why}; expected at least one molecule.`);
  }
  return {
    ...read,
    collection: new GraphCollection(read.molecules.map((molecule) => partsOf(molecule, set))),
    atomColumns: set.atoms.flatMap(({ columns }) => columns),
    bondColumns: set.bonds.flatMap(({ columns }) => columns),
  };
}

function areMolecules(list: readonly string[] | readonly Molecule[]): list is readonly Molecule[] {
  return list[0] instanceof Molecule;
}

function given(molecules: readonly Molecule[]): ReadMolecules {
  return { molecules, rows: Uint32Array.from(molecules, (_, row) => row), invalid: [] };
}
