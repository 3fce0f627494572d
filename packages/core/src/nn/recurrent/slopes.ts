import { affine, multiply, square } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** `1 - x`. */
export function oneMinus(x: Tensor): Tensor {
  return affine(x, -1, 1);
}

/** The derivative of the sigmoid where its value is `y`. */
export function slopeOfSigmoid(y: Tensor): Tensor {
  return multiply(y, oneMinus(y));
}

/** The derivative of the hyperbolic tangent where its value is `y`. */
export function slopeOfTanh(y: Tensor): Tensor {
  return oneMinus(square(y));
}
