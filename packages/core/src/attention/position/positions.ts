import { DataError } from "../../errors.ts";
import { sequenceStarts } from "../neighborhood/sequence-starts.ts";

/**
 * The position of each element within its own sequence: 0 to length - 1 for each of the `lengths`, one sequence after the other. Sequences
 * are packed, without padding.
 *
 * @throws DataError `out-of-range` for a length that is no whole number from 0; OptionError `out-of-range` for more than 2^32 - 1 elements.
 */
export function positionsOf(lengths: ArrayLike<number>): Uint32Array {
  const starts = sequenceStarts("positionsOf", lengths);
  const positions = new Uint32Array(starts[lengths.length]!);
  for (let k = 0; k < lengths.length; k++) {
    for (let i = 0; i < lengths[k]!; i++) positions[starts[k]! + i] = i;
  }
  return positions;
}

/** Where the elements of both sides of a neighborhood stand. */
export interface SidePositions {
  /** The position of each receiver: whole numbers. Default: the number of the element. */
  readonly receivers?: ArrayLike<number> | undefined;
  /** The position of each sender: whole numbers. Default: the number of the element. */
  readonly senders?: ArrayLike<number> | undefined;
}

/** Tells where an element stands. */
export type PositionLookup = (element: number) => number;

/**
 * Reads whole-number positions by element. Takes a copy.
 *
 * @throws DataError `not-a-position` at once for one that is no whole number; `wrong-length` later, for an element that has none.
 */
export function positionLookup(
  where: string,
  side: "receiver" | "sender",
  positions: ArrayLike<number> | undefined,
): PositionLookup {
  if (positions === undefined) return (element) => element;
  const copy = Float64Array.from(positions);
  const wrong = copy.findIndex((each) => !Number.isSafeInteger(each));
  if (wrong >= 0) {
    throw new DataError(
      "not-a-position",
      `${where}: got the position ${copy[wrong]} at ${wrong} of the ${side}s; expected whole numbers.`,
    );
  }
  return (element) => {
    const position = copy[element];
    if (position !== undefined) return position;
    throw new DataError(
      "wrong-length",
      `${where}: got ${copy.length} positions of ${side}s, none for ${side} ${element}; expected one for each element of the neighborhood.`,
    );
  };
}
