import type { ParameterOptions } from "../../nn/linear.ts";
import { parameter } from "../../tensor/create.ts";
import { type Shape, sizeOf } from "../../tensor/shapes.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A learned table whose first values are normally distributed around 0. Default deviation 0.02, as in BERT and Swin. */
export function normalTable(shape: Shape, { random, engine }: ParameterOptions, deviation = 0.02): Tensor {
  const values = new Float32Array(sizeOf(shape)).map(() => random.normal(0, deviation));
  return parameter(values, shape, { engine });
}
