import { byRule, byRuns } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";

/** What each place of one direction of a grid sees: every `step`-th place from the first one on. */
export interface Direction {
  /** Count of places. */
  readonly length: number;
  /** Distance between places that are seen. */
  readonly step: number;
  /** The first place that is seen from a place. */
  first(place: number): number;
  /** The place after the last one that is seen. */
  end(place: number): number;
}

/** The window around a place in one direction. */
export function around(length: number, step: number, radius = Number.POSITIVE_INFINITY): Direction {
  /** How far a place sees in a direction in which so many places follow. */
  const reach = (places: number): number => Math.min(radius, Math.floor(places / step)) * step;
  return {
    length,
    step,
    first: (place) => place - reach(place),
    end: (place) => place + reach(length - 1 - place) + 1,
  };
}

/** Grids whose elements attend to rectangles. */
export interface Rectangles {
  readonly kind: string;
  /** Count of grids, all alike: one after the other, each row after row. Nothing attends to another grid. */
  readonly grids: number;
  /** Which rows are seen from a row. */
  readonly rows: Direction;
  /** Which columns are seen from a column, with the step of `rows`. */
  readonly columns: Direction;
}

/** Each element attends to the rectangle of rows and columns that it sees. Has runs where each rectangle has no gaps, and is one row high or as wide as the grid. */
export function rectangles({ kind, grids, rows, columns }: Rectangles): Neighborhood {
  const { length: width, step } = columns;
  const cells = rows.length * width;
  const family = { kind, receivers: grids * cells, senders: grids * cells };
  const rowOf = (i: number): number => Math.floor((i % cells) / width);
  const columnOf = (i: number): number => i % width;
  const firstRow = (i: number): number => i - (i % cells) + rows.first(rowOf(i)) * width;
  const endRow = (i: number): number => i - (i % cells) + rows.end(rowOf(i)) * width;
  if (step === 1 && (allSee(columns, width) || allSee(rows, 1))) {
    return byRuns({
      ...family,
      start: (i) => firstRow(i) + columns.first(columnOf(i)),
      end: (i) => endRow(i) - width + columns.end(columnOf(i)),
    });
  }
  return byRule({
    ...family,
    degree: (i) => seenFrom(rows, rowOf(i)) * seenFrom(columns, columnOf(i)),
    write: (i, out, at) => {
      const [last, first, end] = [endRow(i), columns.first(columnOf(i)), columns.end(columnOf(i))];
      for (let row = firstRow(i); row < last; row += step * width) {
        for (let column = first; column < end; column += step) out[at++] = row + column;
      }
    },
  });
}

/** How many places are seen from a place. */
function seenFrom(direction: Direction, place: number): number {
  return Math.ceil((direction.end(place) - direction.first(place)) / direction.step);
}

function allSee(direction: Direction, count: number): boolean {
  for (let place = 0; place < direction.length; place++) if (seenFrom(direction, place) !== count) return false;
  return true;
}
