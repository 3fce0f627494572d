import { groups } from "../../attention/neighborhood/groups.ts";
import type { Neighborhood } from "../../attention/neighborhood/neighborhood.ts";
import { sequenceStarts } from "../../attention/neighborhood/sequence-starts.ts";
import { sequences } from "../../attention/neighborhood/sequences.ts";
import { DataError, ShapeError } from "../../errors.ts";
import { isIndex } from "../../is-index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { KeyValue } from "../key-value.ts";
import { TransformerDecoderLayer, type TransformerDecoderLayerContext } from "./decoder-layer.ts";
import { checkLayers, emptyState, type GenerationState, type GenerationStep, selectSequences } from "./generation.ts";
import {
  type PackedSequences,
  TransformerStack,
  type TransformerStackContext,
  type TransformerStackOptions,
} from "./stack.ts";

/** Options of {@link TransformerDecoder}. */
export interface TransformerDecoderOptions extends TransformerStackOptions {
  /** Width of the memory. Default `width`. */
  readonly memoryWidth?: number;
}

/** What a decoder attends to: the output of an encoder, `[memory elements, memoryWidth]`, for packed sequences. */
export interface PackedMemory {
  /** `[memory elements, memoryWidth]`. */
  readonly memory: Tensor;
  /** The length of each sequence of the memory. Default: one sequence of all its elements. */
  readonly memoryLengths?: ArrayLike<number> | undefined;
}

/** What {@link TransformerDecoder.forward} reads beside the elements. Sequence `s` attends to sequence `s` of the memory. */
export interface TransformerDecoderContext extends TransformerStackContext, PackedMemory {}

/** What {@link TransformerDecoder.begin} starts from. */
export interface DecoderBeginning extends PackedMemory {
  /**
   * Which sequence of the memory each sequence that is written attends to, `[batch]`: several hypotheses may share one. Default: one
   * hypothesis for each sequence of the memory.
   */
  readonly memoryOf?: ArrayLike<number>;
}

/** The state of a decoder: {@link GenerationState} with the memory. */
export interface TransformerDecoderState extends GenerationState {
  /** Of each layer, the memory's keys and values. */
  readonly memory: readonly KeyValue[];
  /** `[elements of the memory]`: the sequence that each belongs to. */
  readonly memorySequences: Uint32Array;
  /** The sequence of the memory that each sequence attends to, `[batch]`. */
  readonly memoryOf: Uint32Array;
}

/** The output of a decoder with the attention of each layer. */
export interface DecoderAttention {
  /** `[elements, width]`. */
  readonly output: Tensor;
  /** Whose pairs `weights` belong to. */
  readonly neighborhood: Neighborhood;
  /** Of self-attention in each layer, `[edges, heads]` in the order of the neighborhood's positions. */
  readonly weights: readonly Tensor[];
  /** Whose pairs `memoryWeights` belong to. */
  readonly memoryNeighborhood: Neighborhood;
  /** Of attention to the memory in each layer, `[edges, heads]`: the alignment. */
  readonly memoryWeights: readonly Tensor[];
}

/**
 * A stack of {@link TransformerDecoderLayer}s with positions, over packed sequences: the decoder of Vaswani et al. (NeurIPS 2017). Each
 * element attends to itself and those before it in its sequence, and to the memory of the sequence.
 *
 *     x_0 = dropout(x + position),   x_l = layer_l(x_(l - 1), memory),   output = x_L or, where layers normalize first, norm(x_L)
 *
 * It continues sequences one element at a time, without computing the earlier ones again:
 *
 *     let state = decoder.begin({ memory, memoryLengths });
 *     const { output, state: next } = decoder.step(x, state);   // x: [batch, width]
 */
export class TransformerDecoder extends TransformerStack<TransformerDecoderLayer> {
  /** @throws OptionError `unknown-option`; `out-of-range` for a value that cannot be; `missing-input` for learned positions without a `maximumLength`. */
  constructor(width: number, options: TransformerDecoderOptions) {
    const { layers, finalNorm, positions, maximumLength, distances, base, ...layerOptions } = options;
    super(
      "TransformerDecoder",
      width,
      true,
      options,
      ["memoryWidth"],
      (rotary) => new TransformerDecoderLayer(width, { ...layerOptions, rotary }),
    );
  }

  /**
   * `[elements, width]` to `[elements, width]`.
   *
   * @throws ShapeError `shapes-differ` unless the lengths are those of `x` and of the memory, and equally many; DataError `out-of-range`
   * for a length that is no whole number from 0.
   */
  forward(x: Tensor, context: TransformerDecoderContext): Tensor {
    const packed = this.#pack(x, context);
    return this.through(x, packed, (layer, y) => layer.forward(y, packed));
  }

  /** {@link forward}, with the attention weights of each layer. */
  detailed(x: Tensor, context: TransformerDecoderContext): DecoderAttention {
    const packed = this.#pack(x, context);
    const { neighborhood, memoryNeighborhood } = packed;
    const weights: Tensor[] = [];
    const memoryWeights: Tensor[] = [];
    const output = this.through(x, packed, (layer, y) => {
      const attention = layer.detailed(y, packed);
      weights.push(attention.weights);
      memoryWeights.push(attention.memoryWeights);
      return attention.output;
    });
    return { output, neighborhood, weights, memoryNeighborhood, memoryWeights };
  }

  /**
   * The state of sequences without elements, and with a memory whose keys and values are computed once.
   *
   * @throws ShapeError `shapes-differ` unless the lengths are those of the memory; DataError `index-out-of-range` for a hypothesis of
   * a sequence that is not there.
   */
  begin({ memory, memoryLengths = [memory.shape[0] ?? 0], memoryOf }: DecoderBeginning): TransformerDecoderState {
    const { length: count } = memoryLengths;
    const memorySequences = sequenceOfElements(memory, memoryLengths);
    const chosen = Array.from(memoryOf ?? Array.from({ length: count }, (_, sequence) => sequence));
    for (const sequence of chosen) {
      if (isIndex(sequence, count)) continue;
      throw new DataError(
        "index-out-of-range",
        `TransformerDecoder: got a hypothesis for sequence ${sequence} of the memory; expected whole numbers from 0, below ${count}.`,
      );
    }
    return {
      ...emptyState("TransformerDecoder", chosen.length),
      memory: this.layers.map((layer) => layer.crossAttention.remember(memory)),
      memorySequences,
      memoryOf: Uint32Array.from(chosen),
    };
  }

  /**
   * One more element for each sequence, `x` `[batch, width]`: what {@link forward} gives for these elements.
   *
   * @throws ShapeError `shapes-differ` unless there is one element for each sequence, and the state is of this stack.
   */
  step(x: Tensor, state: TransformerDecoderState): GenerationStep<TransformerDecoderState> {
    checkLayers("TransformerDecoder", state.memory, this.layers.length);
    const memoryNeighborhood = groups(state.memoryOf, { senders: state.memorySequences });
    return this.continue(x, state, (layer, y, remembered, context, index) =>
      layer.step(y, remembered, { ...context, memory: state.memory[index]!, memoryNeighborhood }),
    );
  }

  /**
   * The state of other sequences: sequence `b` of the result continues sequence `order[b]`, with its memory, as a beam search needs it.
   * A sequence may occur several times or not at all.
   *
   * @throws DataError `index-out-of-range` for a sequence that is not there.
   */
  select(state: TransformerDecoderState, order: Uint32Array): TransformerDecoderState {
    const selected = selectSequences(state, order);
    return { ...state, ...selected, memoryOf: order.map((sequence) => state.memoryOf[sequence]!) };
  }

  #pack(x: Tensor, context: TransformerDecoderContext): PackedSequences & TransformerDecoderLayerContext {
    const { memory, lengths = [x.shape[0] ?? 0], memoryLengths = [memory.shape[0] ?? 0] } = context;
    const packed = this.pack(x, context);
    sequenceOfElements(memory, memoryLengths);
    return { ...packed, memory, memoryNeighborhood: sequences(lengths, { senders: memoryLengths }) };
  }
}

/** `[elements of the memory]`: the sequence that each belongs to. */
function sequenceOfElements({ shape }: Tensor, lengths: ArrayLike<number>): Uint32Array {
  const starts = sequenceStarts("TransformerDecoder", lengths);
  const sequenceOf = new Uint32Array(starts[lengths.length]!);
  for (let sequence = 0; sequence < lengths.length; sequence++) {
    sequenceOf.fill(sequence, starts[sequence], starts[sequence + 1]);
  }
  if (shape[0] === sequenceOf.length) return sequenceOf;
  throw new ShapeError(
    "shapes-differ",
    `TransformerDecoder: got a memory of shape [${shape.join(", ")}] and lengths that sum to ${sequenceOf.length}; expected as many elements.`,
  );
}
