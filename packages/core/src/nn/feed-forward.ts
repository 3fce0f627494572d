import { checkChoice, checkCounts } from "../check-options.ts";
import { checkOptionNames } from "../errors.ts";
import { multiply, sigmoid } from "../tensor/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Dropout } from "./dropout-layer.ts";
import { Linear, type ParameterOptions } from "./linear.ts";
import { Module, type Training } from "./module.ts";

/** What stands between the two projections of a {@link FeedForward}. */
export type FeedForwardActivation = "relu" | "gelu" | "swiglu";

/** Options of {@link FeedForward}. */
export interface FeedForwardOptions extends ParameterOptions {
  /** Width between the projections. Default `4 * width`. */
  readonly hidden?: number | undefined;
  /** Default `"relu"`. */
  readonly activation?: FeedForwardActivation | undefined;
  /** Probability with which a hidden number is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Whether the projections add a learned vector. Default true. */
  readonly bias?: boolean | undefined;
}

const optionNames = ["random", "engine", "hidden", "activation", "dropout", "bias"];
const activations: readonly string[] = ["relu", "gelu", "swiglu"] satisfies readonly FeedForwardActivation[];

/**
 * The position-wise network of a transformer layer, `[..., width]` to `[..., width]`, each element by itself:
 *
 * - `"relu"`: `contract(dropout(relu(expand(x))))` (Vaswani et al., NeurIPS 2017, eq. 2);
 * - `"gelu"`: the same with the Gaussian error linear unit (Hendrycks and Gimpel, 2016);
 * - `"swiglu"`: `contract(dropout(silu(expand(x)) * gate(x)))` with `silu(x) = x sigmoid(x)` (Shazeer, "GLU variants improve
 *   transformer", 2020, eq. 6). It has three projections: a `hidden` of two thirds as much has as many parameters.
 *
 * `expand` and `contract` are `linear1` and `linear2` of `torch.nn.TransformerEncoderLayer`, first values included.
 */
export class FeedForward extends Module {
  /** Width of input and output. */
  readonly width: number;
  /** Width between the projections. */
  readonly hidden: number;
  /** What stands between the projections. */
  readonly activation: FeedForwardActivation;
  /** From `width` to `hidden`. */
  readonly expand: Linear;
  /** From `width` to `hidden`, the factor of `"swiglu"`; else undefined. */
  readonly gate: Linear | undefined;
  /** From `hidden` to `width`. */
  readonly contract: Linear;
  /** On what `contract` reads. */
  readonly dropout: Dropout;

  /** @throws OptionError `unknown-option`; `out-of-range` for a width, an activation or a probability. */
  constructor(width: number, options: FeedForwardOptions) {
    super();
    checkOptionNames("FeedForward", options, optionNames);
    const { random, engine, hidden = 4 * width, activation = "relu", dropout = 0, bias = true } = options;
    checkCounts("FeedForward", { width, hidden });
    checkChoice("FeedForward", "activation", activation, activations);
    this.width = width;
    this.hidden = hidden;
    this.activation = activation;
    this.expand = new Linear(width, hidden, { random, engine, bias });
    this.gate = activation === "swiglu" ? new Linear(width, hidden, { random, engine, bias }) : undefined;
    this.contract = new Linear(hidden, width, { random, engine, bias });
    this.dropout = new Dropout(dropout);
  }

  /**
   * `[..., width]` to `[..., width]`.
   *
   * @throws ShapeError `shapes-differ` when the last dimension of `x` is not `width`.
   */
  forward(x: Tensor, { training }: { readonly training?: Training | undefined } = {}): Tensor {
    return this.contract.forward(this.#activated(x, training));
  }

  #activated(x: Tensor, training: Training | undefined): Tensor {
    const { activation, dropout, expand, gate } = this;
    if (activation !== "swiglu") return expand.activated(x, activation, { dropout, training });
    const expanded = expand.forward(x);
    const gated = multiply(multiply(expanded, sigmoid(expanded)), gate!.forward(x));
    return dropout.forward(gated, { training });
  }
}
