import { Molecule as Toolkit } from "openchemlib";
import type { Atom, Hybridization } from "../molecule/atom.ts";
import { type Feature, flag, number, oneOf } from "./feature.ts";

const symbols = ["B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "As", "Se", "Br", "Te", "I", "At"];
const hybridizations: readonly Hybridization[] = ["sp", "sp2", "sp3", "sp3d", "sp3d2"];

/** Atomic masses are divided by this: carbon's is 0.12. */
const massUnit = 100;

/** The features of atoms by name. What they hold is documented with `atomFeatureColumns`. */
export const atomFeatures: Readonly<Record<string, Feature<Atom>>> = Object.fromEntries(
  [
    oneOf<Atom, string>("symbol", symbols, ({ element }) => element, "other"),
    oneOf<Atom, number>("degree", [0, 1, 2, 3, 4, 5], ({ degree }) => degree, "last"),
    number<Atom>("charge", ({ charge }) => charge),
    number<Atom>("radicalElectrons", ({ radicalElectrons }) => radicalElectrons),
    oneOf<Atom, string>("hybridization", hybridizations, ({ hybridization }) => hybridization, "other"),
    flag<Atom>("aromatic", ({ aromatic }) => aromatic),
    oneOf<Atom, number>("hydrogens", [0, 1, 2, 3, 4], ({ hydrogens }) => hydrogens, "last"),
    flag<Atom>("stereocenter", ({ stereocenter }) => stereocenter),
    oneOf<Atom, string>("chirality", ["R", "S"], ({ chirality }) => chirality, "none"),
    oneOf<Atom, number>("ringSize", [0, 3, 4, 5, 6, 7, 8], ({ ringSize }) => Math.min(ringSize, 8), "last"),
    oneOf<Atom, number>("ringBonds", [0, 2, 3, 4], ({ ringBonds }) => Math.min(ringBonds, 4), "last"),
    flag<Atom>("isotope", ({ isotope }) => isotope > 0),
    number<Atom>("mass", ({ isotope, atomicNumber }) => (isotope || meanMass(atomicNumber)) / massUnit),
  ].map((feature) => [feature.name, feature] as const),
);

/** Rounded mass of the natural mixture, which tells elements apart as well as the exact one. */
function meanMass(atomicNumber: number): number {
  return Toolkit.cRoundedMass[atomicNumber] ?? 0;
}
