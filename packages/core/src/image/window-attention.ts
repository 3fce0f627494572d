import { checkOptionNames } from "../errors.ts";
import type { MultiHeadAttention } from "../nn/multi-head-attention.ts";
import type { MultiHeadAttentionContext } from "../nn/multi-head-options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ImageWindowOptions, imageWindowNames, imageWindows } from "./image-windows.ts";

/** Options of {@link windowAttention}. */
export interface WindowAttentionOptions
  extends Omit<ImageWindowOptions, "overlap">,
    Pick<MultiHeadAttentionContext, "bias" | "training"> {}

/** The names of {@link WindowAttentionOptions}. */
export const windowAttentionNames: readonly string[] = [...imageWindowNames, "bias", "training"];

/**
 * Windowed attention: each element attends to those of its own window,
 *
 *     Attention(Q, K, V) = SoftMax(Q K^T / sqrt(channels) + B) V    within each window
 *
 * (Liu et al., 2021, "Swin Transformer", section 3.2 and equation 4): multi-head attention over the neighborhood {@link imageWindows}. Time and memory
 * grow with the elements times those of a window. A `shift` of half a window in every second layer, `Math.floor(size / 2)`, lets neighboring
 * windows exchange what they know (equation 3 there: W-MSA, then SW-MSA).
 *
 * `B` is a {@link RelativeBias2d} of the size of a window, for the places of the elements; keep both over the steps:
 *
 *     const relative = new RelativeBias2d(heads, { rows: size, columns: size, random });
 *     const places = gridPositions(images * rows, columns);
 *     const bias = [relative.bias({ receivers: places, senders: places })];
 *     windowAttention(attention, x, { rows, columns, images, size, bias });
 *
 * For the weights call `attention.detailed(x, { neighborhood: imageWindows(...), bias })`.
 *
 * @param x `[images * rows * columns, attention.width]`.
 * @returns `[images * rows * columns, attention.outputs]`.
 * @throws OptionError as {@link imageWindows}; ShapeError and OptionError as {@link MultiHeadAttention.forward}.
 */
export function windowAttention(attention: MultiHeadAttention, x: Tensor, options: WindowAttentionOptions): Tensor {
  checkOptionNames("windowAttention", options, windowAttentionNames);
  const { bias, training, ...windows } = options;
  return attention.forward(x, { neighborhood: imageWindows(windows), bias, training });
}
