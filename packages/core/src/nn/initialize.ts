import type { Random } from "../random.ts";
import { checkAllowance } from "../tensor/allowance.ts";
import { type Shape, sizeOf } from "../tensor/shapes.ts";

/** As many numbers as `shape` holds, uniform in ± sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, AISTATS 2010). */
export function glorotUniform(random: Random, shape: Shape, fanIn: number, fanOut: number): Float32Array {
  return uniform(random, shape, Math.sqrt(6 / (fanIn + fanOut)));
}

/** As many numbers as `shape` holds, uniform in ± bound. */
export function uniform(random: Random, shape: Shape, bound: number): Float32Array {
  const size = sizeOf(shape);
  checkAllowance(size);
  return new Float32Array(size).map(() => random.uniform(-bound, bound));
}
