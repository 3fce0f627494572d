import { checkOptionNames, OptionError } from "@vicinal/core";

/** How a molecule is read. */
export interface ReadOptions {
  /**
   * Of text that describes several molecules side by side, such as a salt: `"all"` keeps every fragment, `"largest"` the one with the most atoms, whose
   * charges are then neutralised by adding or removing hydrogens where that is possible. Default `"all"`.
   */
  readonly keep?: "all" | "largest";
  /**
   * What becomes of hydrogens that are written as atoms: `"fold"` counts them as hydrogens of the atom that they are bound to, `"atoms"` keeps them.
   * Hydrogens of a named isotope, charged ones, and those bound to nothing or only to hydrogen are atoms always. Default `"fold"`.
   */
  readonly explicitHydrogens?: "fold" | "atoms";
}

/** What becomes of input that cannot be read. */
export interface ReadManyOptions extends ReadOptions {
  /** `"throw"` ends with an error at the first, `"skip"` goes on and reports them all. Default `"throw"`. */
  readonly onInvalid?: "throw" | "skip";
}

/** An input that could not be read. */
export interface InvalidMolecule {
  /** Its place in the list, from 0. */
  readonly row: number;
  /** The SMILES, or the name of the record. */
  readonly smiles: string;
  /** A code of {@link MoleculeError}. */
  readonly code: string;
  /** What is wrong with it. */
  readonly reason: string;
}

export const readOptionNames = ["keep", "explicitHydrogens"] as const;

/** @throws OptionError `unknown-option`, or `out-of-range` for a value that is not one of those named. */
export function checkReadOptions(where: string, options: ReadManyOptions, names: readonly string[]): void {
  checkOptionNames(where, options, names);
  checkValue(where, "keep", options.keep, ["all", "largest"]);
  checkValue(where, "explicitHydrogens", options.explicitHydrogens, ["fold", "atoms"]);
  checkValue(where, "onInvalid", options.onInvalid, ["throw", "skip"]);
}

/** @throws OptionError `out-of-range` unless `value` is undefined or one of `choices`. */
function checkValue(where: string, what: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got ${what} ${JSON.stringify(value)}; expected one of ${choices.map((choice) => `"${choice}"`).join(", ")}.`,
  );
}
