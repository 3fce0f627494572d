import { checkOptionNames, DataError } from "../../errors.ts";
import { groupBy } from "../../tensor/group-by.ts";
import { bySets } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";

/** Options of {@link groups}. */
export interface GroupsOptions {
  /** The group of each element that is attended to. Default: the receivers are the senders. */
  readonly senders?: ArrayLike<number>;
}

/**
 * Each element attends to the elements of its own group, itself included: `N(i) = { j : senders[j] = groupOf[i] }`, in their order. The
 * elements of a group may lie anywhere, as those of a window of an image do in row-major order (Liu et al., 2021, "Swin transformer", section
 * 3.2); for groups that follow one another {@link sequences} says it shorter. Any numbers that are not negative name groups, and none has to
 * be in use.
 *
 * Has runs if the senders of each group follow one another.
 *
 * @throws DataError `out-of-range` for a group that is not a whole number or is negative.
 * @throws OptionError `unknown-option`.
 */
export function groups(groupOf: ArrayLike<number>, options: GroupsOptions = {}): Neighborhood {
  checkOptionNames("groups", options, ["senders"]);
  // Groups are numbered again in the order in which they appear, so that large numbers cost nothing.
  const known = new Map<number, number>();
  const ofReceiver = renumbered(groupOf, known);
  const ofSender = options.senders === undefined ? ofReceiver : renumbered(options.senders, known);
  const { offsets, permutation } = groupBy(ofSender, known.size);

  const family = { kind: "groups", receivers: ofReceiver.length, senders: ofSender.length };
  return bySets(family, offsets, permutation, (i) => ofReceiver[i]!);
}

function renumbered(groupOf: ArrayLike<number>, known: Map<number, number>): Uint32Array {
  const numbers = new Uint32Array(groupOf.length);
  for (let i = 0; i < groupOf.length; i++) {
    const group = groupOf[i]!;
    if (!(Number.isInteger(group) && group >= 0)) {
      throw new DataError(
        "out-of-range",
        `groups: got the group ${group} for element ${i}; expected a whole number that is not negative.`,
      );
    }
    let number = known.get(group);
    if (number === undefined) {
      number = known.size;
      known.set(group, number);
    }
    numbers[i] = number;
  }
  return numbers;
}
