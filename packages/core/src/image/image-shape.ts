import { checkCount } from "../attention/neighborhood/check-counts.ts";
import { checkCounts } from "../check-options.ts";
import { checkOptionNames } from "../errors.ts";
import { expectShape } from "../expect-shape.ts";
import { reshape } from "../tensor/reshape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Images as elements: `[images * rows * columns, width]`, one image after the other, each row after row, the channels of a pixel (or patch) side
 * by side. Pixel `(r, c)` of image `b` is element `(b * rows + r) * columns + c`. What NumPy calls `[images, rows, columns, width]`, flattened.
 */
export interface ImageShape {
  /** Rows of an image. */
  readonly rows: number;
  /** Columns of an image. */
  readonly columns: number;
  /** Count of images, all of one size. Default 1. */
  readonly images?: number;
}

/** The names of {@link ImageShape}. */
export const imageShapeNames: readonly string[] = ["rows", "columns", "images"];

/** An image shape with its default, and what follows from it. */
export interface ImageCounts {
  readonly rows: number;
  readonly columns: number;
  readonly images: number;
  /** Count of elements of an image. */
  readonly pixels: number;
}

/** @throws OptionError `out-of-range` unless all counts are whole numbers above 0, and there are no more than 2^32 - 1 elements. */
export function imageCounts(where: string, { rows, columns, images = 1 }: ImageShape): ImageCounts {
  checkCounts(where, { rows, columns, images });
  const pixels = rows * columns;
  checkCount(where, "elements", images * pixels);
  return { rows, columns, images, pixels };
}

/**
 * The counts of the images `x`.
 *
 * @throws OptionError as {@link imageCounts}, and `unknown-option`; ShapeError `shapes-differ` unless `x` is `[elements, width]`.
 */
export function countsOfImages(where: string, x: Tensor, shape: ImageShape, width: number): ImageCounts {
  checkOptionNames(where, shape, imageShapeNames);
  const counts = imageCounts(where, shape);
  const { images, rows, columns, pixels } = counts;
  expectShape(where, "x", x, [images * pixels, width], `, the pixels of ${images} images of ${rows} x ${columns}`);
  return counts;
}

/** Images `x` apart: `[images, pixels, width]`. Throws as {@link countsOfImages}. */
export function byImage(where: string, x: Tensor, shape: ImageShape, width: number): Tensor {
  const { images, pixels } = countsOfImages(where, x, shape, width);
  return reshape(x, [images, pixels, width]);
}
