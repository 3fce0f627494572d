import type { RelativePosition2d } from "../attention/position/relative-position-2d.ts";
import { checkOptionNames, ShapeError } from "../errors.ts";
import type { Training } from "../nn/module.ts";
import type { MultiHeadAttention } from "../nn/multi-head-attention.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { withinImages } from "./image-neighborhoods.ts";
import { type ImageShape, imageCounts, imageShapeNames } from "./image-shape.ts";

/** Options of {@link bottleneckAttention}. */
export interface BottleneckAttentionOptions extends ImageShape {
  /** Given while training: where dropout draws its seed. Default: none, and nothing is dropped. */
  readonly training?: Training | undefined;
}

/**
 * The attention of a bottleneck transformer: all elements of an image attend to all, by content and by relative position,
 *
 *     weight_ij = softmax_j((q_i . k_j + q_i . (height[y_j - y_i] + width[x_j - x_i])) / sqrt(channels))
 *
 * (Srinivas et al., 2021, "Bottleneck transformers for visual recognition", figure 4), with `y` and `x` the row and the column: multi-head attention
 * with the two terms of a {@link RelativePosition2d}.
 *
 * Published in the place of the 3 x 3 convolution of a residual bottleneck, with normalization and ReLU after it and without a projection of the
 * heads' outputs; here `attention` has one, as everywhere.
 *
 * @param position For the channels of a head, and images of `rows` x `columns`.
 * @param x `[images * rows * columns, attention.width]`.
 * @returns `[images * rows * columns, attention.outputs]`.
 * @throws OptionError `unknown-option`; `out-of-range` unless counts are whole numbers above 0. ShapeError `shapes-differ` for a position of
 * other images or of heads of another width. ShapeError and OptionError as {@link MultiHeadAttention.forward}.
 */
export function bottleneckAttention(
  attention: MultiHeadAttention,
  position: RelativePosition2d,
  x: Tensor,
  options: BottleneckAttentionOptions,
): Tensor {
  checkOptionNames("bottleneckAttention", options, [...imageShapeNames, "training"]);
  const counts = imageCounts("bottleneckAttention", options);
  const { rows, columns, channels } = position;
  if (rows !== counts.rows || columns !== counts.columns || channels !== attention.channels) {
    throw new ShapeError(
      "shapes-differ",
      `bottleneckAttention: got a position for ${rows} x ${columns} elements and ${channels} channels of a head; expected it for ` +
        `${counts.rows} x ${counts.columns} elements and ${attention.channels} channels, those of the images and of the attention.`,
    );
  }
  const bias = position.biases();
  return attention.forward(x, { neighborhood: withinImages(counts), bias, training: options.training });
}
