import { OptionError } from "../errors.ts";
import { record } from "./record.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Inverted dropout (Srivastava et al., 2014), `[...]` to `[...]`: each element is zero with `probability`, else divided by `1 - probability`. The mask is
 * a function of `seed` (a 32-bit number) and position, so that the gradient recomputes it.
 *
 * @throws OptionError `out-of-range` unless `0 <= probability < 1`.
 */
export function dropout(x: Tensor, probability: number, seed: number): Tensor {
  checkProbability("dropout", probability);
  if (probability === 0) return x;
  return record({
    name: "dropout",
    shape: x.shape,
    inputs: [x],
    forward: (out, engine) => engine.run("dropout", { x: x.buffer, out, seed, probability }),
    backward: (gradient) => [dropout(gradient, probability, seed)],
  });
}

/** @throws OptionError `out-of-range` unless `0 <= probability < 1`. */
export function checkProbability(where: string, probability: number): void {
  if (probability >= 0 && probability < 1) return;
  throw new OptionError("out-of-range", `${where}: got the probability ${probability}; expected 0 <= probability < 1.`);
}
