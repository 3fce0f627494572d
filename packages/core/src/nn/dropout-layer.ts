import type { ActivateOptions } from "../tensor/activate.ts";
import { checkProbability, dropout } from "../tensor/dropout.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module, type Training } from "./module.ts";

/** Inverted dropout (Srivastava et al., 2014) while training, nothing else: {@link dropout} with a seed for each use. */
export class Dropout extends Module {
  /** How likely an element is zeroed. */
  readonly probability: number;

  /** @throws OptionError `out-of-range` unless `0 <= probability < 1`. */
  constructor(probability: number) {
    super();
    checkProbability("Dropout", probability);
    this.probability = probability;
  }

  /** `x` of any shape. Without `training`, and with the probability 0, it is `x` itself. */
  forward(x: Tensor, { training }: { readonly training?: Training | undefined } = {}): Tensor {
    return training === undefined || this.probability === 0 ? x : dropout(x, this.probability, training.random.bits());
  }

  /** What {@link activate} needs to drop as {@link forward} would: draws a seed, as it does, if anything is to be dropped. */
  drawn(training: Training | undefined): Pick<ActivateOptions, "dropout" | "seed"> {
    if (training === undefined || this.probability === 0) return {};
    return { dropout: this.probability, seed: training.random.bits() };
  }
}
