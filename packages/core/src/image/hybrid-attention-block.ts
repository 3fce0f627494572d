import { checkCount } from "../attention/neighborhood/check-counts.ts";
import { gridPositions } from "../attention/position/grid-positions.ts";
import type { PositionBias } from "../attention/position/position-bias.ts";
import { RelativeBias2d } from "../attention/position/relative-bias-2d.ts";
import { checkPositive } from "../check-options.ts";
import { checkOptionNames } from "../errors.ts";
import { FeedForward } from "../nn/feed-forward.ts";
import { LayerNorm } from "../nn/layer-norm.ts";
import type { ParameterOptions } from "../nn/linear.ts";
import { Module, type Training } from "../nn/module.ts";
import { MultiHeadAttention } from "../nn/multi-head-attention.ts";
import { add, multiply } from "../tensor/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ChannelAttention, type ChannelAttentionOptions } from "./channel-attention.ts";
import { countsOfImages, type ImageCounts, type ImageShape } from "./image-shape.ts";
import { recent } from "./recent.ts";
import { windowAttention } from "./window-attention.ts";

/** Options of {@link HybridAttentionBlock}. */
export interface HybridAttentionBlockOptions extends ParameterOptions, Pick<ChannelAttentionOptions, "reduction"> {
  /** Count of heads. */
  readonly heads: number;
  /** Rows and columns of a window. */
  readonly size: number;
  /** How many elements the windows are shifted; half of `size` in every second block of a stack. Default 0. */
  readonly shift?: number;
  /** Alpha, how much channel attention counts. Default 0.01, as published. */
  readonly alpha?: number;
  /** Width between the projections of the feed-forward. Default `2 * width`, as published. */
  readonly hidden?: number;
  /** Probability with which an attention weight, or a hidden number of the feed-forward, is dropped while training. Default 0. */
  readonly dropout?: number;
}

/** What {@link HybridAttentionBlock.forward} reads beside the elements. */
export interface HybridAttentionBlockContext extends ImageShape {
  /** Given while training: where dropout draws its seeds. */
  readonly training?: Training | undefined;
}

const optionNames = ["random", "engine", "heads", "size", "shift", "alpha", "reduction", "hidden", "dropout"];

/**
 * Attention within windows and attention to channels side by side, as a block of HAT (Chen et al., CVPR 2023, "Activating more pixels in image
 * super-resolution transformer", hybrid attention block):
 *
 *     m = x + (S)W-MSA(LN(x)) + alpha ChannelAttention(LN(x))        out = m + FeedForward(LN(m))
 *
 * with {@link windowAttention} and its relative bias, {@link ChannelAttention} and a {@link FeedForward} with GELU. The published block has two
 * 3 x 3 convolutions before the channel attention, which this one has not.
 */
export class HybridAttentionBlock extends Module {
  /** Count of channels. */
  readonly width: number;
  /** Rows and columns of a window. */
  readonly size: number;
  /** How many elements the windows are shifted. */
  readonly shift: number;
  /** How much channel attention counts. */
  readonly alpha: number;
  /** On what both attentions read. */
  readonly attentionNorm: LayerNorm;
  /** Within windows. */
  readonly attention: MultiHeadAttention;
  /** Of the places in a window. */
  readonly relativeBias: RelativeBias2d;
  /** Of whole images. */
  readonly channelAttention: ChannelAttention;
  /** On what the feed-forward reads. */
  readonly feedForwardNorm: LayerNorm;
  /** Each element by itself. */
  readonly feedForward: FeedForward;

  readonly #biases = recent<readonly PositionBias[]>();

  /** @throws OptionError `unknown-option`, or `out-of-range`, as the parts throw it. */
  constructor(width: number, options: HybridAttentionBlockOptions) {
    super();
    checkOptionNames("HybridAttentionBlock", options, optionNames);
    const { random, engine, heads, size, shift = 0, alpha = 0.01, hidden = 2 * width, dropout = 0 } = options;
    checkPositive("HybridAttentionBlock", "alpha", alpha);
    checkCount("HybridAttentionBlock", "shift", shift);
    this.width = width;
    this.size = size;
    this.shift = shift;
    this.alpha = alpha;
    this.attention = new MultiHeadAttention(width, { random, engine, heads, dropout });
    this.relativeBias = new RelativeBias2d(heads, { rows: size, columns: size, random, engine });
    this.channelAttention = new ChannelAttention(width, { random, engine, reduction: options.reduction });
    this.feedForward = new FeedForward(width, { random, engine, hidden, activation: "gelu", dropout });
    this.attentionNorm = new LayerNorm(width, options);
    this.feedForwardNorm = new LayerNorm(width, options);
  }

  /**
   * `[images * rows * columns, width]` to the same.
   *
   * @throws ShapeError `shapes-differ` when `x` is not so; OptionError `unknown-option`, or `out-of-range` unless counts are whole numbers above 0.
   */
  forward(x: Tensor, { training, ...shape }: HybridAttentionBlockContext): Tensor {
    const counts = countsOfImages("HybridAttentionBlock", x, shape, this.width);
    const { size, shift } = this;
    const normed = this.attentionNorm.forward(x);
    const bias = this.#bias(counts);
    const attended = windowAttention(this.attention, normed, { ...shape, size, shift, bias, training });
    const channels = multiply(this.channelAttention.forward(normed, shape), this.alpha);
    const sum = add(add(x, attended), channels);
    return add(sum, this.feedForward.forward(this.feedForwardNorm.forward(sum), { training }));
  }

  /** The images stand one below the other. */
  #bias({ images, rows, columns }: ImageCounts): readonly PositionBias[] {
    return this.#biases([images * rows, columns], () => {
      const places = gridPositions(images * rows, columns);
      return [this.relativeBias.bias({ receivers: places, senders: places })];
    });
  }
}
