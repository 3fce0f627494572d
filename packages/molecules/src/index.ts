/**
 * Molecules as graphs: SMILES and SD files to attributed graphs and batches, features, drawings, scaffold splits and a baseline on descriptors.
 *
 * @packageDocumentation
 */

export {
  type DescriptorRidge,
  type DescriptorRidgeOptions,
  descriptorRidge,
} from "./baseline/descriptor-ridge.ts";
export { type DescriptorName, descriptorMatrix, descriptorNames, descriptors } from "./baseline/descriptors.ts";
export {
  type MoleculeCollection,
  type MoleculeCollectionOptions,
  moleculeCollection,
} from "./collection/molecule-collection.ts";
export { moleculeParts } from "./collection/molecule-parts.ts";
export { type AtomAttributes, type BondAttributes, type GraphClass, toGraph } from "./collection/to-graph.ts";
export { type MoleculeSvgOptions, moleculeSvg } from "./draw/molecule-svg.ts";
export { MoleculeError, type MoleculeFault } from "./errors.ts";
export type { Feature } from "./features/feature.ts";
export {
  atomFeatureColumns,
  bondFeatureColumns,
  type ChosenFeatures,
  type MoleculeFeatures,
  moleculeFeatureSets,
} from "./features/feature-set.ts";
export type { Atom, Bond, BondStereo, Hybridization } from "./molecule/atom.ts";
export { Molecule } from "./molecule/molecule.ts";
export { type ToSmilesOptions, toSmiles } from "./molecule/to-smiles.ts";
export { moleculeFromSmiles, moleculesFromSmiles } from "./read/molecule-from-smiles.ts";
export { moleculeFromMol, moleculesFromSdf } from "./read/molecules-from-sdf.ts";
export type { InvalidMolecule, ReadManyOptions, ReadOptions } from "./read/read-options.ts";
export type { ReadMolecules } from "./read/read-rows.ts";
export { scaffold } from "./scaffold/scaffold.ts";
export { type RandomSplitOptions, randomSplit } from "./split/random-split.ts";
export { type ScaffoldSplit, scaffoldSplit } from "./split/scaffold-split.ts";
export type { MoleculeSplit, SplitShares } from "./split/split.ts";
