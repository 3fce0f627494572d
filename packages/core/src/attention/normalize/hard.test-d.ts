/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import type { Tensor } from "../../tensor/tensor.ts";
import { hard } from "./hard.ts";
import type { Normalizer } from "./normalizer.ts";

declare const x: Tensor;
const rows = { offsets: Uint32Array.of(0) };

export function anEstimatorWithItsOptions(): readonly Normalizer[] {
  return [
    hard({ estimator: "straight-through", temperature: 2 }),
    hard({ estimator: "gumbel-softmax", temperature: 2, hard: true }),
    hard({ estimator: "score-function", temperature: 2 }),
  ];
}

export function anOptionThatTheEstimatorDoesNotRead(): void {
  // @ts-expect-error: only Gumbel-softmax has a soft sample to choose instead.
  hard({ estimator: "straight-through", hard: true });
  // @ts-expect-error: what the score function draws is hard always.
  hard({ estimator: "score-function", hard: false });
  // @ts-expect-error: an estimator is chosen, not guessed.
  hard({ temperature: 2 });
}

export function onlyTheScoreFunctionHasProbabilities(): Tensor {
  // @ts-expect-error: the weights of the others carry the gradient themselves.
  hard({ estimator: "gumbel-softmax" }).logProbability(x, x, rows);
  return hard({ estimator: "score-function" }).logProbability(x, x, rows);
}
