import { checkOptionNames } from "../errors.ts";
import { portablePower } from "../portable-math.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, type Optimizer, optimizerOf } from "./optimizer.ts";

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
  return adamOf("adam", parameters, options);
}

/**
 * AdamW (Loshchilov and Hutter, ICLR 2019) for parameters of any shape: weights shrink by `learningRate * weightDecay` in each step, apart from the gradient.
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function adamW(parameters: readonly Tensor[], options: AdamOptions = {}): Optimizer {
  return adamOf("adamW", parameters, options);
}

function adamOf(kind: "adam" | "adamW", parameters: readonly Tensor[], given: AdamOptions): Optimizer {
  checkOptionNames(kind, given, ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"]);
  const decoupled = kind === "adamW";
  const {
    learningRate = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = decoupled ? 0.01 : 0,
  } = given;
  checkRange("adam", "learningRate", learningRate);
  checkRange("adam", "beta1", beta1, 1);
  checkRange("adam", "beta2", beta2, 1);
  checkRange("adam", "epsilon", epsilon);
  checkRange("adam", "weightDecay", weightDecay);
  const options = { beta1, beta2, epsilon, weightDecay, decoupled };
  const gathered = ["firstMoment", "secondMoment"];
  return optimizerOf({ kind, options, parameters, learningRate, gathered }, (memory, rate) => {
    const steps = ++memory.steps;
    for (const [k, { engine, buffer, grad }] of memory.parameters.entries()) {
      if (grad === undefined) continue;
      engine.run("adam", {
        ...options,
        parameter: buffer,
        gradient: grad.buffer,
        firstMoment: memory.tensors.get(`${k}.firstMoment`)!.buffer,
        secondMoment: memory.tensors.get(`${k}.secondMoment`)!.buffer,
        learningRate: rate,
        correction1: 1 - portablePower(beta1, steps),
        correction2: 1 - portablePower(beta2, steps),
      });
    }
  });
}
