import { hashElement } from "../../engine/kernels.ts";
import { portableLog } from "../../portable-math.ts";
import { tensor } from "../../tensor/create.ts";
import { add } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Keeps the draws apart from those of dropout, which may get the same seed: else what is drawn would hardly ever be dropped. */
const STREAM = 0x9bd1_a4e7;

/**
 * `x` plus independent standard Gumbel noise, `-log(-log u)` for u uniform in (0, 1): the largest of a row is a sample from the softmax of the
 * row (the Gumbel-max trick; Maddison, Tarlow and Minka, "A* sampling", NIPS 2014). A function of the seed and of the number's place alone, the
 * same on every engine.
 */
export function withGumbelNoise(x: Tensor, seed: number): Tensor {
  const mixed = hashElement(seed, STREAM);
  const noise = Float64Array.from({ length: x.size }, (_, i) => -portableLog(-portableLog(uniform(mixed, i))));
  return add(x, tensor(noise, x.shape, { engine: x.engine }));
}

/** In (0, 1), neither end included. */
function uniform(seed: number, index: number): number {
  return (hashElement(seed, index) + 0.5) / 0x1_0000_0000;
}
