import { checkCount } from "../attention/neighborhood/check-counts.ts";
import type { Neighborhood } from "../attention/neighborhood/neighborhood.ts";
import { type Direction, rectangles } from "../attention/neighborhood/rectangles.ts";
import { checkOptionNames, OptionError } from "../errors.ts";
import { type ImageShape, imageCounts, imageShapeNames } from "./image-shape.ts";
import { recent } from "./recent.ts";

/** Options of {@link imageWindows}: the images, and how they are cut. */
export interface ImageWindowOptions extends ImageShape {
  /** Rows and columns of a window, in elements. Default: none, it is needed unless both `height` and `width` are given. */
  readonly size?: number;
  /** Rows of a window. Default `size`. */
  readonly height?: number;
  /** Columns of a window. Default `size`. */
  readonly width?: number;
  /** How many elements the borders between windows are moved down and to the right. Default 0. */
  readonly shift?: number;
  /** How many rows they are moved down. Default `shift`. */
  readonly rowShift?: number;
  /** How many columns they are moved to the right. Default `shift`. */
  readonly columnShift?: number;
  /** How many elements beyond its window, on each of the four sides, an element attends to. Default 0: windows do not overlap. */
  readonly overlap?: number;
}

/** The names of {@link ImageWindowOptions}, but for the overlap. */
export const imageWindowNames: readonly string[] = [
  ...imageShapeNames,
  "size",
  "height",
  "width",
  "shift",
  "rowShift",
  "columnShift",
];

const recentWindows = recent<Neighborhood>();

/**
 * Images cut into windows of `height` x `width`, the element in row `r` and column `c` in window
 *
 *     (floor((r - rowShift) / height), floor((c - columnShift) / width))
 *
 * of its image: each element attends to the elements of its own window, itself included (Liu et al., 2021, "Swin Transformer", section 3.2), and
 * with an `overlap` to those that are at most so many rows and columns beyond it (Chen et al., 2023, "Activating more pixels in image
 * super-resolution transformer", whose enlarged windows are `(1 + gamma) size` for `overlap = gamma size / 2`).
 *
 * Windows are cut at the border of the image. So windows that are shifted need no mask: what Swin rolls around to the other side of the image
 * to fill its windows, and then masks, was never together. Images need not be multiples of a window either.
 *
 * The same object for equal options, as long as it is among the eight that were asked for last, so that what attention computes for a neighborhood
 * is computed once in training. Has runs where each window holds all columns of the image, or one row.
 *
 * @throws OptionError `unknown-option`; `missing-input` for a size that is not known; `out-of-range` unless counts and sizes are whole numbers
 * above 0, and shifts and overlap whole numbers that are not negative.
 */
export function imageWindows(options: ImageWindowOptions): Neighborhood {
  const where = "imageWindows";
  checkOptionNames(where, options, [...imageWindowNames, "overlap"]);
  const counts = imageCounts(where, options);
  const { size, height = size, width = size, shift = 0, rowShift = shift, columnShift = shift, overlap = 0 } = options;
  if (height === undefined || width === undefined) {
    throw new OptionError(
      "missing-input",
      `${where}: got no ${height === undefined ? "height" : "width"} of a window; expected \`size\`, or both \`height\` and \`width\`.`,
    );
  }
  for (const [what, value] of Object.entries({ height, width })) checkCount(where, what, value, 1);
  for (const [what, value] of Object.entries({ shift, rowShift, columnShift, overlap })) checkCount(where, what, value);

  const rows = [counts.rows, height, rowShift % height, overlap] as const;
  const columns = [counts.columns, width, columnShift % width, overlap] as const;
  return recentWindows([counts.images, ...rows, ...columns], () =>
    rectangles({ kind: "image windows", grids: counts.images, rows: cut(...rows), columns: cut(...columns) }),
  );
}

/** How one direction of an image is cut. */
function cut(length: number, size: number, shift: number, overlap: number): Direction {
  const start = (place: number): number => Math.floor((place - shift) / size) * size + shift;
  return {
    length,
    step: 1,
    first: (place) => Math.max(0, start(place) - overlap),
    end: (place) => Math.min(length, start(place) + size + overlap),
  };
}
