import type { ParameterOptions } from "../../nn/linear.ts";
import { checkAllowance } from "../../tensor/allowance.ts";
import { parameter } from "../../tensor/create.ts";
import { type Shape, sizeOf } from "../../tensor/shapes.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A learned table whose first values are normally distributed around 0. Default deviation 0.02, as in BERT and Swin. */
export function normalTable(shape: Shape, { random, engine }: ParameterOptions, deviation = 0.02): Tensor {
  const size = sizeOf(shape);
  checkAllowance(size);
  const values = new Float32Array(size).map(() => random.normal(0, deviation));
  return parameter(values, shape, { engine });
}
