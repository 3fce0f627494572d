import { ShapeError } from "../errors.ts";
import { recordView } from "./record.ts";
import { checkShape, type Shape, sizeOf } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";

/**
 * The same numbers in another shape; shares the buffer.
 *
 * @throws ShapeError `wrong-length` when the counts differ, `not-a-shape` for lengths that are negative or no whole numbers.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkShape("reshape", shape);
  if (sizeOf(shape) !== x.size) {
    throw new ShapeError(
      "wrong-length",
      `reshape: got shape [${x.shape.join(", ")}] for [${shape.join(", ")}]; expected as many elements, ${x.size}.`,
    );
  }
  return recordView(x, shape, (gradient) => [reshape(gradient, x.shape)]);
}
