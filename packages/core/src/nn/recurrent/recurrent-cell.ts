import { checkCounts } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import { expectShape } from "../../expect-shape.ts";
import { concatenate } from "../../tensor/arrange.ts";
import { parameter, zeros } from "../../tensor/create.ts";
import { matmul } from "../../tensor/product.ts";
import { gatherRows } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { uniform } from "../initialize.ts";
import type { ParameterOptions } from "../linear.ts";
import { Module } from "../module.ts";
import { oneStep, type Packing, type Steps } from "./packing.ts";
import { type CellFormula, recurrence } from "./recurrence.ts";

/** What a recurrent cell gives for a packed batch of sequences. */
export interface CellSequence<State> {
  /** The hidden state after each element, `[elements, hidden]`, in the order of the elements. */
  readonly output: Tensor;
  /** The state after the last step of each sequence. */
  readonly state: State;
}

/**
 * The parameters of a recurrent cell, laid out and first drawn as PyTorch does: all uniform in ± 1 / sqrt(hidden), the rows of the gates one
 * gate after the other.
 *
 * @typeParam State What a cell remembers: of each sequence, one row.
 */
export abstract class RecurrentCell<State> extends Module {
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the hidden state. */
  readonly hidden: number;
  /** `[gates * hidden, inputs]`. */
  readonly weightIh: Tensor;
  /** `[gates * hidden, hidden]`. */
  readonly weightHh: Tensor;
  /** `[gates * hidden]`. */
  readonly biasIh: Tensor;
  /** `[gates * hidden]`. */
  readonly biasHh: Tensor;
  readonly #formula: CellFormula;

  /**
   * @internal
   * @throws OptionError `unknown-option`, or `out-of-range` for a width that is not a whole number above 0.
   */
  constructor(formula: CellFormula, inputs: number, hidden: number, options: ParameterOptions) {
    super();
    checkOptionNames(formula.name, options, ["random", "engine"]);
    const { random, engine } = options;
    checkCounts(formula.name, { inputs, hidden });
    this.inputs = inputs;
    this.hidden = hidden;
    this.#formula = formula;
    const rows = formula.gates * hidden;
    const drawn = (shape: readonly number[]): Tensor =>
      parameter(uniform(random, shape, 1 / Math.sqrt(hidden)), shape, { engine });
    this.weightIh = drawn([rows, inputs]);
    this.weightHh = drawn([rows, hidden]);
    this.biasIh = drawn([rows]);
    this.biasHh = drawn([rows]);
  }

  /**
   * One step: the state after reading `x`.
   *
   * @param x `[batch, inputs]`.
   * @param state Default: zeros.
   * @throws ShapeError `shapes-differ` for another width or count of rows.
   */
  forward(x: Tensor, state?: State): State {
    const batch = this.#checkInput(x);
    return this.split(this.#walk(x, this.#initial(batch, state), oneStep(batch)));
  }

  /**
   * @internal
   * All sequences of a packed batch, each from its first element to its last, or, `backward`, from its own last element to its first.
   *
   * @param x `[elements, inputs]`.
   * @param initial One row for each sequence. Default: zeros.
   * @throws ShapeError `shapes-differ` for another width or count of rows.
   */
  sequence(x: Tensor, packing: Packing, backward: boolean, initial?: State): CellSequence<State> {
    this.#checkInput(x);
    const { elementOf, rowOf } = backward ? packing.backward : packing.forward;
    const first = gatherRows(this.#initial(packing.sequences, initial), packing.longestFirst);
    const states = this.#walk(gatherRows(x, elementOf), first, packing.steps);
    return {
      output: gatherRows(this.hiddenOf(states), rowOf),
      state: this.split(gatherRows(concatenate([first, states], 0), packing.last)),
    };
  }

  /** `[rows, parts * hidden]` from the parts of a state, which must be of the shape `[rows, hidden]`. */
  protected abstract join(state: State, check: (part: Tensor) => Tensor): Tensor;
  /** The reverse of {@link join}. */
  protected abstract split(states: Tensor): State;
  /** The hidden state alone, `[rows, hidden]`. */
  protected abstract hiddenOf(states: Tensor): Tensor;

  #walk(x: Tensor, initial: Tensor, steps: Steps): Tensor {
    const { weightIh, weightHh, biasIh, biasHh } = this;
    const fromInput = matmul(x, weightIh, { transposeB: true });
    return recurrence(this.#formula, { fromInput, initial, weightHh, biasIh, biasHh }, steps);
  }

  #checkInput(x: Tensor): number {
    return expectShape(this.#formula.name, "an input", x, ["rows", this.inputs])[0];
  }

  #initial(rows: number, state: State | undefined): Tensor {
    const { hidden, weightHh } = this;
    if (state === undefined) return zeros([rows, this.#formula.parts * hidden], { engine: weightHh.engine });
    return this.join(state, (part) => {
      expectShape(this.#formula.name, "a state", part, [rows, hidden]);
      return part;
    });
  }
}
