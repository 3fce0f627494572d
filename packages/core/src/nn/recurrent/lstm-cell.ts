import { concatenate, slice } from "../../tensor/arrange.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ParameterOptions } from "../linear.ts";
import type { CellFormula } from "./recurrence.ts";
import { RecurrentCell } from "./recurrent-cell.ts";

/** What an {@link LSTMCell} remembers. */
export interface LSTMState {
  /** What it shows, `h`, `[batch, hidden]`. */
  readonly hidden: Tensor;
  /** What it keeps, `c`, `[batch, hidden]`. */
  readonly cell: Tensor;
}

/** In the order and form of PyTorch. The state is `h`, then `c`. */
const formula: CellFormula = {
  name: "LSTMCell",
  gates: 4,
  parts: 2,
  readsSums: true,
  next: "lstmGates",
  derive: "lstmGatesGradient",
};

/**
 * One step of long short-term memory (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000), as PyTorch's `LSTMCell`
 * computes it:
 *
 *     i  = sigmoid(W_ii x + b_ii + W_hi h + b_hi)
 *     f  = sigmoid(W_if x + b_if + W_hf h + b_hf)
 *     g  = tanh(W_ig x + b_ig + W_hg h + b_hg)
 *     o  = sigmoid(W_io x + b_io + W_ho h + b_ho)
 *     c' = f * c + i * g
 *     h' = o * tanh(c')
 *
 * The rows of the weights and biases are those of i, f, g and o, in this order.
 */
export class LSTMCell extends RecurrentCell<LSTMState> {
  /** @throws OptionError `unknown-option`, or `out-of-range` for a width that is not a whole number above 0. */
  constructor(inputs: number, hidden: number, options: ParameterOptions) {
    super(formula, inputs, hidden, options);
  }

  protected join({ hidden, cell }: LSTMState, check: (part: Tensor) => Tensor): Tensor {
    return concatenate([check(hidden), check(cell)], 1);
  }

  protected split(states: Tensor): LSTMState {
    return { hidden: this.hiddenOf(states), cell: slice(states, 1, this.hidden, 2 * this.hidden) };
  }

  protected hiddenOf(states: Tensor): Tensor {
    return slice(states, 1, 0, this.hidden);
  }
}
