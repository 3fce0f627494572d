import { attend } from "../attention/attend.ts";
import { dot } from "../attention/score/dot.ts";
import { checkChoice, checkCounts } from "../check-options.ts";
import { checkOptionNames } from "../errors.ts";
import { LayerNorm } from "../nn/layer-norm.ts";
import { Linear, type ParameterOptions } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { add, multiply, sigmoid } from "../tensor/elementwise.ts";
import { matmul } from "../tensor/product.ts";
import { mean } from "../tensor/reduce.ts";
import { reshape } from "../tensor/reshape.ts";
import { softmax } from "../tensor/softmax.ts";
import { broadcastTo } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { imagesOverElements } from "./image-neighborhoods.ts";
import { byImage, type ImageShape } from "./image-shape.ts";

/** How the two branches of {@link PolarizedSelfAttention} are put together. */
export type PolarizedLayout = "parallel" | "sequential";

const layouts: readonly string[] = ["parallel", "sequential"] satisfies readonly PolarizedLayout[];

/** Options of {@link PolarizedSelfAttention}. */
export interface PolarizedSelfAttentionOptions extends ParameterOptions {
  /** Default `"parallel"`. */
  readonly layout?: PolarizedLayout;
  /** Width between the projections. Default half the width, rounded down, as published. */
  readonly hidden?: number;
}

const byInnerProduct = { score: dot(), parameters: {} };

/**
 * Polarized self-attention (Liu et al., 2021, arXiv 2107.00782, figure 2): a weight for each channel of an image, from which all positions are
 * collapsed, and a weight for each position, from which all channels are,
 *
 *     channel(x)  = sigmoid(LN(W_z sum over j of softmax_j(W_q x_j) W_v x_j))                     [images, width]
 *     spatial(x)_j = sigmoid(softmax(mean over j of W_q' x_j) . W_v' x_j)                         [elements]
 *
 *     "parallel"     out = channel(x) * x + spatial(x) * x
 *     "sequential"   out = spatial(y) * y   with   y = channel(x) * x
 *
 * where `softmax_j` runs over the positions of an image and the other softmax over channels. The sum over `j` is {@link attend}: each image attends
 * to its elements, with a learned query, the row `W_q`. No projection adds a vector, as in the authors' code. That code differs from the paper
 * in two places, where this follows the paper: its second softmax runs over positions, and its parallel layout has no LN.
 *
 * The products with `W_v`, `W_q'` and `W_v'` are taken once for each image rather than for each element, which is the same because sums are linear:
 * time grows with elements times width.
 */
export class PolarizedSelfAttention extends Module {
  /** Count of channels. */
  readonly width: number;
  /** Width between the projections. */
  readonly hidden: number;
  /** How the branches are put together. */
  readonly layout: PolarizedLayout;
  /** W_q, `[width]` to one number. */
  readonly channelQuery: Linear;
  /** W_v, `[width]` to `[hidden]`. */
  readonly channelValue: Linear;
  /** W_z, `[hidden]` to `[width]`. */
  readonly channelOutput: Linear;
  /** LN, over the channels of an image. */
  readonly channelNorm: LayerNorm;
  /** W_q', `[width]` to `[hidden]`. */
  readonly spatialQuery: Linear;
  /** W_v', `[width]` to `[hidden]`. */
  readonly spatialValue: Linear;

  /** @throws OptionError `unknown-option`; `out-of-range` for widths that are not whole numbers above 0, or an unknown layout. */
  constructor(width: number, options: PolarizedSelfAttentionOptions) {
    super();
    checkOptionNames("PolarizedSelfAttention", options, ["random", "engine", "layout", "hidden"]);
    const { layout = "parallel", hidden = Math.floor(width / 2) } = options;
    checkCounts("PolarizedSelfAttention", { width, hidden });
    checkChoice("PolarizedSelfAttention", "layout", layout, layouts);
    this.width = width;
    this.hidden = hidden;
    this.layout = layout;
    const linear = { ...options, bias: false };
    this.channelQuery = new Linear(width, 1, linear);
    this.channelValue = new Linear(width, hidden, linear);
    this.channelOutput = new Linear(hidden, width, linear);
    this.channelNorm = new LayerNorm(width, options);
    this.spatialQuery = new Linear(width, hidden, linear);
    this.spatialValue = new Linear(width, hidden, linear);
  }

  /**
   * `[images * rows * columns, width]` to the same.
   *
   * @throws ShapeError `shapes-differ` when `x` is not so; OptionError `unknown-option`, or `out-of-range` unless counts are whole numbers above 0.
   */
  forward(x: Tensor, shape: ImageShape): Tensor {
    const pixels = byImage("PolarizedSelfAttention", x, shape, this.width);
    const byChannel = multiply(pixels, this.#channelWeights(pixels));
    const read = this.layout === "parallel" ? pixels : byChannel;
    const byPosition = multiply(read, this.#spatialWeights(read));
    return reshape(this.layout === "parallel" ? add(byChannel, byPosition) : byPosition, x.shape);
  }

  /** `[images, 1, width]`. */
  #channelWeights(x: Tensor): Tensor {
    const [images = 0, pixels = 0, width = 0] = x.shape;
    const query = broadcastTo(reshape(this.channelQuery.weight, [1, 1, width]), [images, 1, width]);
    const key = reshape(x, [images * pixels, 1, width]);
    const gathered = attend(imagesOverElements({ images, pixels }), { query, key, value: key }, byInnerProduct);
    const values = this.channelValue.forward(reshape(gathered, [images, width]));
    const weights = sigmoid(this.channelNorm.forward(this.channelOutput.forward(values)));
    return reshape(weights, [images, 1, width]);
  }

  /** `[images, pixels, 1]`. */
  #spatialWeights(x: Tensor): Tensor {
    const [images = 0] = x.shape;
    const channels = softmax(this.spatialQuery.forward(mean(x, { axis: 1 })));
    const direction = matmul(channels, this.spatialValue.weight);
    return sigmoid(matmul(x, reshape(direction, [images, this.width, 1])));
  }
}
