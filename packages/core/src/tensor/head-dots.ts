import { zerosForGradient } from "./create.ts";
import { record } from "./record.ts";
import type { Tensor } from "./tensor.ts";

/**
 * The inner product of every element's vectors `[elements, heads, channels]` with those of one, `[1, heads, channels]`, head by head:
 * `[elements, heads, 1]`. No tensor of the size of the elements' is made but its gradient, and not that where one is there already.
 */
export function headDots(x: Tensor, one: Tensor): Tensor {
  const [elements = 0, heads = 0, channels = 0] = x.shape;
  return record({
    name: "headDots",
    shape: [elements, heads, 1],
    inputs: [x, one],
    forward: (out, engine) => engine.run("headDots", { x: x.buffer, one: one.buffer, out, heads, channels }),
    backward: (gradient, _, arrived) => {
      const { engine, buffer: weights } = gradient;
      const before = arrived(x);
      const ofX = before ?? zerosForGradient(x);
      if (ofX !== undefined)
        engine.run("addHeadProducts", { weights, one: one.buffer, out: ofX.buffer, heads, channels });
      const ofOne = zerosForGradient(one);
      if (ofOne !== undefined) engine.run("headSums", { weights, x: x.buffer, out: ofOne.buffer, heads, channels });
      return [before === undefined ? ofX : undefined, ofOne];
    },
  });
}
