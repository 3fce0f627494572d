import { checkOptionNames, OptionError, type Random } from "@vicinal/core";
import { ascending, checkedShares, type MoleculeSplit, type SplitShares } from "./split.ts";

/** Options of {@link randomSplit}. */
export interface RandomSplitOptions extends SplitShares {
  /** Decides which molecule goes where. */
  readonly random: Random;
}

/**
 * Splits molecules at random. Parts are rounded down, and the test part gets what is left.
 *
 * @param count Count of molecules.
 * @throws OptionError `unknown-option`, or `out-of-range` for shares that sum to more than 1.
 */
export function randomSplit(count: number, options: RandomSplitOptions): MoleculeSplit {
  const where = "randomSplit";
  checkOptionNames(where, options, ["train", "validation", "random"]);
  if (!(Number.isSafeInteger(count) && count >= 0)) {
    throw new OptionError("out-of-range", `${where}: got the count ${count}; expected a whole number from 0.`);
  }
  const shares = checkedShares(where, options);
  const order = options.random.shuffle(Array.from({ length: count }, (_, number) => number));
  const train = Math.floor(count * shares.train);
  const validation = Math.floor(count * (shares.train + shares.validation) + 1e-9);
  return {
    train: ascending(order.slice(0, train)),
    validation: ascending(order.slice(train, validation)),
    test: ascending(order.slice(validation)),
  };
}
