import { adam } from "../optim/adam.ts";
import { backward } from "../tensor/backward.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How {@link trainBriefly} trains. */
export interface BriefTraining {
  readonly steps: number;
  /** Falls to zero over the second half of the steps. */
  readonly learningRate: number;
}

/** Trains with Adam on a loss that is computed anew in each step. */
export function trainBriefly(
  model: { parameters(): Tensor[] },
  { steps, learningRate }: BriefTraining,
  loss: () => Tensor,
): void {
  const optimizer = adam(model.parameters(), { learningRate });
  for (let k = 0; k < steps; k++) {
    optimizer.learningRate = learningRate * Math.min(1, 2 - (2 * k) / steps);
    scope(() => {
      optimizer.zeroGradients();
      backward(loss());
      optimizer.step();
    });
  }
}
