import { checkOptionNames, OptionError } from "@vicinal/core";
import type { Atom, Bond } from "../molecule/atom.ts";
import { atomFeatures } from "./atom-features.ts";
import { bondFeatures } from "./bond-features.ts";
import type { Feature, FeatureSet } from "./feature.ts";

/** Features by name, or made by yourself. */
export interface ChosenFeatures {
  /** Default: those of `"attentive-fp"`. */
  readonly atoms?: readonly (string | Feature<Atom>)[];
  /** Default: those of `"attentive-fp"`. */
  readonly bonds?: readonly (string | Feature<Bond>)[];
}

/** The sets of features that have a name; {@link MoleculeFeatures} says what is in them. */
export const moleculeFeatureSets = ["attentive-fp", "extended"] as const;

/**
 * Which features atoms and bonds get: a set by name, or a choice.
 *
 * - `"attentive-fp"`: the 39 features of atoms and 10 of bonds of PyTorch Geometric's `examples/attentive_fp.py`, in its order.
 * - `"extended"`: those, and for atoms the size of the smallest ring, the count of bonds in rings, whether an isotope is named and the mass; for
 *   bonds the size of the smallest ring and whether it is dative.
 */
export type MoleculeFeatures = (typeof moleculeFeatureSets)[number] | ChosenFeatures;

const attentiveFP = {
  atoms: [
    "symbol",
    "degree",
    "charge",
    "radicalElectrons",
    "hybridization",
    "aromatic",
    "hydrogens",
    "stereocenter",
    "chirality",
  ],
  bonds: ["order", "conjugated", "ring", "stereo"],
};

/** @throws OptionError `unknown-feature`, `unknown-option` */
export function featureSet(where: string, features: MoleculeFeatures = "attentive-fp"): FeatureSet {
  const chosen = chosenBy(where, features);
  return {
    atoms: (chosen.atoms ?? attentiveFP.atoms).map((each) => byName(`${where}: features.atoms`, each, atomFeatures)),
    bonds: (chosen.bonds ?? attentiveFP.bonds).map((each) => byName(`${where}: features.bonds`, each, bondFeatures)),
  };
}

/**
 * The names of the columns of atom features, in order: `feature=value` for a column that is 1 where the feature has this value and 0 elsewhere, `feature`
 * for one that holds a number.
 *
 * | feature | columns | holds |
 * |---|---|---|
 * | `symbol` | 16 | the element, one of B, C, N, O, F, Si, P, S, Cl, As, Se, Br, Te, I, At, other |
 * | `degree` | 6 | the count of neighbors that are atoms of the molecule, 0 to 5 or more |
 * | `charge` | 1 | the formal charge |
 * | `radicalElectrons` | 1 | the count of unpaired electrons |
 * | `hybridization` | 6 | sp, sp2, sp3, sp3d, sp3d2, other (such as a bare ion) |
 * | `aromatic` | 1 | whether it is in an aromatic ring, as openchemlib sees it |
 * | `hydrogens` | 5 | the count of bound hydrogens, 0 to 4 or more |
 * | `stereocenter` | 1 | whether it can be a center of chirality, known or not |
 * | `chirality` | 2 | R, S; neither where it is not known |
 *
 * and beyond those of `"attentive-fp"`:
 *
 * | feature | columns | holds |
 * |---|---|---|
 * | `ringSize` | 7 | the size of the smallest ring: 0, 3 to 7, 8 or more |
 * | `ringBonds` | 4 | the count of bonds in rings: 0, 2, 3, 4 or more |
 * | `isotope` | 1 | whether an isotope is named |
 * | `mass` | 1 | the mass number of the isotope, or the mean mass of the element, in hundreds of unified atomic mass units |
 *
 * @throws OptionError `unknown-feature`, `unknown-option`
 */
export function atomFeatureColumns(features?: MoleculeFeatures): string[] {
  return featureSet("atomFeatureColumns", features).atoms.flatMap(({ columns }) => columns);
}

/**
 * The names of the columns of bond features, in order, as {@link atomFeatureColumns}.
 *
 * | feature | columns | holds |
 * |---|---|---|
 * | `order` | 4 | single, double, triple, aromatic; none of them for a dative or fourfold bond |
 * | `conjugated` | 1 | whether it is part of a conjugated system |
 * | `ring` | 1 | whether it is part of a ring |
 * | `stereo` | 4 | none (one arrangement), any (two, not known which), Z, E |
 *
 * and beyond those of `"attentive-fp"`:
 *
 * | feature | columns | holds |
 * |---|---|---|
 * | `ringSize` | 7 | the size of the smallest ring: 0, 3 to 7, 8 or more |
 * | `dative` | 1 | whether it is a dative bond to a metal |
 *
 * @throws OptionError `unknown-feature`, `unknown-option`
 */
export function bondFeatureColumns(features?: MoleculeFeatures): string[] {
  return featureSet("bondFeatureColumns", features).bonds.flatMap(({ columns }) => columns);
}

function chosenBy(where: string, features: MoleculeFeatures): ChosenFeatures {
  if (features === "attentive-fp") return attentiveFP;
  if (features === "extended") return { atoms: Object.values(atomFeatures), bonds: Object.values(bondFeatures) };
  if (typeof features === "string") {
    throw new OptionError(
      "unknown-feature",
      `${where}: got the features ${JSON.stringify(features)}; expected "attentive-fp", "extended" or an object of lists.`,
    );
  }
  checkOptionNames(`${where}: features`, features, ["atoms", "bonds"]);
  return features;
}

function byName<Item>(
  where: string,
  feature: string | Feature<Item>,
  known: Readonly<Record<string, Feature<Item>>>,
): Feature<Item> {
  if (typeof feature !== "string") return feature;
  const found = Object.hasOwn(known, feature) ? known[feature] : undefined;
  if (found !== undefined) return found;
  throw new OptionError(
    "unknown-feature",
    `${where}: got "${feature}"; expected one of ${Object.keys(known)
      .map((name) => `"${name}"`)
      .join(", ")}, or a feature of your own.`,
  );
}
