import { ShapeError } from "./errors.ts";
import type { Shape } from "./tensor/shapes.ts";

/** What each dimension of a tensor must be: a length, or the name of a dimension of any length. */
type ExpectedShape = readonly (number | string)[];

/** The lengths of as many dimensions as are expected. */
type Lengths<Expected extends ExpectedShape> = Shape & { readonly [Dimension in keyof Expected]: number };

/**
 * The lengths of a tensor's dimensions.
 *
 * @param why What follows the expected shape in the sentence, such as `", because …"` or `". Receivers follow from …"`.
 * @throws ShapeError `shapes-differ` for another count of dimensions or another length.
 */
export function expectShape<const Expected extends ExpectedShape>(
  where: string,
  what: string,
  { shape }: { readonly shape: Shape },
  expected: Expected,
  why = "",
): Lengths<Expected> {
  if (hasShape(shape, expected)) return shape;
  throw new ShapeError(
    "shapes-differ",
    `${where}: got ${what} of shape [${shape.join(", ")}]; expected [${expected.join(", ")}]${why}.`,
  );
}

/** @throws ShapeError `shapes-differ` unless `width` is the length of the last dimension. */
export function expectWidth(where: string, { shape }: { readonly shape: Shape }, width: number): void {
  if (shape.at(-1) === width) return;
  throw new ShapeError(
    "shapes-differ",
    `${where}: got an input of shape [${shape.join(", ")}]; expected ${width} in the last dimension.`,
  );
}

function hasShape<Expected extends ExpectedShape>(shape: Shape, expected: Expected): shape is Lengths<Expected> {
  return (
    shape.length === expected.length &&
    expected.every((length, dimension) => typeof length === "string" || length === shape[dimension])
  );
}
