import type { Tensor } from "../../tensor/tensor.ts";
import type { FeedForward } from "../feed-forward.ts";
import { extendKeyValue, type KeyValue } from "../key-value.ts";
import { Module, type Training } from "../module.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";
import type { MultiHeadAttentionContext } from "../multi-head-options.ts";
import { layerParts, type TransformerLayerOptions } from "./layer-options.ts";
import type { Residual } from "./residual.ts";

/** What {@link TransformerEncoderLayer.forward} reads beside the elements. */
export interface TransformerLayerContext
  extends Pick<MultiHeadAttentionContext, "neighborhood" | "bias" | "edge" | "positions" | "training"> {}

/** What a layer with a cache reads beside the new elements. */
export interface TransformerStepContext
  extends Pick<MultiHeadAttentionContext, "neighborhood" | "bias" | "positions"> {}

/** What a layer with a cache makes of new elements. */
export interface TransformerLayerStep {
  /** `[batch, width]`. */
  readonly output: Tensor;
  /** What the next step is given. */
  readonly remembered: KeyValue;
}

/**
 * A layer of a transformer encoder: self-attention and a position-wise network, each with a {@link Residual} path around it (Vaswani et
 * al., NeurIPS 2017, section 3.1). With `normalization: "post"`
 *
 *     y = norm(x + dropout(attention(x))),   output = norm(y + dropout(feedForward(y)))
 *
 * and with `"pre"`
 *
 *     y = x + dropout(attention(norm(x))),   output = y + dropout(feedForward(norm(y)))
 *
 * as `torch.nn.TransformerEncoderLayer` with `norm_first` false and true, its dropout at the same places. Over a causal neighborhood it is
 * a layer of a GPT-style decoder.
 */
export class TransformerEncoderLayer extends Module {
  /** Width of the elements. */
  readonly width: number;
  /** Of the elements to each other. */
  readonly selfAttention: MultiHeadAttention;
  /** Norm, dropout and shortcut around the attention. */
  readonly selfAttentionResidual: Residual;
  /** Of each element by itself. */
  readonly feedForward: FeedForward;
  /** Norm, dropout and shortcut around the feed-forward network. */
  readonly feedForwardResidual: Residual;

  /** @throws OptionError `unknown-option`; `out-of-range` for a value that cannot be. */
  constructor(width: number, options: TransformerLayerOptions) {
    super();
    const { attention, feedForward, residual } = layerParts("TransformerEncoderLayer", width, options);
    this.width = width;
    this.selfAttention = new MultiHeadAttention(width, { ...attention, rotary: options.rotary ?? false });
    this.selfAttentionResidual = residual();
    this.feedForward = feedForward();
    this.feedForwardResidual = residual();
  }

  /**
   * `[elements, width]` to `[elements, width]`.
   *
   * @throws ShapeError and OptionError as {@link MultiHeadAttention.forward}.
   */
  forward(x: Tensor, context: TransformerLayerContext): Tensor {
    const { neighborhood, bias, edge, positions, training } = context;
    const attended = this.selfAttentionResidual.around(x, training, (y) =>
      this.selfAttention.forward(y, { neighborhood, bias, edge, positions, training }),
    );
    return this.#feed(attended, training);
  }

  /** {@link forward}, with the attention weights `[edges, heads]`. */
  detailed(x: Tensor, context: TransformerLayerContext): { readonly output: Tensor; readonly weights: Tensor } {
    const { neighborhood, bias, edge, positions, training } = context;
    const y = this.selfAttentionResidual.before(x);
    const { output, weights } = this.selfAttention.detailed(y, { neighborhood, bias, edge, positions, training });
    return { output: this.#feed(this.selfAttentionResidual.after(x, output, { training }), training), weights };
  }

  /**
   * One more element for each sequence, `x` `[batch, width]`, given what is remembered of those before: what `forward` over a causal
   * neighborhood gives for these elements, without computing the others again. Returns what to remember for the next step.
   *
   * @param context Its neighborhood, {@link overTime}, and position biases are over the elements with the new ones.
   */
  step(
    x: Tensor,
    remembered: KeyValue | undefined,
    { neighborhood, bias, positions }: TransformerStepContext,
  ): TransformerLayerStep {
    const y = this.selfAttentionResidual.before(x);
    const memory = extendKeyValue(remembered, this.selfAttention.remember(y, { positions }));
    const attended = this.selfAttention.forward(y, { neighborhood, memory, bias, positions });
    return { output: this.#feed(this.selfAttentionResidual.after(x, attended)), remembered: memory };
  }

  #feed(x: Tensor, training?: Training): Tensor {
    return this.feedForwardResidual.around(x, training, (y) => this.feedForward.forward(y, { training }));
  }
}
