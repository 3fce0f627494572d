import type { Neighborhood } from "../../attention/neighborhood/neighborhood.ts";
import { checkCounts } from "../../check-options.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { FeedForward } from "../feed-forward.ts";
import { extendKeyValue, type KeyValue } from "../key-value.ts";
import { Module, type Training } from "../module.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";
import type { TransformerLayerContext, TransformerLayerStep, TransformerStepContext } from "./encoder-layer.ts";
import { layerParts, type TransformerLayerOptions } from "./layer-options.ts";
import type { Residual } from "./residual.ts";

/** Options of {@link TransformerDecoderLayer}. */
export interface TransformerDecoderLayerOptions extends TransformerLayerOptions {
  /** Width of the memory. Default `width`. */
  readonly memoryWidth?: number;
}

/** The memory that a decoder layer attends to. */
export interface CrossAttentionMemory {
  /** The encoder's output, `[memory elements, memoryWidth]`, or remembered by the layer's `crossAttention`. */
  readonly memory: Tensor | KeyValue;
  /** Which elements attend to which elements of the memory. */
  readonly memoryNeighborhood: Neighborhood;
}

/** What {@link TransformerDecoderLayer.forward} reads beside the elements. */
export interface TransformerDecoderLayerContext extends TransformerLayerContext, CrossAttentionMemory {}

/** What {@link TransformerDecoderLayer.step} reads beside the new elements. */
export interface TransformerDecoderStepContext extends TransformerStepContext, CrossAttentionMemory {}

/** A decoder layer's output with its attention. */
export interface DecoderLayerAttention {
  /** `[elements, width]`. */
  readonly output: Tensor;
  /** Of self-attention, `[edges, heads]` in the order of the neighborhood's positions. */
  readonly weights: Tensor;
  /** Of attention to the memory, `[edges, heads]` in the order of the positions of `memoryNeighborhood`. */
  readonly memoryWeights: Tensor;
}

/**
 * A layer of a transformer decoder: self-attention over what was written so far (the neighborhood is causal), attention to a memory,
 * and a position-wise network, each with a {@link Residual} path around it (Vaswani et al., NeurIPS 2017, section 3.1); as
 * `torch.nn.TransformerDecoderLayer`, its dropout at the same places. Rotary positions turn self-attention alone.
 */
export class TransformerDecoderLayer extends Module {
  /** Width of the elements. */
  readonly width: number;
  /** Of the elements to each other. */
  readonly selfAttention: MultiHeadAttention;
  /** Norm, dropout and shortcut around the self-attention. */
  readonly selfAttentionResidual: Residual;
  /** Of the elements to the memory. */
  readonly crossAttention: MultiHeadAttention;
  /** Norm, dropout and shortcut around the cross-attention. */
  readonly crossAttentionResidual: Residual;
  /** Of each element by itself. */
  readonly feedForward: FeedForward;
  /** Norm, dropout and shortcut around the feed-forward network. */
  readonly feedForwardResidual: Residual;

  /** @throws OptionError `unknown-option`; `out-of-range` for a value that cannot be. */
  constructor(width: number, options: TransformerDecoderLayerOptions) {
    super();
    const { attention, feedForward, residual } = layerParts("TransformerDecoderLayer", width, options, ["memoryWidth"]);
    const { memoryWidth = width, rotary = false } = options;
    checkCounts("TransformerDecoderLayer", { memoryWidth });
    this.width = width;
    this.selfAttention = new MultiHeadAttention(width, { ...attention, rotary });
    this.selfAttentionResidual = residual();
    this.crossAttention = new MultiHeadAttention(width, { ...attention, keyInputs: memoryWidth });
    this.crossAttentionResidual = residual();
    this.feedForward = feedForward();
    this.feedForwardResidual = residual();
  }

  /**
   * `[elements, width]` to `[elements, width]`.
   *
   * @throws ShapeError and OptionError as {@link MultiHeadAttention.forward}.
   */
  forward(x: Tensor, context: TransformerDecoderLayerContext): Tensor {
    const { neighborhood, bias, edge, positions, training } = context;
    const attended = this.selfAttentionResidual.around(x, training, (y) =>
      this.selfAttention.forward(y, { neighborhood, bias, edge, positions, training }),
    );
    return this.#readMemory(attended, context, training);
  }

  /** {@link forward}, with the weights of both attentions. */
  detailed(x: Tensor, context: TransformerDecoderLayerContext): DecoderLayerAttention {
    const { neighborhood, bias, edge, positions, memory, memoryNeighborhood, training } = context;
    const own = this.selfAttention.detailed(this.selfAttentionResidual.before(x), {
      neighborhood,
      bias,
      edge,
      positions,
      training,
    });
    const y = this.selfAttentionResidual.after(x, own.output, { training });
    const cross = this.crossAttention.detailed(this.crossAttentionResidual.before(y), {
      neighborhood: memoryNeighborhood,
      memory,
      training,
    });
    const output = this.#feed(this.crossAttentionResidual.after(y, cross.output, { training }), training);
    return { output, weights: own.weights, memoryWeights: cross.weights };
  }

  /**
   * One more element for each sequence, `x` `[batch, width]`, given what is remembered of those before: what `forward` over a causal
   * neighborhood gives for these elements, without computing the others again. Returns what to remember for the next step.
   *
   * @param context Its neighborhood, {@link overTime}, and position biases are over the elements with the new ones;
   * `memoryNeighborhood` has the `batch` new elements as receivers. The memory is best remembered once: `crossAttention.remember(memory)`.
   */
  step(
    x: Tensor,
    remembered: KeyValue | undefined,
    { neighborhood, bias, positions, ...memory }: TransformerDecoderStepContext,
  ): TransformerLayerStep {
    const y = this.selfAttentionResidual.before(x);
    const extended = extendKeyValue(remembered, this.selfAttention.remember(y, { positions }));
    const attended = this.selfAttention.forward(y, { neighborhood, memory: extended, bias, positions });
    return { output: this.#readMemory(this.selfAttentionResidual.after(x, attended), memory), remembered: extended };
  }

  #readMemory(x: Tensor, { memory, memoryNeighborhood }: CrossAttentionMemory, training?: Training): Tensor {
    const attended = this.crossAttentionResidual.around(x, training, (y) =>
      this.crossAttention.forward(y, { neighborhood: memoryNeighborhood, memory, training }),
    );
    return this.#feed(attended, training);
  }

  #feed(x: Tensor, training?: Training): Tensor {
    return this.feedForwardResidual.around(x, training, (y) => this.feedForward.forward(y, { training }));
  }
}
