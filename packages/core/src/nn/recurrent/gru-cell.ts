import type { Tensor } from "../../tensor/tensor.ts";
import type { ParameterOptions } from "../linear.ts";
import type { CellFormula } from "./recurrence.ts";
import { RecurrentCell } from "./recurrent-cell.ts";

/** In the order and form of PyTorch. The state is `h`. */
const formula: CellFormula = {
  name: "GRUCell",
  gates: 3,
  parts: 1,
  readsSums: false,
  next: "gruGates",
  derive: "gruGatesGradient",
};

/**
 * One step of a gated recurrent unit (Cho et al., EMNLP 2014), in the form that PyTorch's `GRUCell` computes, where the reset gate acts on the
 * product and not on the state:
 *
 *     r  = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
 *     z  = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
 *     n  = tanh(W_in x + b_in + r * (W_hn h + b_hn))
 *     h' = (1 - z) * n + z * h
 *
 * The rows of the weights and biases are those of r, z and n, in this order. The state is `h`, `[batch, hidden]`.
 */
export class GRUCell extends RecurrentCell<Tensor> {
  /** @throws OptionError `unknown-option`, or `out-of-range` for a width that is not a whole number above 0. */
  constructor(inputs: number, hidden: number, options: ParameterOptions) {
    super(formula, inputs, hidden, options);
  }

  protected join(state: Tensor, check: (part: Tensor) => Tensor): Tensor {
    return check(state);
  }

  protected split(states: Tensor): Tensor {
    return states;
  }

  protected hiddenOf(states: Tensor): Tensor {
    return states;
  }
}
