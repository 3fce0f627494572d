import { attend } from "../../attention/attend.ts";
import type { Normalizer } from "../../attention/normalize/normalizer.ts";
import type { Score } from "../../attention/score/score.ts";
import { checkChoice, checkCounts } from "../../check-options.ts";
import { checkOptionNames, OptionError, ShapeError } from "../../errors.ts";
import { expectShape } from "../../expect-shape.ts";
import { concatenate, slice } from "../../tensor/arrange.ts";
import { zeros } from "../../tensor/create.ts";
import { checkProbability, dropout } from "../../tensor/dropout.ts";
import { reshape } from "../../tensor/reshape.ts";
import { gatherRows } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Linear, type ParameterOptions } from "../linear.ts";
import { Module, type Training } from "../module.ts";
import { ScoreParameters } from "../score-parameters.ts";
import { type DecoderMemory, decoderMemory } from "./decoder-memory.ts";
import { type DecoderState, firstOfState, reorderState } from "./decoder-state.ts";
import { GRUCell } from "./gru-cell.ts";
import { packingOf, type WalkOrder } from "./packing.ts";

/** Widths of an {@link AttentionDecoder}. */
export interface DecoderWidths {
  /** Of the input of a step, such as the vector of the last token. */
  readonly inputs: number;
  /** Of the states and the output. */
  readonly hidden: number;
  /** Of the elements that are attended to, such as the output of the encoder. Default `hidden`. */
  readonly memory?: number;
}

/** Options of {@link BahdanauDecoder} and {@link LuongDecoder}. */
export interface AttentionDecoderOptions extends ParameterOptions {
  /** How relevant an element is; its parameters are learned by the decoder. The default is that of the paper. */
  readonly score?: Score | undefined;
  /** How relevance becomes weight. Default: softmax. */
  readonly normalizer?: Normalizer | undefined;
  /**
   * What the score sees: a learned matrix times the query and another times the key (`"both"`), the query as it is and a learned matrix times
   * the key (`"key"`), or both as they are (`"none"`; the memory is then as wide as the states). The default is that of the paper.
   */
  readonly project?: "both" | "key" | "none";
  /** Count of layers, each reading the state of the one before. Default 1. */
  readonly layers?: number;
  /** Probability with which the state of each layer but the last is dropped, on its way to the next layer, while training. Default 0. */
  readonly dropout?: number;
}

/** How one step of an {@link AttentionDecoder} is taken. */
export interface DecoderStepOptions {
  /** `[rows]`: for each row, the sequence whose elements it attends to. Default: row `r` attends to sequence `r`. */
  readonly sequences?: Uint32Array | undefined;
  /** Whether the weights are wanted. Default false. */
  readonly weights?: boolean;
  /** Given while training: dropout and sampling draw from it. Default: none, and nothing is dropped or drawn. */
  readonly training?: Training | undefined;
}

/** What one step of an {@link AttentionDecoder} gives. */
export interface DecoderStep {
  /** What the next step takes. */
  readonly state: DecoderState;
  /** What the next token is predicted from, `[rows, hidden]`. */
  readonly output: Tensor;
  /** If asked for, `[pairs, 1]`: for each row the weight of each element of its sequence, row after row. */
  readonly weights?: Tensor;
  /** Of what was drawn, the logarithm of the probability, `[rows, 1]`; only while training with weights that are drawn. */
  readonly logProbability?: Tensor;
}

/** What a decoder reads under teacher forcing. */
export interface TeacherForcingOptions {
  /** The count of inputs of each sequence, in the order of the memory's sequences; 0 is allowed. */
  readonly lengths: ArrayLike<number>;
  /** The state before the first step, one row for each sequence. Default: `start` of zeros. */
  readonly state?: DecoderState | undefined;
  /** Given while training: dropout and sampling draw from it. Default: none, and nothing is dropped or drawn. */
  readonly training?: Training | undefined;
}

/** What of the memory belongs to a query, `[rows, memoryWidth]`, and with which weights. */
export type Read = Pick<DecoderStep, "weights" | "logProbability"> & { readonly context: Tensor };

const optionNames = ["random", "engine", "score", "normalizer", "project", "layers", "dropout"];

/**
 * A recurrent decoder that attends, at each step, to the elements of an encoded sequence: gated recurrent units ({@link GRUCell}) in layers,
 * and {@link attend} from their state. What the query is and where the context goes is up to {@link BahdanauDecoder} and
 * {@link LuongDecoder}.
 *
 * ```ts
 * const memory = decoder.remember(encoded, lengths);
 * let state = decoder.start(lengths.length);
 * for (…) ({ state, output } = decoder.step(embedding.forward(tokens), state, memory));
 * ```
 */
export abstract class AttentionDecoder extends Module {
  /** Width of the input of a step. */
  readonly inputs: number;
  /** Width of the states and the output. */
  readonly hidden: number;
  /** Width of the elements that are attended to. */
  readonly memoryWidth: number;
  /** Probability with which the state of each layer but the last is dropped while training. */
  readonly dropout: number;
  /** How relevant an element is. */
  readonly score: Score;
  /** How relevance becomes weight; undefined is softmax. */
  readonly normalizer: Normalizer | undefined;
  /** The layers, the one that reads the input first. */
  readonly cells: readonly GRUCell[];
  /** `[hidden]` to `[hidden]`, without a bias; undefined where the query is the state as it is. */
  readonly queryProjection: Linear | undefined;
  /** `[memoryWidth]` to `[hidden]`, without a bias; undefined where the key is the element as it is. */
  readonly keyProjection: Linear | undefined;
  /** The parameters of the score, by name. */
  readonly scoreParameters: ScoreParameters;
  readonly #name: string;

  /**
   * @param fedWidth Width of what the first layer reads beside the input.
   * @throws OptionError `unknown-option`, or `out-of-range`.
   */
  constructor(
    name: string,
    { inputs, hidden, memory = hidden }: DecoderWidths,
    fedWidth: number,
    options: AttentionDecoderOptions & { readonly score: Score; readonly project: "both" | "key" | "none" },
  ) {
    super();
    checkOptionNames(name, options, optionNames);
    const { random, engine, score, normalizer, project, layers = 1, dropout: probability = 0 } = options;
    checkCounts(name, { inputs, hidden, memory, layers });
    checkChoice(name, "project", project, ["both", "key", "none"]);
    checkProbability(name, probability);
    if (project === "none" && memory !== hidden) {
      throw new OptionError(
        "out-of-range",
        `${name}: got a memory of width ${memory}, states of width ${hidden} and project "none"; expected equal widths, or project "key".`,
      );
    }
    this.#name = name;
    this.inputs = inputs;
    this.hidden = hidden;
    this.memoryWidth = memory;
    this.dropout = probability;
    this.score = score;
    this.normalizer = normalizer;
    const made = { random, engine };
    this.cells = Array.from(
      { length: layers },
      (_, layer) => new GRUCell(layer === 0 ? inputs + fedWidth : hidden, hidden, made),
    );
    this.queryProjection = project === "both" ? new Linear(hidden, hidden, { ...made, bias: false }) : undefined;
    this.keyProjection = project === "none" ? undefined : new Linear(memory, hidden, { ...made, bias: false });
    this.scoreParameters = new ScoreParameters(score, { heads: 1, channels: hidden }, made);
  }

  /**
   * Prepares what is attended to: once, before the first step.
   *
   * @param encoded `[elements, memoryWidth]`, all sequences one after the other.
   * @param lengths The count of elements of each sequence. Attention to an empty sequence gives zeros.
   * @throws ShapeError `shapes-differ`; DataError `out-of-range` for a length that is negative or no whole number.
   */
  remember(encoded: Tensor, lengths: ArrayLike<number>): DecoderMemory {
    const elements = this.#rowsOf("a memory", encoded, this.memoryWidth);
    packingOf(this.#name, lengths, elements);
    const key = this.keyProjection?.forward(encoded) ?? encoded;
    const value = reshape(encoded, [elements, 1, this.memoryWidth]);
    return decoderMemory(reshape(key, [elements, 1, this.hidden]), value, lengths);
  }

  /**
   * The state before the first step.
   *
   * @param rows Count of receivers.
   * @param hidden The state of each layer, `[rows, hidden]`, such as the last ones of the encoder. Default: zeros.
   * @throws ShapeError `shapes-differ`.
   */
  start(rows: number, hidden?: readonly Tensor[]): DecoderState {
    const state = { hidden: hidden ?? this.cells.map(() => this.zeros(rows)) };
    this.#checkState(state, rows);
    return state;
  }

  /**
   * One step.
   *
   * @param input `[rows, inputs]`.
   * @throws ShapeError `shapes-differ`; DataError `index-out-of-range` for a sequence that the memory does not have.
   */
  abstract step(input: Tensor, state: DecoderState, memory: DecoderMemory, options?: DecoderStepOptions): DecoderStep;

  /**
   * All steps of a packed batch, each input being given (teacher forcing): from `x`, `[elements, inputs]`, to the outputs,
   * `[elements, hidden]`. A step works on those sequences alone that have an input left.
   *
   * @throws ShapeError `shapes-differ`; DataError `out-of-range` for a length that is negative or no whole number.
   */
  forward(x: Tensor, memory: DecoderMemory, options: TeacherForcingOptions): Tensor {
    const { training } = options;
    const outputs: Tensor[] = [];
    const { rowOf } = this.walk(x, memory, options, (input, state, sequences) => {
      const step = this.step(input, state, memory, { sequences, training });
      outputs.push(step.output);
      return step.state;
    });
    return outputs.length === 0 ? this.zeros(0) : gatherRows(concatenate(outputs, 0), rowOf);
  }

  /**
   * @internal
   * What {@link forward} walks: `take` takes each step for the sequences that have an input left, and gives the state after it. Returns where the
   * elements stand among the rows of all steps.
   *
   * @throws ShapeError `shapes-differ`; DataError `out-of-range` for a length that is negative or no whole number.
   */
  walk(
    x: Tensor,
    memory: DecoderMemory,
    { lengths, state = this.start(lengths.length) }: TeacherForcingOptions,
    take: (input: Tensor, state: DecoderState, sequences: Uint32Array) => DecoderState,
  ): WalkOrder {
    const { steps, longestFirst, forward } = packingOf(this.#name, lengths, this.#rowsOf("inputs", x, this.inputs));
    if (lengths.length !== memory.sequences) {
      throw new ShapeError(
        "shapes-differ",
        `${this.#name}: got ${lengths.length} sequences of inputs and a memory of ${memory.sequences}; expected equally many.`,
      );
    }
    const inputs = gatherRows(x, forward.elementOf);
    this.#checkState(state, lengths.length);
    let current = reorderState(state, longestFirst);
    let start = 0;
    for (const count of steps.running) {
      const input = slice(inputs, 0, start, start + count);
      current = take(input, firstOfState(current, count), longestFirst.subarray(0, count));
      start += count;
    }
    return forward;
  }

  /** `[rows, hidden]` zeros where the parameters live. */
  protected zeros(rows: number): Tensor {
    return zeros([rows, this.hidden], { engine: this.cells[0]!.weightHh.engine });
  }

  /**
   * The context of a query `[rows, hidden]`: the weighted sum of the memory, `[rows, memoryWidth]`.
   *
   * @throws ShapeError `shapes-differ` unless there is a sequence for each row.
   */
  protected read(query: Tensor, memory: DecoderMemory, { sequences, weights, training }: DecoderStepOptions): Read {
    const rows = this.#rowsOf("a state", query, this.hidden);
    const neighborhood = memory.neighborhood(sequences);
    if (neighborhood.receivers !== rows) {
      throw new ShapeError(
        "shapes-differ",
        `${this.#name}: got a state of ${rows} rows that attend to ${neighborhood.receivers} sequences; expected a sequence for each row.`,
      );
    }
    const { score, normalizer, scoreParameters } = this;
    const projected = this.queryProjection?.forward(query) ?? query;
    const { key, value } = memory;
    const inputs = { query: reshape(projected, [rows, 1, this.hidden]), key, value };
    const options = {
      score,
      parameters: ScoreParameters.of(scoreParameters),
      normalizer,
      seed: training?.random.bits(),
    };
    const context = (output: Tensor): Tensor => reshape(output, [rows, this.memoryWidth]);
    const draws = training !== undefined && normalizer?.logProbability !== undefined;
    if (!draws && weights !== true) return { context: context(attend(neighborhood, inputs, options)) };
    const { output, ...rest } = attend.detailed(neighborhood, inputs, options);
    return { context: context(output), ...rest };
  }

  /** The state of each layer after one step, given what the first one reads: the input and, beside it, `fed`. */
  protected advance(
    input: Tensor,
    fed: Tensor,
    state: DecoderState,
    { training }: DecoderStepOptions,
  ): readonly [Tensor, ...Tensor[]] {
    this.#checkState(state, this.#rowsOf("an input", input, this.inputs));
    const { hidden } = state;
    const [first, ...others] = this.cells;
    let below = first!.forward(concatenate([input, fed], 1), hidden[0]);
    const states: [Tensor, ...Tensor[]] = [below];
    others.forEach((cell, k) => {
      const seen = training === undefined ? below : dropout(below, this.dropout, training.random.bits());
      below = cell.forward(seen, hidden[k + 1]);
      states.push(below);
    });
    return states;
  }

  #rowsOf(what: string, x: Tensor, width: number): number {
    return expectShape(this.#name, what, x, ["rows", width])[0];
  }

  #checkState({ hidden, fed }: DecoderState, rows: number): void {
    const parts = fed === undefined ? hidden : [...hidden, fed];
    const fits = parts.every(({ shape }) => shape.length === 2 && shape[0] === rows && shape[1] === this.hidden);
    if (fits && hidden.length === this.cells.length) return;
    throw new ShapeError(
      "shapes-differ",
      `${this.#name}: got a state of ${hidden.length} layers, ${parts.map(({ shape }) => `[${shape.join(", ")}]`).join(", ")}; expected ` +
        `${this.cells.length} of [${rows}, ${this.hidden}].`,
    );
  }
}
