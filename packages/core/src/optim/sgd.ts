import { checkOptionNames, OptionError } from "../errors.ts";
import type { WritableTensor } from "../save/stored-tensor.ts";
import { keep, zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, clearGradients, type Optimizer } from "./optimizer.ts";
import { type OptimizerParts, type OptimizerState, optimizerState, restoreOptimizer } from "./optimizer-state.ts";

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
 * Stochastic gradient descent as `torch.optim.SGD`, without dampening:
 *
 *     d = gradient + weightDecay * p
 *     v = momentum * v + d
 *     p = p - learningRate * v        (nesterov: p - learningRate * (d + momentum * v))
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function sgd(parameters: readonly Tensor[], options: SgdOptions = {}): Optimizer {
  checkOptionNames("sgd", options, ["learningRate", "momentum", "nesterov", "weightDecay"]);
  return new Sgd(parameters, options);
}

interface Moving {
  readonly parameter: Tensor;
  /** Zeros at first; none without momentum. */
  readonly velocity: Tensor | undefined;
}

class Sgd implements Optimizer {
  learningRate: number;
  readonly #momentum: number;
  readonly #nesterov: boolean;
  readonly #weightDecay: number;
  readonly #moving: readonly Moving[];

  constructor(
    parameters: readonly Tensor[],
    { learningRate = 0.001, momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions,
  ) {
    checkRange("sgd", "learningRate", learningRate);
    checkRange("sgd", "momentum", momentum);
    checkRange("sgd", "weightDecay", weightDecay);
    if (nesterov && momentum === 0) {
      throw new OptionError("out-of-range", "sgd: got nesterov without momentum; expected a momentum above 0.");
    }
    this.learningRate = learningRate;
    this.#momentum = momentum;
    this.#nesterov = nesterov;
    this.#weightDecay = weightDecay;
    this.#moving = parameters.map((parameter) => ({
      parameter,
      velocity: momentum === 0 ? undefined : keep(zeros(parameter.shape, { engine: parameter.engine })),
    }));
  }

  step(): void {
    for (const { parameter, velocity } of this.#moving) {
      const { engine, buffer: p, grad } = parameter;
      if (grad === undefined) continue;
      if (velocity !== undefined) {
        const v = velocity.buffer;
        engine.run("affine", { x: v, out: v, scale: this.#momentum, shift: 0 });
        engine.run("accumulate", { x: grad.buffer, out: v, scale: 1 });
        if (this.#weightDecay !== 0) engine.run("accumulate", { x: p, out: v, scale: this.#weightDecay });
      }
      const rate = this.learningRate;
      if (velocity === undefined || this.#nesterov) {
        // d, its decay first: both read the parameter as it was.
        if (this.#weightDecay !== 0) {
          engine.run("affine", { x: p, out: p, scale: 1 - rate * this.#weightDecay, shift: 0 });
        }
        engine.run("accumulate", { x: grad.buffer, out: p, scale: -rate });
      }
      if (velocity !== undefined) {
        engine.run("accumulate", {
          x: velocity.buffer,
          out: p,
          scale: -rate * (this.#nesterov ? this.#momentum : 1),
        });
      }
    }
  }

  zeroGradients(): void {
    clearGradients(this.#moving.map(({ parameter }) => parameter));
  }

  async state(): Promise<OptimizerState<WritableTensor>> {
    return optimizerState(this.#parts(), { learningRate: this.learningRate, steps: 0 });
  }

  restore(state: OptimizerState): void {
    this.learningRate = restoreOptimizer(this.#parts(), state).learningRate;
  }

  #parts(): OptimizerParts {
    return {
      kind: "sgd",
      options: { momentum: this.#momentum, nesterov: this.#nesterov, weightDecay: this.#weightDecay },
      parameters: this.#moving.map(({ parameter }) => parameter),
      tensors: new Map(
        this.#moving.flatMap(({ velocity }, k) =>
          velocity === undefined ? [] : [[`${k}.velocity`, velocity] as const],
        ),
      ),
    };
  }
}
