import { Matrix } from "ml-matrix";
import { defaultEngine } from "../engine/default-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { ShapeError } from "../errors.ts";
import { spendAllowance } from "./allowance.ts";
import { leave } from "./scope.ts";
import { checkShape, type Shape, sizeOf } from "./shapes.ts";
import { Storage } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/** Options of everything that makes tensors from plain numbers. */
export interface TensorOptions {
  /** Where the numbers live. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** Whether `backward()` computes a gradient for this tensor. Default false. */
  readonly requiresGrad?: boolean;
}

/**
 * A tensor from numbers (row-major) and their shape, or from an ml-matrix `Matrix`, whose shape is its own.
 *
 * @throws ShapeError `wrong-length` when there are not as many numbers as the shape says, `not-a-shape` for a shape with lengths that are
 * negative or no whole numbers.
 */
export function tensor(values: Matrix, options?: TensorOptions): Tensor;
export function tensor(values: ArrayLike<number>, shape: Shape, options?: TensorOptions): Tensor;
export function tensor(
  values: ArrayLike<number> | Matrix,
  shapeOrOptions?: Shape | TensorOptions,
  options?: TensorOptions,
): Tensor {
  if (Matrix.isMatrix(values)) {
    return fromNumbers(
      values.to1DArray(),
      [values.rows, values.columns],
      isShape(shapeOrOptions) ? options : shapeOrOptions,
    );
  }
  return fromNumbers(values, isShape(shapeOrOptions) ? shapeOrOptions : [values.length], options);
}

/**
 * A tensor of this shape, of zeros.
 *
 * @throws ShapeError `not-a-shape` for lengths that are negative or no whole numbers.
 */
export function zeros(shape: Shape, { engine = defaultEngine(), requiresGrad = false }: TensorOptions = {}): Tensor {
  checkShape("zeros", shape);
  spendAllowance(sizeOf(shape));
  return new Tensor(new Storage(engine, engine.allocate(sizeOf(shape))), shape, requiresGrad);
}

/** Zeros for the gradient of an input; undefined where it needs none. */
export function zerosForGradient({ requiresGrad, shape, engine }: Tensor): Tensor | undefined {
  return requiresGrad ? zeros(shape, { engine }) : undefined;
}

/**
 * A tensor of this shape, of one repeated number.
 *
 * @throws ShapeError `not-a-shape` for lengths that are negative or no whole numbers.
 */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  const result = zeros(shape, options);
  result.engine.run("fill", { out: result.buffer, value });
  return result;
}

/**
 * A tensor of this shape, from as many numbers, that is learned: it requires a gradient, and no scope frees it. It lives as long as it is referenced.
 *
 * @throws ShapeError `wrong-length` when there are not as many numbers as the shape says, `not-a-shape` for a shape with lengths that are
 * negative or no whole numbers.
 */
export function parameter(
  values: ArrayLike<number>,
  shape: Shape,
  { engine }: Pick<TensorOptions, "engine"> = {},
): Tensor {
  const result = fromNumbers(values, shape, { engine, requiresGrad: true });
  leave(result);
  return result;
}

/** Takes a tensor of any shape out of its scope: it lives as long as it is referenced. For state that outlasts a training step. */
export function keep(kept: Tensor): Tensor {
  leave(kept);
  return kept;
}

function isShape(value: Shape | TensorOptions | undefined): value is Shape {
  return Array.isArray(value);
}

function fromNumbers(
  values: ArrayLike<number>,
  shape: Shape,
  { engine = defaultEngine(), requiresGrad = false }: TensorOptions = {},
): Tensor {
  checkShape("tensor", shape);
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError(
      "wrong-length",
      `tensor: got ${values.length} numbers for the shape [${shape.join(", ")}]; expected ${sizeOf(shape)}.`,
    );
  }
  spendAllowance(values.length);
  return new Tensor(new Storage(engine, engine.upload(values)), shape, requiresGrad);
}
