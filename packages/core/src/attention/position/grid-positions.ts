import { checkCounts } from "../../check-options.ts";
import { DataError } from "../../errors.ts";
import { type PositionLookup, positionLookup } from "./positions.ts";

/** Where elements stand in a grid: the row and the column of each, whole numbers. */
export interface GridPositions {
  /** The row of each element. */
  readonly rows: ArrayLike<number>;
  /** The column of each element. */
  readonly columns: ArrayLike<number>;
}

/** Where the elements of both sides of a neighborhood stand in a grid. */
export interface GridSidePositions {
  /** The place of each receiver. Default: the elements are packed grids of the size that the module was made for, row after row. */
  readonly receivers?: GridPositions | undefined;
  /** The place of each sender. Default: as the default of the receivers. */
  readonly senders?: GridPositions | undefined;
}

/**
 * The places of the elements of a grid, row after row: element `r * columns + c` stands in row `r` and column `c`.
 *
 * @throws OptionError `out-of-range` unless both counts are whole numbers above 0.
 */
export function gridPositions(rows: number, columns: number): GridPositions {
  checkCounts("gridPositions", { rows, columns });
  const elements = { length: rows * columns };
  return {
    rows: Uint32Array.from(elements, (_, k) => Math.floor(k / columns)),
    columns: Uint32Array.from(elements, (_, k) => k % columns),
  };
}

/** How large the grids of packed elements are, and how far offsets reach: `rows - 1` rows and `columns - 1` columns either way. */
export interface GridSize {
  /** Count of rows. */
  readonly rows: number;
  /** Count of columns. */
  readonly columns: number;
}

/** How many places of one axis the sender of a pair is from the receiver. */
export type GridOffset = (receiver: number, sender: number) => number;

/** How many rows and columns one element of a pair is from the other. */
export interface GridOffsets {
  /** The sender's row minus the receiver's. */
  readonly down: GridOffset;
  /** The sender's column minus the receiver's. */
  readonly right: GridOffset;
}

/**
 * The offsets of pairs, refused where they reach farther than a grid of this size allows.
 *
 * @throws DataError `not-a-position` or `wrong-length` at once for positions that are not whole or not equally many; later `wrong-length` for an
 * element without a place, `out-of-range` for a pair that is too far apart or in two of the packed grids.
 */
export function gridOffsets(where: string, size: GridSize, { receivers, senders }: GridSidePositions): GridOffsets {
  const ofReceivers = placesOf(where, "receiver", size, receivers);
  const ofSenders = placesOf(where, "sender", size, senders);
  const expected =
    `expected pairs within a grid of ${size.rows} x ${size.columns}. Give the positions of both sides, or a neighborhood of nearer ` +
    "elements.";

  const along =
    (axis: "row" | "column", length: number): GridOffset =>
    (receiver, sender) => {
      if (ofReceivers.grid(receiver) !== ofSenders.grid(sender)) {
        throw new DataError(
          "out-of-range",
          `${where}: receiver ${receiver} and sender ${sender} are in two of the packed grids; ${expected}`,
        );
      }
      const offset = ofSenders[axis](sender) - ofReceivers[axis](receiver);
      if (Math.abs(offset) < length) return offset;
      throw new DataError(
        "out-of-range",
        `${where}: receiver ${receiver} and sender ${sender} are ${Math.abs(offset)} ${axis}s apart; ${expected}`,
      );
    };

  return { down: along("row", size.rows), right: along("column", size.columns) };
}

interface Places {
  readonly row: PositionLookup;
  readonly column: PositionLookup;
  /** Which of the packed grids; all places that were given are in one. */
  readonly grid: PositionLookup;
}

function placesOf(
  where: string,
  side: "receiver" | "sender",
  { rows, columns }: GridSize,
  positions: GridPositions | undefined,
): Places {
  if (positions === undefined) {
    const size = rows * columns;
    return {
      row: (element) => Math.floor((element % size) / columns),
      column: (element) => element % columns,
      grid: (element) => Math.floor(element / size),
    };
  }
  if (positions.rows.length !== positions.columns.length) {
    throw new DataError(
      "wrong-length",
      `${where}: got the rows of ${positions.rows.length} ${side}s and the columns of ${positions.columns.length}; expected both of each.`,
    );
  }
  return {
    row: positionLookup(where, side, positions.rows),
    column: positionLookup(where, side, positions.columns),
    grid: () => 0,
  };
}
