import { ShapeError } from "../errors.ts";
import { record } from "./record.ts";
import { type Shape, sameShape, sizeOf } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";

/** Whether a factor's last two dimensions are swapped before the product, at no cost. */
export interface MatmulOptions {
  /** For the first factor. Default false. */
  readonly transposeA?: boolean;
  /** For the second factor. Default false. */
  readonly transposeB?: boolean;
}

/**
 * The matrix product over the last two dimensions: `[..., m, k] x [..., k, n] -> [..., m, n]`. Leading dimensions are equal:
 * one product for each.
 *
 * @throws ShapeError `shapes-differ`.
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  const [m, k] = matrixShape(a, transposeA);
  const [kOfB, n] = matrixShape(b, transposeB);
  const lead = a.shape.slice(0, -2);
  if (k !== kOfB || !sameShape(lead, b.shape.slice(0, -2))) {
    throw new ShapeError(
      "shapes-differ",
      `matmul: got [${a.shape.join(", ")}]${transposeA ? " transposed" : ""} x [${b.shape.join(", ")}]` +
        `${transposeB ? " transposed" : ""}; expected the columns of the first to be the rows of the second, and equal leading dimensions.`,
    );
  }
  const shape: Shape = [...lead, m, n];
  return record({
    name: "matmul",
    shape,
    inputs: [a, b],
    forward: (out, engine) =>
      engine.run("matmul", { a: a.buffer, b: b.buffer, out, batch: sizeOf(lead), m, k, n, transposeA, transposeB }),
    backward: (gradient) => [
      a.requiresGrad
        ? transposeA
          ? matmul(b, gradient, { transposeA: transposeB, transposeB: true })
          : matmul(gradient, b, { transposeB: !transposeB })
        : undefined,
      b.requiresGrad
        ? transposeB
          ? matmul(gradient, a, { transposeA: true, transposeB: transposeA })
          : matmul(a, gradient, { transposeA: !transposeA })
        : undefined,
    ],
  });
}

function matrixShape(x: Tensor, transposed: boolean): [rows: number, columns: number] {
  const rows = x.shape.at(-2);
  const columns = x.shape.at(-1);
  if (rows === undefined || columns === undefined) {
    throw new ShapeError(
      "not-a-matrix",
      `matmul: got shape [${x.shape.join(", ")}]; expected at least two dimensions. Reshape the tensor first.`,
    );
  }
  return transposed ? [columns, rows] : [rows, columns];
}
