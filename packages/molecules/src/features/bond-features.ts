import type { Bond, BondStereo } from "../molecule/atom.ts";
import { type Feature, flag, oneOf } from "./feature.ts";

const stereos: readonly BondStereo[] = ["none", "any", "Z", "E"];
const kinds = ["", "single", "double", "triple"] as const;

/** The features of bonds by name. What they hold is documented with `bondFeatureColumns`. */
export const bondFeatures: Readonly<Record<string, Feature<Bond>>> = Object.fromEntries(
  [
    oneOf<Bond, string>("order", ["single", "double", "triple", "aromatic"], kindOf, "none"),
    flag<Bond>("conjugated", ({ conjugated }) => conjugated),
    flag<Bond>("ring", ({ ringSize }) => ringSize > 0),
    oneOf<Bond, string>("stereo", stereos, ({ stereo }) => stereo, "none"),
    oneOf<Bond, number>("ringSize", [0, 3, 4, 5, 6, 7, 8], ({ ringSize }) => Math.min(ringSize, 8), "last"),
    flag<Bond>("dative", ({ order }) => order === 0),
  ].map((feature) => [feature.name, feature] as const),
);

function kindOf({ aromatic, order }: Bond): string | undefined {
  return aromatic ? "aromatic" : kinds[order];
}
