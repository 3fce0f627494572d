import { checkCounts } from "../../check-options.ts";
import { ShapeError } from "../../errors.ts";
import { concatenate } from "../../tensor/arrange.ts";
import { checkProbability, dropout } from "../../tensor/dropout.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ParameterOptions } from "../linear.ts";
import { Module, type Training } from "../module.ts";
import { packingOf } from "./packing.ts";
import type { RecurrentCell } from "./recurrent-cell.ts";

/** Options of {@link GRU} and {@link LSTM}. */
export interface RecurrentOptions extends ParameterOptions {
  /** Count of layers, each reading the output of the one before. Default 1. */
  readonly layers?: number;
  /** Whether each layer also reads the sequences from their ends; the output is then twice as wide. Default false. */
  readonly bidirectional?: boolean;
  /** Probability with which the output of each layer but the last is dropped while training. Default 0. */
  readonly dropout?: number;
}

/** The names of {@link RecurrentOptions}. */
export const recurrentOptionNames = ["random", "engine", "layers", "bidirectional", "dropout"];

/** What the sequences of a packed batch are read with. */
export interface SequenceOptions<State> {
  /** The count of elements of each sequence; 0 is allowed. The packing that follows from it is kept as long as the array is. */
  readonly lengths: ArrayLike<number>;
  /**
   * States before the first step, one row for each sequence: for each layer one, or, of a bidirectional one, that of the forward and then that of
   * the backward direction. Default: zeros.
   */
  readonly initial?: readonly State[] | undefined;
  /** Given while training: dropout draws from it. Default: none, and nothing is dropped. */
  readonly training?: Training | undefined;
}

/** What reading a packed batch gives. */
export interface SequenceResult<State> {
  /** The hidden states of the last layer after each element, `[elements, hidden]`, or `[elements, 2 * hidden]`: forward, then backward. */
  readonly output: Tensor;
  /**
   * The states after the last step of each sequence, in the order of `initial`: `[layers * directions]` states of one row for each sequence. That
   * of the backward direction is the one after the first element. An empty sequence keeps its initial state.
   */
  readonly state: readonly State[];
}

/**
 * Layers of recurrent cells over packed batches of sequences.
 *
 * @typeParam State What a cell remembers.
 */
export abstract class RecurrentLayers<State> extends Module {
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the hidden state of each direction. */
  readonly hidden: number;
  /** Probability with which the output of each layer but the last is dropped while training. */
  readonly dropout: number;
  /** `layers[k]` holds the cell of the forward direction and, in a bidirectional network, that of the backward one. */
  readonly layers: readonly (readonly RecurrentCell<State>[])[];
  readonly #name: string;

  /** @throws OptionError `out-of-range`. */
  constructor(
    name: string,
    inputs: number,
    hidden: number,
    { layers = 1, bidirectional = false, dropout: probability = 0 }: RecurrentOptions,
    cellOf: (inputs: number) => RecurrentCell<State>,
  ) {
    super();
    this.#name = name;
    checkCounts(name, { inputs, hidden, layers });
    checkProbability(name, probability);
    this.inputs = inputs;
    this.hidden = hidden;
    this.dropout = probability;
    const directions = bidirectional ? 2 : 1;
    this.layers = Array.from({ length: layers }, (_, layer) =>
      Array.from({ length: directions }, () => cellOf(layer === 0 ? inputs : directions * hidden)),
    );
  }

  /** Width of the output: `hidden`, or twice that where it is bidirectional. */
  get outputs(): number {
    return this.hidden * this.layers[0]!.length;
  }

  /**
   * Reads a packed batch: `x`, `[elements, inputs]`, holds all sequences one after the other, without padding. A step works on those
   * sequences alone that are still running.
   *
   * @throws ShapeError `shapes-differ` when `x`, the lengths and the initial states do not fit each other; DataError `out-of-range` for a
   * length that is negative or no whole number.
   */
  forward(x: Tensor, { lengths, initial, training }: SequenceOptions<State>): SequenceResult<State> {
    const packing = packingOf(this.#name, lengths, x.shape[0] ?? 0);
    const directions = this.layers[0]!.length;
    if (initial !== undefined && initial.length !== this.layers.length * directions) {
      throw new ShapeError(
        "shapes-differ",
        `${this.#name}: got ${initial.length} initial states; expected ${this.layers.length * directions}, one for each layer and direction.`,
      );
    }
    const state: State[] = [];
    let output = x;
    for (const cells of this.layers) {
      const input = state.length === 0 ? output : this.#dropped(output, training);
      const read = cells.map((cell, d) => cell.sequence(input, packing, d === 1, initial?.[state.length + d]));
      state.push(...read.map((direction) => direction.state));
      const outputs = read.map((direction) => direction.output);
      output = outputs.length === 1 ? outputs[0]! : concatenate(outputs, 1);
    }
    return { output, state };
  }

  #dropped(x: Tensor, training: Training | undefined): Tensor {
    return training === undefined || this.dropout === 0 ? x : dropout(x, this.dropout, training.random.bits());
  }
}
