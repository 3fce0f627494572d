import { checkOptionNames, DataError, Random } from "@vicinal/core";
import { holdOutFirst, itemsOf } from "./hold-out.ts";
import type { DrawnSplitOptions, ItemSplit, SplitFractions } from "./item-split.ts";

const fractionNames = ["testFraction", "validationFraction"];

/**
 * Splits items at random.
 *
 * @param items Their count, or their numbers, as many as there are items.
 * @throws DataError `too-few-items` when a part would be empty, `duplicate-item`, `index-out-of-range`; OptionError `unknown-option`, `out-of-range` unless
 * the fractions are from 0 and leave something to train on.
 */
export function splitRandomly(items: number | ArrayLike<number>, options: DrawnSplitOptions = {}): ItemSplit {
  const where = "splitRandomly";
  checkOptionNames(where, options, [...fractionNames, "seed"]);
  const { seed = 0, ...fractions } = options;
  return holdOutFirst(where, new Random(seed).fork().shuffle(itemsOf(where, items)), fractions);
}

/**
 * Splits items at random, so that each class has nearly its share in every part: as near as whole numbers allow, the parts being as large as the
 * fractions say. A class too small to be shared out is learned from.
 *
 * @param classes `[items]`, of each item by its number: names, numbers or anything else that can be told apart.
 * @throws As {@link splitRandomly}; DataError `index-out-of-range` for an item without a class.
 */
export function splitStratified(
  classes: ArrayLike<string | number | boolean>,
  options: DrawnSplitOptions & {
    /** Numbers of the items to split. Default: all that have a class. */
    readonly items?: ArrayLike<number> | undefined;
  } = {},
): ItemSplit {
  const where = "splitStratified";
  checkOptionNames(where, options, [...fractionNames, "seed", "items"]);
  const { seed = 0, items, ...fractions } = options;
  const random = new Random(seed).fork();
  const order = random.shuffle(checkedItems(where, items, classes.length, "classes"));
  const byClass = new Map<string | number | boolean, number[]>();
  for (const item of order) {
    const members = byClass.get(classes[item]!);
    if (members === undefined) byClass.set(classes[item]!, [item]);
    else members.push(item);
  }
  // The members of each class stand evenly spaced from 0, the first, to below 1: whatever is cut off at the upper end has its share of each.
  const place = new Map<number, number>();
  for (const members of byClass.values()) {
    for (const [rank, item] of members.entries()) place.set(item, rank / members.length);
  }
  return holdOutFirst(
    where,
    stableSort(order, (a, b) => place.get(b)! - place.get(a)!),
    fractions,
  );
}

/**
 * Splits items by time: the latest are tested on, those before them decide when to stop, the earliest are learned from, as they will be when the model
 * is used. Of items of one time those with the higher numbers count as later. What {@link splitRandomly} finds is often better, and is not what to expect
 * of the future.
 *
 * @param times `[items]`: of each item by its number, on any scale that grows.
 * @throws As {@link splitRandomly}; DataError `index-out-of-range` for an item without a time, `not-finite` for a time that is no finite number.
 */
export function splitByTime(
  times: ArrayLike<number>,
  options: SplitFractions & {
    /** Numbers of the items to split. Default: all that have a time. */
    readonly items?: ArrayLike<number> | undefined;
  } = {},
): ItemSplit {
  const where = "splitByTime";
  checkOptionNames(where, options, [...fractionNames, "items"]);
  const { items, ...fractions } = options;
  const order = checkedItems(where, items, times.length, "times");
  for (const item of order) {
    if (Number.isFinite(times[item])) continue;
    throw new DataError("not-finite", `${where}: item ${item} has the time ${times[item]}; expected finite numbers.`);
  }
  return holdOutFirst(
    where,
    stableSort(order, (a, b) => times[b]! - times[a]! || b - a),
    fractions,
  );
}

function checkedItems(
  where: string,
  items: ArrayLike<number> | undefined,
  count: number,
  what: string,
): Uint32Array<ArrayBufferLike> {
  const numbers = itemsOf(where, items ?? count);
  for (const item of numbers) {
    if (item < count) continue;
    throw new DataError(
      "index-out-of-range",
      `${where}: got the item ${item} and ${count} ${what}; expected one for each item, by its number.`,
    );
  }
  return numbers;
}

function stableSort(items: Uint32Array, compare: (a: number, b: number) => number): Uint32Array {
  return Uint32Array.from(Array.from(items).sort(compare));
}
