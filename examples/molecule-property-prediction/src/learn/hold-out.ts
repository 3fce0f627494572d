import { Random } from "@vicinal/core";
import type { Split } from "@vicinal/datasets";
import { randomSplit, scaffoldSplit } from "@vicinal/molecules";
import { knownOf, type MoleculeInput } from "../input/molecule-input.ts";

/** Of fewer known molecules none are held out: parts of them would be too small to tell anything. */
const FEWEST_TO_HOLD_OUT = 30;

/** Which molecules are learned from and which ones are held out, with how that was decided. */
export interface HeldOut {
  readonly split: Split;
  readonly how: string;
}

/** The molecules that predictions are judged by; where none were held out, those that were learned from. */
export function judgedBy({ train, validation, test }: Split): Uint32Array {
  return test.length > 0 ? test : validation.length > 0 ? validation : train;
}

/**
 * Holds out a tenth of the molecules to choose by and a tenth to measure on. A split that comes with the data is taken where it is of the kind asked
 * for; of several random ones, the one that the seed names. A molecule that is listed twice is in one part.
 *
 * @param same See `sameMolecules`.
 */
export function holdOut(
  input: MoleculeInput,
  same: Uint32Array,
  { split: kind, seed }: { readonly split: "random" | "scaffold"; readonly seed: number },
): HeldOut {
  const isKnown = (molecule: number) => knownOf(input, molecule).some((value) => !Number.isNaN(value));
  const known = Array.from(input.molecules.keys()).filter(isKnown);
  if (known.length < FEWEST_TO_HOLD_OUT) {
    const split = { train: Uint32Array.from(known), validation: new Uint32Array(), test: new Uint32Array() };
    return { split, how: `Fewer than ${FEWEST_TO_HOLD_OUT} molecules are known: all of them were learned from.` };
  }
  const given = kind === "scaffold" ? input.scaffoldSplit : input.splits[seed % Math.max(1, input.splits.length)];
  if (given !== undefined) {
    const part = (members: Uint32Array) => members.filter(isKnown);
    const split = { train: part(given.train), validation: part(given.validation), test: part(given.test) };
    const which =
      kind === "scaffold"
        ? "The scaffold split that comes"
        : `Random split ${(seed % input.splits.length) + 1} of the ${input.splits.length} that come`;
    return { split, how: `${which} with the data.` };
  }
  if (kind === "scaffold") {
    const { train, validation, test } = scaffoldSplit(known.map((molecule) => input.molecules[molecule]!));
    const part = (members: Uint32Array) => members.map((place) => known[place]!);
    return {
      split: { train: part(train), validation: part(validation), test: part(test) },
      how: "80 / 10 / 10 %, drawn so that no scaffold is in two parts.",
    };
  }
  const distinct = [...new Set(known.map((molecule) => same[molecule]!))];
  const drawn = randomSplit(distinct.length, { random: new Random(seed) });
  const part = (members: Uint32Array) => {
    const chosen = new Set(Array.from(members, (place) => distinct[place]!));
    return Uint32Array.from(known.filter((molecule) => chosen.has(same[molecule]!)));
  };
  return {
    split: { train: part(drawn.train), validation: part(drawn.validation), test: part(drawn.test) },
    how: `80 / 10 / 10 %, drawn at random with the seed ${seed}.`,
  };
}
