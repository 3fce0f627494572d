import { Matrix } from "ml-matrix";
import { MoleculeProperties } from "openchemlib";
import type { Atom } from "../molecule/atom.ts";
import type { Molecule } from "../molecule/molecule.ts";

/**
 * Numbers that describe a whole molecule.
 *
 * | name | holds |
 * |---|---|
 * | `logP` | the logarithm of the partition coefficient between octanol and water, estimated by openchemlib (cLogP) |
 * | `logS` | the logarithm of the solubility in water in mol/l, estimated by openchemlib |
 * | `polarSurfaceArea` | in square ångström, from fragments (TPSA) |
 * | `hydrogenBondDonors`, `hydrogenBondAcceptors` | counts |
 * | `rotatableBonds` | count |
 * | `weight` | mean mass, in unified atomic mass units |
 * | `heavyAtoms`, `hydrogens`, `carbons`, `nitrogens`, `oxygens`, `sulfurs`, `phosphorus`, `fluorines`, `chlorines`, `bromines`, `iodines` | counts of atoms |
 * | `heteroatoms` | count of atoms other than carbon and hydrogen |
 * | `charge` | sum of the formal charges |
 * | `chargedAtoms` | count of atoms with a formal charge |
 * | `stereocenters` | count of atoms that can be centers of chirality |
 * | `rings` | count of rings: bonds less atoms plus fragments |
 * | `aromaticRings` | count |
 * | `aromaticAtoms` | count |
 * | `saturatedCarbons` | share of the carbons that are sp3 |
 * | `doubleBonds`, `tripleBonds`, `conjugatedBonds` | counts; aromatic bonds are conjugated and not double |
 * | `fragments` | count of parts that no bond joins |
 * | `largestRing` | size of the largest among the atoms' smallest rings |
 */
export const descriptorNames = [
  "logP",
  "logS",
  "polarSurfaceArea",
  "hydrogenBondDonors",
  "hydrogenBondAcceptors",
  "rotatableBonds",
  "weight",
  "heavyAtoms",
  "hydrogens",
  "carbons",
  "nitrogens",
  "oxygens",
  "sulfurs",
  "phosphorus",
  "fluorines",
  "chlorines",
  "bromines",
  "iodines",
  "heteroatoms",
  "charge",
  "chargedAtoms",
  "stereocenters",
  "rings",
  "aromaticRings",
  "aromaticAtoms",
  "saturatedCarbons",
  "doubleBonds",
  "tripleBonds",
  "conjugatedBonds",
  "fragments",
  "largestRing",
] as const;

/** One of {@link descriptorNames}. */
export type DescriptorName = (typeof descriptorNames)[number];

/** The descriptors of a molecule, by name. openchemlib's score of drug-likeness is not among them: it needs tables of 1.3 MB. */
export function descriptors(molecule: Molecule): Record<DescriptorName, number> {
  const toolkit = molecule.toolkit({ stereo: false });
  const properties = new MoleculeProperties(toolkit);
  const { atoms, bonds } = molecule;
  const count = (holds: (atom: Atom) => boolean): number => atoms.filter(holds).length;
  const element = (symbol: string): number => count((atom) => atom.element === symbol);
  const carbons = element("C");
  const fragments = fragmentCount(molecule);
  const heavyAtoms = count((atom) => atom.element !== "H");
  return {
    logP: properties.logP,
    logS: properties.logS,
    polarSurfaceArea: properties.polarSurfaceArea,
    hydrogenBondDonors: properties.donorCount,
    hydrogenBondAcceptors: properties.acceptorCount,
    rotatableBonds: properties.rotatableBondCount,
    weight: toolkit.getMolecularFormula().relativeWeight,
    heavyAtoms,
    hydrogens: atoms.reduce((sum, { hydrogens }) => sum + hydrogens, 0) + atoms.length - heavyAtoms,
    carbons,
    nitrogens: element("N"),
    oxygens: element("O"),
    sulfurs: element("S"),
    phosphorus: element("P"),
    fluorines: element("F"),
    chlorines: element("Cl"),
    bromines: element("Br"),
    iodines: element("I"),
    heteroatoms: heavyAtoms - carbons,
    charge: atoms.reduce((sum, { charge }) => sum + charge, 0),
    chargedAtoms: count(({ charge }) => charge !== 0),
    stereocenters: count(({ stereocenter }) => stereocenter),
    rings: bonds.length - atoms.length + fragments,
    aromaticRings: toolkit.getAromaticRingCount(),
    aromaticAtoms: count(({ aromatic }) => aromatic),
    saturatedCarbons:
      carbons === 0 ? 0 : count((atom) => atom.element === "C" && atom.hybridization === "sp3") / carbons,
    doubleBonds: bonds.filter(({ order, aromatic }) => order === 2 && !aromatic).length,
    tripleBonds: bonds.filter(({ order }) => order === 3).length,
    conjugatedBonds: bonds.filter(({ conjugated }) => conjugated).length,
    fragments,
    largestRing: atoms.reduce((largest, { ringSize }) => Math.max(largest, ringSize), 0),
  };
}

/** `[molecules, names]`: the descriptors of many molecules, in the order of `names`. Default: all. */
export function descriptorMatrix(
  molecules: readonly Molecule[],
  names: readonly DescriptorName[] = descriptorNames,
): Matrix {
  const matrix = new Matrix(molecules.length, names.length);
  for (const [row, molecule] of molecules.entries()) {
    const known = descriptors(molecule);
    for (const [column, name] of names.entries()) matrix.set(row, column, known[name]);
  }
  return matrix;
}

/** Count of parts that no bond joins. */
function fragmentCount({ atoms, bonds }: Molecule): number {
  const root = atoms.map((_, atom) => atom);
  const rootOf = (atom: number): number => {
    let at = atom;
    while (root[at] !== at) at = root[at] = root[root[at]!]!;
    return at;
  };
  let count = atoms.length;
  for (const { source, target } of bonds) {
    const [a, b] = [rootOf(source), rootOf(target)];
    if (a === b) continue;
    root[a] = b;
    count--;
  }
  return count;
}
