import { checkOptionNames } from "../../errors.ts";
import { checkCount } from "./check-counts.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { around, rectangles } from "./rectangles.ts";

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

  return rectangles({
    kind: "grid",
    grids: 1,
    rows: around(rows, dilation, rowRadius),
    columns: around(columns, dilation, columnRadius),
  });
}
