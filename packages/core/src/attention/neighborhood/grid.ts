import { checkOptionNames } from "../../errors.ts";
import { checkCount } from "./check-counts.ts";
import { byRule, byRuns } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";

/** Options of {@link grid}. A direction for which no radius is given is not bounded. */
export interface GridOptions {
  /** How many cells are attended to on each side of a cell, in both directions. Default: all. */
  readonly radius?: number;
  /** How many rows above and below are attended to. Default: `radius`. */
  readonly rowRadius?: number;
  /** How many columns to the left and to the right are attended to. Default: `radius`. */
  readonly columnRadius?: number;
  /** Distance between neighbors, in both directions. Default 1. */
  readonly dilation?: number;
}

/**
 * The cells of a 2-D grid, row after row: cell `(r, c)` is element `r * columns + c`. Each attends to the
 * `(2 * rowRadius + 1) x (2 * columnRadius + 1)` cells around it, itself in the middle, of which those beyond the border are left out
 * (Ramachandran et al., 2019, "Stand-alone self-attention in vision models", equation 2); with `dilation` d to those of them whose
 * row and column differ from its own by multiples of d, up to `radius * d`.
 *
 * Without options every cell attends to every cell. With `{ rowRadius: 0 }` to its row, and with `{ columnRadius: 0 }` to its column: axial
 * attention (Ho et al., 2019). A window at the border is cut, not moved inwards as that of neighborhood attention (Hassani et al., 2023).
 *
 * Has runs if `dilation` is 1 and the window is one row high or as wide as the grid.
 *
 * @throws OptionError `out-of-range` unless counts and radii are whole numbers that are not negative and the dilation a whole number above
 * 0; `unknown-option`.
 */
export function grid(rows: number, columns: number, options: GridOptions = {}): Neighborhood {
  checkOptionNames("grid", options, ["radius", "rowRadius", "columnRadius", "dilation"]);
  const { radius, rowRadius = radius, columnRadius = radius, dilation = 1 } = options;
  checkCount("grid", "rows", rows);
  checkCount("grid", "columns", columns);
  checkCount("grid", "cells", rows * columns);
  for (const [name, value] of Object.entries({ radius, rowRadius, columnRadius })) {
    if (value !== undefined) checkCount("grid", name, value);
  }
  checkCount("grid", "dilation", dilation, 1);

  const cells = rows * columns;
  const family = { kind: "grid", receivers: cells, senders: cells };
  const vertical = new Axis(rows, rowRadius, dilation);
  const horizontal = new Axis(columns, columnRadius, dilation);
  const rowOf = (i: number): number => Math.floor(i / columns);
  const columnOf = (i: number): number => i % columns;
  if (dilation === 1 && (vertical.radius === 0 || horizontal.radius >= columns - 1)) {
    return byRuns({
      ...family,
      start: (i) => vertical.first(rowOf(i)) * columns + horizontal.first(columnOf(i)),
      end: (i) => vertical.last(rowOf(i)) * columns + horizontal.last(columnOf(i)) + 1,
    });
  }
  return byRule({
    ...family,
    degree: (i) => vertical.count(rowOf(i)) * horizontal.count(columnOf(i)),
    write: (i, out, at) => {
      const [lastRow, lastColumn] = [vertical.last(rowOf(i)), horizontal.last(columnOf(i))];
      const firstColumn = horizontal.first(columnOf(i));
      for (let r = vertical.first(rowOf(i)); r <= lastRow; r += dilation) {
        for (let c = firstColumn; c <= lastColumn; c += dilation) out[at++] = r * columns + c;
      }
    },
  });
}

/** The window around a place in one direction. */
class Axis {
  readonly length: number;
  readonly radius: number;
  readonly dilation: number;

  constructor(length: number, radius: number | undefined, dilation: number) {
    this.length = length;
    this.radius = radius ?? Number.POSITIVE_INFINITY;
    this.dilation = dilation;
  }

  first(place: number): number {
    return place - Math.min(this.radius, Math.floor(place / this.dilation)) * this.dilation;
  }

  last(place: number): number {
    return place + Math.min(this.radius, Math.floor((this.length - 1 - place) / this.dilation)) * this.dilation;
  }

  count(place: number): number {
    return (this.last(place) - this.first(place)) / this.dilation + 1;
  }
}
