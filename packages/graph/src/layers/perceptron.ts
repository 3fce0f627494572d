import {
  checkCounts,
  checkOptionNames,
  Dropout,
  Linear,
  Module,
  OptionError,
  type ParameterOptions,
  relu,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { checkDropout } from "./check-options.ts";

/** A network that a layer applies to every node by itself, such as {@link Perceptron} or a `Linear`. */
export interface NodeNetwork extends Module {
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the output. */
  readonly outputs: number;
  /** From `[nodes, inputs]` to `[nodes, outputs]`. */
  forward(x: Tensor, context?: { readonly training?: Training | undefined }): Tensor;
}

/** Options of {@link Perceptron}. */
export interface PerceptronOptions extends ParameterOptions {
  /** Probability with which a hidden number is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Whether the projections add a learned vector. Default true. */
  readonly bias?: boolean;
}

/**
 * Projections with a ReLU between each and the next, `[nodes, inputs]` to `[nodes, outputs]`: a multi-layer perceptron, the network of
 * {@link GINConv} (Xu et al., ICLR 2019).
 *
 * @throws OptionError `unknown-option`; `out-of-range` for fewer than two widths, a width or a probability that cannot be.
 */
export class Perceptron extends Module implements NodeNetwork {
  readonly inputs: number;
  readonly outputs: number;
  /** The projections, in the order in which they are applied. */
  readonly linears: readonly Linear[];
  /** On what every projection but the first reads. */
  readonly dropout: Dropout;

  /** @param widths `[layers + 1]`: of the input, of what is between, and of the output. */
  constructor(widths: readonly number[], options: PerceptronOptions) {
    super();
    checkOptionNames("Perceptron", options, ["random", "engine", "dropout", "bias"]);
    const { random, engine, dropout = 0, bias = true } = options;
    if (widths.length < 2) {
      throw new OptionError(
        "out-of-range",
        `Perceptron: got ${widths.length} widths; expected those of the input and the output, and of what is between.`,
      );
    }
    checkCounts("Perceptron", Object.fromEntries(widths.map((width, k) => [`width ${k}`, width])));
    checkDropout("Perceptron", dropout);
    this.inputs = widths[0]!;
    this.outputs = widths[widths.length - 1]!;
    this.linears = widths.slice(1).map((width, k) => new Linear(widths[k]!, width, { random, engine, bias }));
    this.dropout = new Dropout(dropout);
  }

  /**
   * `[nodes, inputs]` to `[nodes, outputs]`.
   *
   * @throws ShapeError `shapes-differ` when the last dimension of `x` is not `inputs`.
   */
  forward(x: Tensor, { training }: { readonly training?: Training | undefined } = {}): Tensor {
    return this.linears.reduce(
      (current, linear, k) => linear.forward(k === 0 ? current : this.dropout.forward(relu(current), { training })),
      x,
    );
  }
}
