import { checkCounts, checkPositive } from "../check-options.ts";
import { checkOptionNames, OptionError } from "../errors.ts";
import { Linear, type ParameterOptions } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { multiply, relu, sigmoid } from "../tensor/elementwise.ts";
import { mean } from "../tensor/reduce.ts";
import { reshape } from "../tensor/reshape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { byImage, type ImageShape } from "./image-shape.ts";

/** Options of {@link ChannelAttention}. */
export interface ChannelAttentionOptions extends ParameterOptions {
  /** How many times narrower the squeezed channels are; `width / reduction` is rounded down. Default 16, as published. */
  readonly reduction?: number | undefined;
}

/**
 * Channel attention: each channel of an image times a weight that all channels of the image decide,
 *
 *     z = mean over the elements j of an image of x_j        s = sigmoid(W_expand relu(W_squeeze z + b) + b')        out_j = s * x_j
 *
 * (Hu, Shen and Sun, CVPR 2018, "Squeeze-and-excitation networks", equations 2 to 4; Zhang et al., ECCV 2018, RCAN, section 3.3; in HAT with the
 * reduction 30). The mean is attention of an image to its elements with a score that is the same for all: softmax of equal numbers.
 *
 * Permuting the elements of an image permutes the output: where something is does not matter, only what is there.
 */
export class ChannelAttention extends Module {
  /** Count of channels. */
  readonly width: number;
  /** `[width]` to `[width / reduction]`. */
  readonly squeeze: Linear;
  /** `[width / reduction]` to `[width]`. */
  readonly expand: Linear;

  /**
   * @throws OptionError `unknown-option`; `out-of-range` for a width that is not a whole number above 0, or a reduction that leaves no channel or
   * is not positive.
   */
  constructor(width: number, options: ChannelAttentionOptions) {
    super();
    checkOptionNames("ChannelAttention", options, ["random", "engine", "reduction"]);
    const { reduction = 16 } = options;
    checkCounts("ChannelAttention", { width });
    checkPositive("ChannelAttention", "the reduction", reduction);
    const squeezed = Math.floor(width / reduction);
    if (squeezed < 1) {
      throw new OptionError(
        "out-of-range",
        `ChannelAttention: got the reduction ${reduction} for the width ${width}; expected one that leaves a channel, at most ${width}.`,
      );
    }
    this.width = width;
    this.squeeze = new Linear(width, squeezed, options);
    this.expand = new Linear(squeezed, width, options);
  }

  /** The weight of each channel of each image, from 0 to 1: `[images, width]`. Throws as {@link ChannelAttention.forward}. */
  weights(x: Tensor, shape: ImageShape): Tensor {
    return this.#weights(byImage("ChannelAttention", x, shape, this.width));
  }

  /**
   * `[images * rows * columns, width]` to the same.
   *
   * @throws ShapeError `shapes-differ` when `x` is not so; OptionError `unknown-option`, or `out-of-range` unless counts are whole numbers above 0.
   */
  forward(x: Tensor, shape: ImageShape): Tensor {
    const pixels = byImage("ChannelAttention", x, shape, this.width);
    const [images = 0] = pixels.shape;
    return reshape(multiply(pixels, reshape(this.#weights(pixels), [images, 1, this.width])), x.shape);
  }

  #weights(pixels: Tensor): Tensor {
    return sigmoid(this.expand.forward(relu(this.squeeze.forward(mean(pixels, { axis: 1 })))));
  }
}
