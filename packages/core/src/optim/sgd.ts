import { checkOptionNames, OptionError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, type Optimizer, optimizerOf } from "./optimizer.ts";

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Size of a step. Default 0.001. */
  readonly learningRate?: number;
  /** Share of the last step's direction that is kept. Default 0. */
  readonly momentum?: number;
  /** Whether the step looks ahead along the momentum (Sutskever et al., ICML 2013). Default false. */
  readonly nesterov?: boolean;
  /** Pull towards zero: times the parameter, it is added to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent as `torch.optim.SGD` for parameters of any shape, without dampening:
 *
 *     d = gradient + weightDecay * p
 *     v = momentum * v + d
 *     p = p - learningRate * v        (nesterov: p - learningRate * (d + momentum * v))
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function sgd(parameters: readonly Tensor[], options: SgdOptions = {}): Optimizer {
  checkOptionNames("sgd", options, ["learningRate", "momentum", "nesterov", "weightDecay"]);
  const { learningRate = 0.001, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  checkRange("sgd", "learningRate", learningRate);
  checkRange("sgd", "momentum", momentum);
  checkRange("sgd", "weightDecay", weightDecay);
  if (nesterov && momentum === 0) {
    throw new OptionError("out-of-range", "sgd: got nesterov without momentum; expected a momentum above 0.");
  }
  const method = {
    kind: "sgd",
    options: { momentum, nesterov, weightDecay },
    parameters,
    learningRate,
    gathered: momentum === 0 ? [] : ["velocity"],
  };
  return optimizerOf(method, (memory, rate) => {
    for (const [k, { engine, buffer: p, grad }] of memory.parameters.entries()) {
      if (grad === undefined) continue;
      const v = memory.tensors.get(`${k}.velocity`)?.buffer;
      if (v !== undefined) {
        engine.run("affine", { x: v, out: v, scale: momentum, shift: 0 });
        engine.run("accumulate", { x: grad.buffer, out: v, scale: 1 });
        if (weightDecay !== 0) engine.run("accumulate", { x: p, out: v, scale: weightDecay });
      }
      if (v === undefined || nesterov) {
        // d, its decay first: both read the parameter as it was.
        if (weightDecay !== 0) engine.run("affine", { x: p, out: p, scale: 1 - rate * weightDecay, shift: 0 });
        engine.run("accumulate", { x: grad.buffer, out: p, scale: -rate });
      }
      if (v !== undefined) engine.run("accumulate", { x: v, out: p, scale: -rate * (nesterov ? momentum : 1) });
    }
  });
}
