import { concatenate, slice } from "../../tensor/arrange.ts";
import { add, multiply, sigmoid, subtract, tanh } from "../../tensor/elementwise.ts";
import { reshape } from "../../tensor/reshape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { CellFormula } from "./recurrence.ts";
import { oneMinus, slopeOfSigmoid, slopeOfTanh } from "./slopes.ts";

interface Gates {
  readonly reset: Tensor;
  readonly update: Tensor;
  readonly candidate: Tensor;
  /** `W_hn h + b_hn`. */
  readonly candidateFromState: Tensor;
}

function gatesOf(fromInput: Tensor, fromState: Tensor): Gates {
  const hidden = fromInput.shape[1]! / 3;
  const both = sigmoid(add(slice(fromInput, 1, 0, 2 * hidden), slice(fromState, 1, 0, 2 * hidden)));
  const reset = slice(both, 1, 0, hidden);
  const candidateFromState = slice(fromState, 1, 2 * hidden, 3 * hidden);
  return {
    reset,
    update: slice(both, 1, hidden, 2 * hidden),
    candidate: tanh(add(slice(fromInput, 1, 2 * hidden, 3 * hidden), multiply(reset, candidateFromState))),
    candidateFromState,
  };
}

/** The gated recurrent unit in the order and form of PyTorch; the formula is at {@link GRUCell}. The state is `h`. */
export const gruFormula: CellFormula = {
  name: "GRUCell",
  gates: 3,
  parts: 1,

  next(fromInput, fromState, previous) {
    const { update, candidate } = gatesOf(fromInput, fromState);
    return add(candidate, multiply(update, subtract(previous, candidate)));
  },

  slopes(fromInput, fromState, previous) {
    const { reset, update, candidate, candidateFromState } = gatesOf(fromInput, fromState);
    const [rows, hidden] = previous.shape;
    const ofCandidate = multiply(oneMinus(update), slopeOfTanh(candidate));
    const ofUpdate = multiply(subtract(previous, candidate), slopeOfSigmoid(update));
    const ofReset = multiply(multiply(ofCandidate, candidateFromState), slopeOfSigmoid(reset));
    const ofGates = (ofNew: Tensor): Tensor => reshape(concatenate([ofReset, ofUpdate, ofNew], 1), [rows!, 3, hidden!]);
    return { ofState: [ofGates(multiply(ofCandidate, reset)), update], ofInput: ofGates(ofCandidate) };
  },

  derive(gradient, [ofGates, update]) {
    return { fromState: forEachGate(gradient, ofGates!), previous: multiply(gradient, update!) };
  },

  deriveInput: (gradient, _, ofInput) => forEachGate(gradient, ofInput!),
};

/** `[rows, hidden] x [rows, gates, hidden] -> [rows, gates * hidden]`. */
function forEachGate(gradient: Tensor, slopes: Tensor): Tensor {
  const [rows, gates, hidden] = slopes.shape;
  return reshape(multiply(reshape(gradient, [rows!, 1, hidden!]), slopes), [rows!, gates! * hidden!]);
}
