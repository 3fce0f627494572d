import { OptionError } from "../errors.ts";
import type { WritableTensor } from "../save/stored-tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { OptimizerState } from "./optimizer-state.ts";

/** Moves parameters against their gradients. */
export interface Optimizer {
  /** Size of a step; a schedule may set it between steps. */
  learningRate: number;
  /** Moves every parameter that has a gradient by one step. */
  step(): void;
  /** Sets the gradients to zero: before each `backward()`. */
  zeroGradients(): void;
  /** All that the next steps depend on beside parameters and gradients, to go on from later: a copy. */
  state(): Promise<OptimizerState<WritableTensor>>;
  /**
   * Goes on from a state that an optimizer of the same kind, options and parameters was in. The learning rate is that of the state.
   *
   * @throws FileError `state-differs` for a state of another kind, other options or other parameters; nothing is changed then.
   */
  restore(state: OptimizerState): void;
}

/** Sets the gradients to zero of those parameters that have one. */
export function clearGradients(parameters: readonly Tensor[]): void {
  for (const { engine, grad } of parameters) {
    if (grad !== undefined) engine.run("fill", { out: grad.buffer, value: 0 });
  }
}

/** @throws OptionError `out-of-range` unless `0 <= value < below`. */
export function checkRange(where: string, name: string, value: number, below = Number.POSITIVE_INFINITY): void {
  if (value >= 0 && value < below) return;
  throw new OptionError("out-of-range", `${where}: got ${name} ${value}; expected 0 <= ${name} < ${below}.`);
}
