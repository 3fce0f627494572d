import { DataError, OptionError } from "@vicinal/core";
import type { ItemSplit, SplitFractions } from "./item-split.ts";

/** From how many items on some are held out for validation. */
const enoughToHoldOut = 50;

/**
 * The items to be split: the numbers below a count, or those of a list.
 *
 * @throws OptionError `out-of-range` for a count that is no whole number; DataError `index-out-of-range` for an item that is none, `duplicate-item`,
 * `too-few-items` without any.
 */
export function itemsOf(where: string, items: number | ArrayLike<number>): Uint32Array {
  if (typeof items === "number" && !(Number.isSafeInteger(items) && items >= 0)) {
    throw new OptionError("out-of-range", `${where}: got ${items} items; expected a whole number from 0.`);
  }
  const numbers =
    typeof items === "number" ? Uint32Array.from({ length: items }, (_, k) => k) : Uint32Array.from(items);
  if (numbers.length === 0) {
    throw new DataError("too-few-items", `${where}: got no items; expected at least one to learn from.`);
  }
  if (typeof items === "number") return numbers;
  const seen = new Set<number>();
  for (let k = 0; k < items.length; k++) {
    const item = items[k]!;
    if (numbers[k] !== item) {
      throw new DataError(
        "index-out-of-range",
        `${where}: got the item ${item}; expected whole numbers from 0, below 2^32.`,
      );
    }
    if (seen.has(item)) {
      throw new DataError("duplicate-item", `${where}: got the item ${item} twice; expected each to play one part.`);
    }
    seen.add(item);
  }
  return numbers;
}

/**
 * Cuts a list of items: the first are tested on, those after them decide when to stop, the rest is learned from.
 *
 * @throws OptionError `out-of-range` unless the fractions are from 0 and leave something to train on; DataError `too-few-items` when a part would be
 * empty.
 */
export function holdOutFirst(where: string, order: Uint32Array, fractions: SplitFractions): ItemSplit {
  const { testFraction = 0, validationFraction = order.length >= enoughToHoldOut ? 0.1 : 0 } = fractions;
  for (const [name, fraction] of Object.entries({ testFraction, validationFraction })) {
    if (fraction >= 0 && testFraction + validationFraction < 1) continue;
    throw new OptionError(
      "out-of-range",
      `${where}: got ${name} ${fraction}; expected fractions from 0 that together leave something to train on.`,
    );
  }
  const test = Math.round(testFraction * order.length);
  const held = test + Math.round(validationFraction * order.length);
  const isEmpty = (fraction: number, count: number): boolean => fraction > 0 && count === 0;
  if (isEmpty(testFraction, test) || isEmpty(validationFraction, held - test) || held >= order.length) {
    throw new DataError(
      "too-few-items",
      `${where}: got ${order.length} items to hold out ${testFraction} for testing and ${validationFraction} for validation; expected enough for at ` +
        "least one in each part and one to learn from. Hold out another share, or none.",
    );
  }
  return {
    train: order.slice(held).sort(),
    validation: order.slice(test, held).sort(),
    test: order.slice(0, test).sort(),
  };
}
