import { Linear, Module, type ParameterOptions, relu, type Tensor, type Training } from "@vicinal/core";
import type { NodeNetwork } from "../layers/perceptron.ts";
import { BatchNorm } from "../nn/batch-norm.ts";

/** `W_2 relu(batchNorm(W_1 x))`, with biases, from `[nodes, inputs]` to `[nodes, outputs]`: the network of each layer of a {@link GIN}. */
export class NormalizedPerceptron extends Module implements NodeNetwork {
  readonly inputs: number;
  readonly outputs: number;
  /** From `inputs` to `outputs`. */
  readonly linear1: Linear;
  /** After {@link linear1}. */
  readonly norm: BatchNorm;
  /** From `outputs` to `outputs`. */
  readonly linear2: Linear;

  /** @internal */
  constructor(inputs: number, outputs: number, { random, engine }: ParameterOptions) {
    super();
    this.inputs = inputs;
    this.outputs = outputs;
    this.linear1 = new Linear(inputs, outputs, { random, engine });
    this.norm = new BatchNorm(outputs, { engine });
    this.linear2 = new Linear(outputs, outputs, { random, engine });
  }

  /**
   * `[nodes, inputs]` to `[nodes, outputs]`.
   *
   * @throws ShapeError `shapes-differ`; `too-few-rows` for fewer than two nodes while training. */
  forward(x: Tensor, context: { readonly training?: Training | undefined } = {}): Tensor {
    return this.linear2.forward(relu(this.norm.forward(this.linear1.forward(x), context)));
  }
}
