import type { Engine } from "../engine/engine.ts";
import { expectWidth } from "../expect-shape.ts";
import type { Random } from "../random.ts";
import { type Activation, activate } from "../tensor/activate.ts";
import { transpose } from "../tensor/arrange.ts";
import { parameter } from "../tensor/create.ts";
import { add } from "../tensor/elementwise.ts";
import { matmul } from "../tensor/product.ts";
import { reshape } from "../tensor/reshape.ts";
import { SparseTensor, sparseMatmul } from "../tensor/sparse.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Dropout } from "./dropout-layer.ts";
import { glorotUniform, uniform } from "./initialize.ts";
import { Module, type Training } from "./module.ts";

/** What makes parameters: where they live and where their first values come from. */
export interface ParameterOptions {
  /** First values are drawn from it. */
  readonly random: Random;
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
}

/** Options of {@link Linear}. */
export interface LinearOptions extends ParameterOptions {
  /** Whether a learned vector is added. Default true. */
  readonly bias?: boolean;
  /**
   * First values of the weight: `"glorot"`, as PyTorch Geometric's attention layers, with a bias of zeros; or `"torch"`, as
   * `torch.nn.Linear`: weight and bias uniform in ± 1 / sqrt(inputs). Default `"torch"`.
   */
  readonly initialize?: "glorot" | "torch";
}

/** Options of {@link Linear.activated}. */
export interface ActivatedOptions {
  /** The slope of `"leakyRelu"` and the alpha of `"elu"`. Default: those of {@link activate}. */
  readonly parameter?: number | undefined;
  /** Drops what the activation gives. Default: nothing is dropped. */
  readonly dropout?: Dropout | undefined;
  /** Given while training. Default: none, and nothing is dropped. */
  readonly training?: Training | undefined;
}

/** `y = x W^T + b`, from `[..., inputs]` to `[..., outputs]`. The input may be sparse: it is never densified. */
export class Linear extends Module {
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the output. */
  readonly outputs: number;
  /** `[outputs, inputs]`, as PyTorch stores it. */
  readonly weight: Tensor;
  /** `[outputs]`, or undefined. */
  readonly bias: Tensor | undefined;

  constructor(inputs: number, outputs: number, { random, engine, bias = true, initialize = "torch" }: LinearOptions) {
    super();
    this.inputs = inputs;
    this.outputs = outputs;
    const bound = 1 / Math.sqrt(inputs);
    const shape = [outputs, inputs];
    const isGlorot = initialize === "glorot";
    const weight = isGlorot ? glorotUniform(random, shape, inputs, outputs) : uniform(random, shape, bound);
    this.weight = parameter(weight, shape, { engine });
    const first = isGlorot ? new Float32Array(outputs) : uniform(random, [outputs], bound);
    this.bias = bias ? parameter(first, [outputs], { engine }) : undefined;
  }

  /**
   * `[..., inputs]` to `[..., outputs]`.
   *
   * @throws ShapeError `shapes-differ` when the last dimension of `x` is not `inputs`.
   */
  forward(x: Tensor | SparseTensor): Tensor {
    const product = this.#product(x);
    return this.bias === undefined ? product : add(product, this.bias);
  }

  /**
   * `dropout(activation(x W^T + b))`: all that follows the product in one pass, forward and backward. `[..., inputs]` to `[..., outputs]`.
   *
   * @throws ShapeError `shapes-differ` when the last dimension of `x` is not `inputs`.
   */
  activated(x: Tensor | SparseTensor, activation: Activation, options: ActivatedOptions = {}): Tensor {
    const { parameter, dropout, training } = options;
    const product = this.#product(x);
    return activate(product, { bias: this.bias, activation, parameter, ...dropout?.drawn(training) });
  }

  #product(x: Tensor | SparseTensor): Tensor {
    expectWidth("Linear", x, this.inputs);
    if (x instanceof SparseTensor) return sparseMatmul(x, transpose(this.weight));
    if (x.shape.length === 2) return matmul(x, this.weight, { transposeB: true });
    const rows = x.size / this.inputs;
    const flat = matmul(reshape(x, [rows, this.inputs]), this.weight, { transposeB: true });
    return reshape(flat, [...x.shape.slice(0, -1), this.outputs]);
  }
}
