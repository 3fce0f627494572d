import { checkOptionNames } from "../errors.ts";
import { portablePower } from "../portable-math.ts";
import type { WritableTensor } from "../save/stored-tensor.ts";
import { keep, zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, clearGradients, type Optimizer } from "./optimizer.ts";
import { type OptimizerParts, type OptimizerState, optimizerState, restoreOptimizer } from "./optimizer-state.ts";

/** Options of {@link adam} and {@link adamW}. */
export interface AdamOptions {
  /** Size of a step. Default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
  /** Pull towards zero. Default 0 for `adam`, 0.01 for `adamW`. */
  readonly weightDecay?: number;
}

/**
 * Adam (Kingma and Ba, ICLR 2015). `weightDecay` is added to the gradient, as in PyTorch: an L2 penalty of half of it.
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function adam(parameters: readonly Tensor[], options: AdamOptions = {}): Optimizer {
  checkOptionNames("adam", options, optionNames);
  return new Adam(parameters, { ...options, decoupled: false });
}

/**
 * AdamW (Loshchilov and Hutter, ICLR 2019): weights shrink by `learningRate * weightDecay` in each step, apart from the gradient.
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function adamW(parameters: readonly Tensor[], options: AdamOptions = {}): Optimizer {
  checkOptionNames("adamW", options, optionNames);
  return new Adam(parameters, { weightDecay: 0.01, ...options, decoupled: true });
}

const optionNames = ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"];

interface Moments {
  readonly parameter: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

class Adam implements Optimizer {
  learningRate: number;
  readonly #moments: readonly Moments[];
  readonly #options: Required<Omit<AdamOptions, "learningRate">> & { readonly decoupled: boolean };
  #steps = 0;

  constructor(
    parameters: readonly Tensor[],
    {
      learningRate = 0.001,
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-8,
      weightDecay = 0,
      decoupled,
    }: AdamOptions & { readonly decoupled: boolean },
  ) {
    checkRange("adam", "learningRate", learningRate);
    checkRange("adam", "beta1", beta1, 1);
    checkRange("adam", "beta2", beta2, 1);
    checkRange("adam", "epsilon", epsilon);
    checkRange("adam", "weightDecay", weightDecay);
    this.learningRate = learningRate;
    this.#options = { beta1, beta2, epsilon, weightDecay, decoupled };
    this.#moments = parameters.map((parameter) => ({
      parameter,
      first: keep(zeros(parameter.shape, { engine: parameter.engine })),
      second: keep(zeros(parameter.shape, { engine: parameter.engine })),
    }));
  }

  step(): void {
    this.#steps++;
    const { beta1, beta2, ...rest } = this.#options;
    for (const { parameter, first, second } of this.#moments) {
      if (parameter.grad === undefined) continue;
      parameter.engine.run("adam", {
        parameter: parameter.buffer,
        gradient: parameter.grad.buffer,
        firstMoment: first.buffer,
        secondMoment: second.buffer,
        learningRate: this.learningRate,
        beta1,
        beta2,
        ...rest,
        correction1: 1 - portablePower(beta1, this.#steps),
        correction2: 1 - portablePower(beta2, this.#steps),
      });
    }
  }

  zeroGradients(): void {
    clearGradients(this.#moments.map(({ parameter }) => parameter));
  }

  async state(): Promise<OptimizerState<WritableTensor>> {
    return optimizerState(this.#parts(), { learningRate: this.learningRate, steps: this.#steps });
  }

  restore(state: OptimizerState): void {
    const { learningRate, steps } = restoreOptimizer(this.#parts(), state);
    this.learningRate = learningRate;
    this.#steps = steps;
  }

  #parts(): OptimizerParts {
    return {
      kind: this.#options.decoupled ? "adamW" : "adam",
      options: this.#options,
      parameters: this.#moments.map(({ parameter }) => parameter),
      tensors: new Map(
        this.#moments.flatMap(({ first, second }, k) => [
          [`${k}.firstMoment`, first] as const,
          [`${k}.secondMoment`, second] as const,
        ]),
      ),
    };
  }
}
