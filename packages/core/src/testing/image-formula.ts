import type { Matrix } from "ml-matrix";

/** The rows of image `image` in a batch of images of so many pixels. */
export function imageOf(batch: Matrix, image: number, pixels: number): Matrix {
  return batch.subMatrix(image * pixels, (image + 1) * pixels - 1, 0, batch.columns - 1);
}
