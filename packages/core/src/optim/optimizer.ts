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

/** What tells optimizers apart, beside how they step. */
interface Method extends Pick<OptimizerMemory, "kind" | "options" | "parameters"> {
  readonly learningRate: number;
  /** What is gathered for each parameter, from zeros on: `firstMoment` is `0.firstMoment` for the first of them. */
  readonly gathered: readonly string[];
}

/** An optimizer by its step, which gets the learning rate as it is then. */
export function optimizerOf(
  { kind, options, parameters, learningRate, gathered }: Method,
  step: (memory: OptimizerMemory, learningRate: number) => void,
): Optimizer {
  const tensors = parameters.flatMap(({ shape, engine }, k) =>
    gathered.map((name): [string, Tensor] => [`${k}.${name}`, keep(zeros(shape, { engine }))]),
  );
  return {
    learningRate,
    memory: { kind, options, parameters: [...parameters], tensors: new Map(tensors), steps: 0 },
    step() {
      step(this.memory, this.learningRate);
    },
    zeroGradients() {
      for (const { engine, grad } of this.memory.parameters) {
        if (grad !== undefined) engine.run("fill", { out: grad.buffer, value: 0 });
      }
    },
  };
}

/** @throws OptionError `out-of-range` unless `0 <= value < below`. */
export function checkRange(where: string, name: string, value: number, below = Number.POSITIVE_INFINITY): void {
  if (value >= 0 && value < below) return;
  throw new OptionError("out-of-range", `${where}: got ${name} ${value}; expected 0 <= ${name} < ${below}.`);
}
