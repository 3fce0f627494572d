import { OptionError } from "../errors.ts";
import { keep, zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Moves parameters against their gradients. */
export interface Optimizer {
  /** Size of a step; a schedule may set it between steps. */
  learningRate: number;
  /** What `optimizerState` keeps of it and `loadOptimizerState` gives back. */
  readonly memory: OptimizerMemory;
  /** Moves every parameter that has a gradient by one step. */
  step(): void;
  /** Sets the gradients to zero: before each `backward()`. */
  zeroGradients(): void;
}

/** All that the next steps of an optimizer depend on, beside its learning rate and the numbers of parameters and gradients. */
export interface OptimizerMemory {
  /** Its name in states and errors. */
  readonly kind: string;
  /** What does not change while it runs. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** What it moves, each of its own shape, in the order of the numbers in `tensors`. */
  readonly parameters: readonly Tensor[];
  /** Its own tensors, each of its own shape, by the names that they have in the state, such as `0.firstMoment`. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Steps made; 0 where they do not count. */
  steps: number;
}

/** Zeros like each parameter under each of the names, as `0.firstMoment`: what an optimizer gathers. */
export function zerosLike(parameters: readonly Tensor[], names: readonly string[]): ReadonlyMap<string, Tensor> {
  return new Map(
    parameters.flatMap(({ shape, engine }, k) =>
      names.map((name): [string, Tensor] => [`${k}.${name}`, keep(zeros(shape, { engine }))]),
    ),
  );
}

/** Sets the gradients to zero of those parameters that have one. */
export function clearGradients({ parameters }: OptimizerMemory): void {
  for (const { engine, grad } of parameters) {
    if (grad !== undefined) engine.run("fill", { out: grad.buffer, value: 0 });
  }
}

/** @throws OptionError `out-of-range` unless `0 <= value < below`. */
export function checkRange(where: string, name: string, value: number, below = Number.POSITIVE_INFINITY): void {
  if (value >= 0 && value < below) return;
  throw new OptionError("out-of-range", `${where}: got ${name} ${value}; expected 0 <= ${name} < ${below}.`);
}
