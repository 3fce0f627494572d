import { DataError } from "../../errors.ts";
import { checkCount } from "./check-counts.ts";

/**
 * Where each of packed sequences begins, one after the other: one number more than sequences, the last of them the count of all elements.
 *
 * @throws DataError `out-of-range` for a length that is no whole number from 0; OptionError `out-of-range` for more than 2^32 - 1 elements.
 */
export function sequenceStarts(where: string, lengths: ArrayLike<number>): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  let total = 0;
  for (let k = 0; k < lengths.length; k++) {
    const length = lengths[k]!;
    if (!(Number.isSafeInteger(length) && length >= 0)) {
      throw new DataError(
        "out-of-range",
        `${where}: got the length ${length} for sequence ${k}; expected a whole number, 0 or more.`,
      );
    }
    total += length;
    starts[k + 1] = total;
  }
  checkCount(where, "elements in total", total);
  return starts;
}
