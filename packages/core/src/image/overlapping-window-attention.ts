import { checkOptionNames } from "../errors.ts";
import type { MultiHeadAttention } from "../nn/multi-head-attention.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { imageWindows } from "./image-windows.ts";
import { type WindowAttentionOptions, windowAttentionNames } from "./window-attention.ts";

/** Options of {@link overlappingWindowAttention}. */
export interface OverlappingWindowAttentionOptions extends WindowAttentionOptions {
  /** How many elements beyond its window, on each of the four sides, an element attends to; `gamma size / 2` for HAT's ratio gamma. */
  readonly overlap: number;
}

/**
 * Overlapping cross-attention: the queries of a window of `size` x `size` attend to the keys and values of the window of
 * `(size + 2 overlap)` x `(size + 2 overlap)` around it (Chen et al., 2023, "Activating more pixels in image super-resolution transformer", HAT's OCA):
 * {@link windowAttention} over windows that overlap. HAT takes windows of 16 and an overlap of 4, which is its ratio gamma of 0.5.
 *
 * Windows are cut at the border of the image. The authors' code fills them with keys and values of zeros, which take part in the softmax.
 *
 * A {@link RelativeBias2d} for it has `rows` and `columns` of `size + overlap`: the table is as large as theirs.
 *
 * @param x `[images * rows * columns, attention.width]`.
 * @returns `[images * rows * columns, attention.outputs]`.
 * @throws OptionError as {@link imageWindows}; ShapeError and OptionError as {@link MultiHeadAttention.forward}.
 */
export function overlappingWindowAttention(
  attention: MultiHeadAttention,
  x: Tensor,
  options: OverlappingWindowAttentionOptions,
): Tensor {
  checkOptionNames("overlappingWindowAttention", options, [...windowAttentionNames, "overlap"]);
  const { bias, training, ...windows } = options;
  return attention.forward(x, { neighborhood: imageWindows(windows), bias, training });
}
