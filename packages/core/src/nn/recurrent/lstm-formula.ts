import { concatenate, slice } from "../../tensor/arrange.ts";
import { zeros } from "../../tensor/create.ts";
import { add, multiply, sigmoid, tanh } from "../../tensor/elementwise.ts";
import { reshape } from "../../tensor/reshape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { CellFormula } from "./recurrence.ts";
import { slopeOfSigmoid, slopeOfTanh } from "./slopes.ts";

interface Gates {
  readonly input: Tensor;
  readonly forget: Tensor;
  readonly candidate: Tensor;
  readonly output: Tensor;
}

function gatesOf(fromInput: Tensor, fromState: Tensor): Gates {
  const hidden = fromInput.shape[1]! / 4;
  const sums = add(fromInput, fromState);
  const both = sigmoid(slice(sums, 1, 0, 2 * hidden));
  return {
    input: slice(both, 1, 0, hidden),
    forget: slice(both, 1, hidden, 2 * hidden),
    candidate: tanh(slice(sums, 1, 2 * hidden, 3 * hidden)),
    output: sigmoid(slice(sums, 1, 3 * hidden, 4 * hidden)),
  };
}

/** Long short-term memory in the order and form of PyTorch; the formula is at {@link LSTMCell}. The state is `h`, then `c`. */
export const lstmFormula: CellFormula = {
  name: "LSTMCell",
  gates: 4,
  parts: 2,

  next(fromInput, fromState, previous) {
    const { input, forget, candidate, output } = gatesOf(fromInput, fromState);
    const cell = add(multiply(forget, cellOf(previous)), multiply(input, candidate));
    return concatenate([multiply(output, tanh(cell)), cell], 1);
  },

  slopes(fromInput, fromState, previous, state) {
    const { input, forget, candidate, output } = gatesOf(fromInput, fromState);
    const exposed = tanh(cellOf(state));
    const [rows, hidden] = exposed.shape;
    const ofCell = [
      multiply(candidate, slopeOfSigmoid(input)),
      multiply(cellOf(previous), slopeOfSigmoid(forget)),
      multiply(input, slopeOfTanh(candidate)),
    ];
    return {
      ofState: [
        multiply(output, slopeOfTanh(exposed)),
        reshape(concatenate(ofCell, 1), [rows!, 3, hidden!]),
        multiply(exposed, slopeOfSigmoid(output)),
        forget,
      ],
    };
  },

  derive(gradient, [cellOfHidden, gatesOfCell, outputOfHidden, forget]) {
    const [rows, width] = gradient.shape;
    const hidden = width! / 2;
    const ofHidden = slice(gradient, 1, 0, hidden);
    const ofCell = add(cellOf(gradient), multiply(ofHidden, cellOfHidden!));
    const ofGates = reshape(multiply(reshape(ofCell, [rows!, 1, hidden]), gatesOfCell!), [rows!, 3 * hidden]);
    return {
      fromState: concatenate([ofGates, multiply(ofHidden, outputOfHidden!)], 1),
      previous: concatenate([zeros([rows!, hidden], { engine: gradient.engine }), multiply(ofCell, forget!)], 1),
    };
  },

  // Both enter each gate by the same sum.
  deriveInput: (_, fromState) => fromState,
};

function cellOf(state: Tensor): Tensor {
  const width = state.shape[1]!;
  return slice(state, 1, width / 2, width);
}
