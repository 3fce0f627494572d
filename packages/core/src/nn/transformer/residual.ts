import { add } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Dropout } from "../dropout-layer.ts";
import { LayerNorm } from "../layer-norm.ts";
import type { ParameterOptions } from "../linear.ts";
import { Module, type Training } from "../module.ts";

/**
 * Where a transformer layer normalizes: `"post"`, the sum, as Vaswani et al. (NeurIPS 2017), or `"pre"`, what a sublayer reads, which
 * trains deep stacks without a warm-up (Xiong et al., ICML 2020).
 */
export type Normalization = "pre" | "post";

/** Options of {@link Residual}. */
export interface ResidualOptions extends Pick<ParameterOptions, "engine"> {
  /** Where to normalize. */
  readonly normalization: Normalization;
  /** Probability with which a number of the sublayer's output is dropped while training. */
  readonly dropout: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number | undefined;
}

/**
 * The path around a sublayer `f` of a transformer layer: `norm(x + dropout(f(x)))` or, normalizing first, `x + dropout(f(norm(x)))`.
 *
 *     const y = residual.before(x);
 *     const out = residual.after(x, f(y), { training });
 */
export class Residual extends Module {
  /** Where it normalizes. */
  readonly normalization: Normalization;
  /** Before the block or after the sum. */
  readonly norm: LayerNorm;
  /** On the output of the sublayer. */
  readonly dropout: Dropout;

  /** @param width Width of the elements. */
  constructor(width: number, { engine, normalization, dropout, epsilon = 1e-5 }: ResidualOptions) {
    super();
    this.normalization = normalization;
    this.norm = new LayerNorm(width, { engine, epsilon });
    this.dropout = new Dropout(dropout);
  }

  /** What the sublayer reads: `[elements, width]` to `[elements, width]`. */
  before(x: Tensor): Tensor {
    return this.normalization === "pre" ? this.norm.forward(x) : x;
  }

  /** The whole path, {@link before} to {@link after}, for a sublayer that gives nothing but its output: `[elements, width]` to the same. */
  around(x: Tensor, training: Training | undefined, sublayer: (x: Tensor) => Tensor): Tensor {
    return this.after(x, sublayer(this.before(x)), { training });
  }

  /** `x` with the output of the sublayer, and what follows that: two of `[elements, width]` to the same. */
  after(x: Tensor, output: Tensor, { training }: { readonly training?: Training | undefined } = {}): Tensor {
    const total = add(x, this.dropout.forward(output, { training }));
    return this.normalization === "pre" ? total : this.norm.forward(total);
  }
}
