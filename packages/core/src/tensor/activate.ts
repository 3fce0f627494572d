import type { UnaryOperation } from "../engine/kernels.ts";
import { ShapeError } from "../errors.ts";
import { checkProbability } from "./dropout.ts";
import { record } from "./record.ts";
import { sumTo } from "./sum.ts";
import type { Tensor } from "./tensor.ts";

/** The functions that {@link activate} knows, each as the function on tensors of its name. */
export type Activation = Extract<
  UnaryOperation,
  "relu" | "leakyRelu" | "elu" | "gelu" | "tanh" | "sigmoid" | "softplus"
>;

/** Options of {@link activate}. */
export interface ActivateOptions {
  /** `[width]`, added to the last dimension. Default: nothing is. */
  readonly bias?: Tensor | undefined;
  /** Default: none. */
  readonly activation?: Activation | undefined;
  /** The slope of `"leakyRelu"`, default 0.01, and the alpha of `"elu"`, default 1. */
  readonly parameter?: number | undefined;
  /** With which probability an element is dropped. Default 0. */
  readonly dropout?: number | undefined;
  /** Seed of the mask, a 32-bit number. Default 0. */
  readonly seed?: number | undefined;
}

const parameters: { readonly [Name in Activation]?: number } = { leakyRelu: 0.01, elu: 1 };

/**
 * `dropout(activation(x + bias))` in one pass over memory, forward and backward: what follows a linear layer. `[..., width]` to `[..., width]`. The numbers are those of
 * `add`, the activation and `dropout` one after the other; the mask is recomputed for the gradient and never stored.
 *
 * @throws ShapeError `shapes-differ` for a bias that is not of the width of `x`; OptionError `out-of-range` for the probability; EngineError
 * `mixed-engines`.
 */
export function activate(x: Tensor, options: ActivateOptions = {}): Tensor {
  const { bias, activation, dropout: probability = 0, seed = 0 } = options;
  const { parameter = (activation && parameters[activation]) ?? 0 } = options;
  checkProbability("activate", probability);
  if (bias !== undefined && (bias.shape.length !== 1 || bias.size !== x.shape.at(-1))) {
    throw new ShapeError(
      "shapes-differ",
      `activate: got a bias of shape [${bias.shape.join(", ")}] for [${x.shape.join(", ")}]; expected one number for each of the last dimension.`,
    );
  }
  if (bias === undefined && activation === undefined && probability === 0) return x;
  return record({
    name: "activate",
    shape: x.shape,
    inputs: bias === undefined ? [x] : [x, bias],
    forward: (out, engine) =>
      engine.run("biasActivation", {
        operation: activation ?? null,
        x: x.buffer,
        bias: bias?.buffer ?? null,
        out,
        parameter,
        seed,
        probability,
      }),
    backward: (gradient, y) => {
      const ofSum =
        activation === undefined
          ? activate(gradient, { dropout: probability, seed })
          : activationGradient(x, bias, y, gradient, { operation: activation, parameter, seed, probability });
      return [ofSum, bias?.requiresGrad ? sumTo(ofSum, bias.shape) : undefined];
    },
  });
}

interface ActivationOperation {
  readonly operation: Activation;
  readonly parameter: number;
  readonly seed: number;
  readonly probability: number;
}

function activationGradient(
  x: Tensor,
  bias: Tensor | undefined,
  y: Tensor,
  gradient: Tensor,
  operation: ActivationOperation,
): Tensor {
  return record({
    name: "activate gradient",
    shape: x.shape,
    inputs: bias === undefined ? [x, y, gradient] : [x, y, gradient, bias],
    forward: (out, engine) =>
      engine.run("biasActivationGradient", {
        ...operation,
        x: x.buffer,
        bias: bias?.buffer ?? null,
        y: y.buffer,
        gradient: gradient.buffer,
        out,
      }),
    backward: () => [],
  });
}
