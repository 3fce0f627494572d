import type { Neighborhood } from "../../attention/neighborhood/neighborhood.ts";
import { OptionError } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { TransformerEncoderLayer } from "./encoder-layer.ts";
import { emptyState, type GenerationState, type GenerationStep, selectSequences } from "./generation.ts";
import { TransformerStack, type TransformerStackContext, type TransformerStackOptions } from "./stack.ts";

/** Options of {@link TransformerEncoder}. */
export interface TransformerEncoderOptions extends TransformerStackOptions {
  /** Whether each element attends to itself and those before it only, as in GPT; otherwise to all of its sequence, as in BERT. Default false. */
  readonly causal?: boolean;
}

/** The output of a stack with the attention of each layer. */
export interface EncoderAttention {
  /** `[elements, width]`. */
  readonly output: Tensor;
  /** Whose pairs the weights belong to. */
  readonly neighborhood: Neighborhood;
  /** Of each layer, `[edges, heads]` in the order of the neighborhood's positions. */
  readonly weights: readonly Tensor[];
}

/**
 * A stack of {@link TransformerEncoderLayer}s with positions, over packed sequences: `[elements, width]` to `[elements, width]`.
 *
 *     x_0 = dropout(x + position),   x_l = layer_l(x_(l - 1)),   output = x_L or, where layers normalize first, norm(x_L)
 *
 * By default the encoder of Vaswani et al. (NeurIPS 2017). BERT-style with `activation: "gelu"` and `positions: "learned"`; GPT-style with
 * `causal: true` and `normalization: "pre"` besides. Llama's positions, feed-forward and heads are `"rotary"`, `"swiglu"` and
 * `keyValueHeads`. A score that reads features of pairs is for single layers: a stack has none to give.
 *
 * A causal stack continues sequences one element at a time, without computing the earlier ones again:
 *
 *     let state = encoder.begin(batch);
 *     const { output, state: next } = encoder.step(x, state);   // x: [batch, width]
 */
export class TransformerEncoder extends TransformerStack<TransformerEncoderLayer> {
  /** @throws OptionError `unknown-option`; `out-of-range` for a value that cannot be; `missing-input` for learned positions without a `maximumLength`. */
  constructor(width: number, options: TransformerEncoderOptions) {
    const { layers, finalNorm, positions, maximumLength, distances, base, causal = false, ...layerOptions } = options;
    super(
      "TransformerEncoder",
      width,
      causal,
      options,
      ["causal"],
      (rotary) => new TransformerEncoderLayer(width, { ...layerOptions, rotary }),
    );
  }

  /**
   * `[elements, width]` to `[elements, width]`.
   *
   * @throws ShapeError `shapes-differ` unless the lengths are those of `x`; DataError `out-of-range` for a length that is no whole number from 0.
   */
  forward(x: Tensor, context: TransformerStackContext = {}): Tensor {
    const packed = this.pack(x, context);
    return this.through(x, packed, (layer, y) => layer.forward(y, packed));
  }

  /** {@link forward}, with the attention weights of each layer. */
  detailed(x: Tensor, context: TransformerStackContext = {}): EncoderAttention {
    const packed = this.pack(x, context);
    const weights: Tensor[] = [];
    const output = this.through(x, packed, (layer, y) => {
      const attention = layer.detailed(y, packed);
      weights.push(attention.weights);
      return attention.output;
    });
    return { output, neighborhood: packed.neighborhood, weights };
  }

  /**
   * The state of `batch` sequences without elements.
   *
   * @throws OptionError `not-causal` for a stack whose elements attend to later ones, `out-of-range` for a count that cannot be.
   */
  begin(batch: number): GenerationState {
    if (this.causal) return emptyState("TransformerEncoder", batch);
    throw new OptionError(
      "not-causal",
      "TransformerEncoder: got a stack in which elements attend to later ones, so that a new element changes all; expected causal: true to " +
        "continue sequences.",
    );
  }

  /**
   * One more element for each sequence, `x` `[batch, width]`: what {@link forward} gives for these elements.
   *
   * @throws ShapeError `shapes-differ` unless there is one element for each sequence, and the state is of this stack.
   */
  step(x: Tensor, state: GenerationState): GenerationStep<GenerationState> {
    return this.continue(x, state, (layer, y, remembered, context) => layer.step(y, remembered, context));
  }

  /**
   * The state of other sequences: sequence `b` of the result continues sequence `order[b]`, as a beam search needs it. A sequence may
   * occur several times or not at all.
   *
   * @throws DataError `index-out-of-range` for a sequence that is not there.
   */
  select(state: GenerationState, order: Uint32Array): GenerationState {
    return selectSequences(state, order);
  }
}
