import { DataError } from "../../errors.ts";
import { checkCount } from "./check-counts.ts";
import { bySets } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";

/**
 * Everyone attends to the elements that are present, and no one to padding: `N(i) = { j : present[j] }` for every receiver, those that are
 * padding themselves included. `present` has one entry a sender, `true` or 1 for an element and `false` or 0 for padding, as the attention
 * mask of most tokenizers has; PyTorch's `key_padding_mask` is its opposite. With other neighborhoods it is combined by
 * {@link intersection}. A batch needs no padding here: see {@link sequences}.
 *
 * Has runs if the elements that are present follow one another.
 *
 * @throws DataError `out-of-range` for a number other than 0 and 1.
 * @throws OptionError `out-of-range` unless `receivers` is a whole number that is not negative.
 */
export function keyPadding(present: ArrayLike<boolean | number>, receivers: number = present.length): Neighborhood {
  checkCount("keyPadding", "receivers", receivers);
  const kept = placesOf(present);
  const family = { kind: "key-padding", receivers, senders: present.length };
  return bySets(family, Uint32Array.of(0, kept.length), kept, () => 0);
}

function placesOf(present: ArrayLike<boolean | number>): Uint32Array {
  const places = new Uint32Array(present.length);
  let count = 0;
  for (let j = 0; j < present.length; j++) {
    const entry = present[j]!;
    if (entry !== true && entry !== false && entry !== 0 && entry !== 1) {
      throw new DataError(
        "out-of-range",
        `keyPadding: got ${entry} for element ${j}; expected true or 1 for an element, false or 0 for padding. A mask that is added to ` +
          "logits has 0 where this one has 1.",
      );
    }
    if (Number(entry) === 1) places[count++] = j;
  }
  return places.slice(0, count);
}
