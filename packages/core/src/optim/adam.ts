import { checkOptionNames } from "../errors.ts";
import { portablePower } from "../portable-math.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, clearGradients, type Optimizer, type OptimizerMemory, zerosLike } from "./optimizer.ts";

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
 * Adam (Kingma and Ba, ICLR 2015) for parameters of any shape. `weightDecay` is added to the gradient, as in PyTorch: an L2 penalty of half of it.
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function adam(parameters: readonly Tensor[], options: AdamOptions = {}): Optimizer {
  checkOptionNames("adam", options, optionNames);
  return new Adam(parameters, { ...options, decoupled: false });
}

/**
 * AdamW (Loshchilov and Hutter, ICLR 2019) for parameters of any shape: weights shrink by `learningRate * weightDecay` in each step, apart from the gradient.
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function adamW(parameters: readonly Tensor[], options: AdamOptions = {}): Optimizer {
  checkOptionNames("adamW", options, optionNames);
  return new Adam(parameters, { weightDecay: 0.01, ...options, decoupled: true });
}

const optionNames = ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"];

class Adam implements Optimizer {
  learningRate: number;
  readonly memory: OptimizerMemory;
  readonly #options: Required<Omit<AdamOptions, "learningRate">> & { readonly decoupled: boolean };

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
    this.memory = {
      kind: decoupled ? "adamW" : "adam",
      options: this.#options,
      parameters: [...parameters],
      tensors: zerosLike(parameters, ["firstMoment", "secondMoment"]),
      steps: 0,
    };
  }

  step(): void {
    const { parameters, tensors } = this.memory;
    const steps = ++this.memory.steps;
    const { beta1, beta2, ...rest } = this.#options;
    for (const [k, { engine, buffer, grad }] of parameters.entries()) {
      if (grad === undefined) continue;
      engine.run("adam", {
        parameter: buffer,
        gradient: grad.buffer,
        firstMoment: tensors.get(`${k}.firstMoment`)!.buffer,
        secondMoment: tensors.get(`${k}.secondMoment`)!.buffer,
        learningRate: this.learningRate,
        beta1,
        beta2,
        ...rest,
        correction1: 1 - portablePower(beta1, steps),
        correction2: 1 - portablePower(beta2, steps),
      });
    }
  }

  zeroGradients(): void {
    clearGradients(this.memory);
  }
}
