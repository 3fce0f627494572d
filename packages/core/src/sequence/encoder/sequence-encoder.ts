import { sequenceStarts } from "../../attention/neighborhood/sequence-starts.ts";
import { checkChoice } from "../../check-options.ts";
import type { ParameterOptions } from "../../nn/linear.ts";
import { Module, type Training } from "../../nn/module.ts";
import { GRU } from "../../nn/recurrent/gru.ts";
import { LSTM } from "../../nn/recurrent/lstm.ts";
import type { RecurrentLayers, RecurrentOptions } from "../../nn/recurrent/recurrent-layers.ts";
import { TransformerEncoder, type TransformerEncoderOptions } from "../../nn/transformer/encoder.ts";
import { concatenate } from "../../tensor/arrange.ts";
import { gatherRows } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A {@link GRU} or an {@link LSTM} that reads sequences. */
export interface RecurrentEncoderChoice extends Omit<RecurrentOptions, keyof ParameterOptions> {
  /** Which recurrent cell. */
  readonly kind: "gru" | "lstm";
  /** Width of the state of each direction. */
  readonly hidden: number;
}

/** A {@link TransformerEncoder} that reads sequences, as wide as the vectors of the tokens. */
export interface TransformerEncoderChoice extends Omit<TransformerEncoderOptions, keyof ParameterOptions> {
  /** A transformer's encoder. */
  readonly kind: "transformer";
}

/** What reads the sequences of a model. */
export type SequenceEncoderChoice = RecurrentEncoderChoice | TransformerEncoderChoice;

/** What an encoder makes of packed sequences. */
export interface EncodedSequences {
  /** Of each element, in what stands around it: `[elements, outputs]`. */
  readonly elements: Tensor;
  /**
   * Of each sequence as it was left, `[sequences, outputs]`: the last state of a recurrent encoder, in both directions if it has two, and the last
   * element of a transformer.
   */
  readonly last: Tensor;
  /** Count of elements of each sequence. */
  readonly lengths: Uint32Array;
}

/** What reads packed sequences, `[elements, width]`, none of them empty. */
export abstract class SequenceEncoder extends Module {
  /** Width of what it makes. */
  abstract readonly outputs: number;

  /**
   * `[elements, width]` to `[elements, outputs]`, the length of each sequence given.
   *
   * @throws ShapeError `shapes-differ`.
   */
  abstract forward(x: Tensor, lengths: Uint32Array, training?: Training): EncodedSequences;
}

/**
 * The encoder of a choice.
 *
 * @param width Of the elements that it reads.
 * @throws OptionError `unknown-option`, `out-of-range` or `missing-input`, as the encoder that is chosen.
 */
export function sequenceEncoder(
  choice: SequenceEncoderChoice,
  width: number,
  { random, engine }: ParameterOptions,
): SequenceEncoder {
  checkChoice("SequenceEncoder", "kind", choice.kind, ["gru", "lstm", "transformer"]);
  if (choice.kind === "transformer") {
    const { kind, ...options } = choice;
    return new AttendingEncoder(new TransformerEncoder(width, { ...options, random, engine }));
  }
  const { kind, hidden, ...options } = choice;
  const made = { ...options, random, engine };
  if (kind === "gru") return new RecurrentEncoder(new GRU(width, hidden, made), (state) => state);
  return new RecurrentEncoder(new LSTM(width, hidden, made), (state) => state.hidden);
}

class RecurrentEncoder<State> extends SequenceEncoder {
  readonly network: RecurrentLayers<State>;
  readonly #hiddenOf: (state: State) => Tensor;

  constructor(network: RecurrentLayers<State>, hiddenOf: (state: State) => Tensor) {
    super();
    this.network = network;
    this.#hiddenOf = hiddenOf;
  }

  get outputs(): number {
    return this.network.outputs;
  }

  forward(x: Tensor, lengths: Uint32Array, training?: Training): EncodedSequences {
    const { output, state } = this.network.forward(x, { lengths, training });
    const directions = this.network.layers[0]!.length;
    return { elements: output, last: concatenate(state.slice(-directions).map(this.#hiddenOf), 1), lengths };
  }
}

class AttendingEncoder extends SequenceEncoder {
  readonly network: TransformerEncoder;

  constructor(network: TransformerEncoder) {
    super();
    this.network = network;
  }

  get outputs(): number {
    return this.network.width;
  }

  forward(x: Tensor, lengths: Uint32Array, training?: Training): EncodedSequences {
    const elements = this.network.forward(x, { lengths, training });
    const [, ...ends] = sequenceStarts("SequenceEncoder", lengths);
    const lastOf = Uint32Array.from(ends, (end) => end - 1);
    return { elements, last: gatherRows(elements, lastOf), lengths };
  }
}
