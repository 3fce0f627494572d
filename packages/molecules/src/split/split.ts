import { OptionError } from "@vicinal/core";

/** Which molecules to train on, to choose by and to measure on. */
export interface MoleculeSplit {
  /** Numbers of molecules, any count of them, ascending. */
  readonly train: Uint32Array;
  /** Numbers of molecules, any count of them, ascending. */
  readonly validation: Uint32Array;
  /** Numbers of molecules, any count of them, ascending. */
  readonly test: Uint32Array;
}

/** Shares of a split. */
export interface SplitShares {
  /** Share of the molecules to train on, from 0 to 1. Default 0.8. */
  readonly train?: number;
  /** Share of the molecules to choose by. Default 0.1. What is left is the test part. */
  readonly validation?: number;
}

/** @throws OptionError `out-of-range` */
export function checkedShares(where: string, { train = 0.8, validation = 0.1 }: SplitShares): Required<SplitShares> {
  // Shares such as 0.9 and 0.1 may sum to slightly more than 1.
  if (train >= 0 && validation >= 0 && train + validation <= 1 + 1e-9) return { train, validation };
  throw new OptionError(
    "out-of-range",
    `${where}: got the shares ${train} to train on and ${validation} to validate; expected numbers from 0 that sum to at most 1.`,
  );
}

export function ascending(numbers: readonly number[]): Uint32Array {
  return Uint32Array.from(numbers).sort();
}
