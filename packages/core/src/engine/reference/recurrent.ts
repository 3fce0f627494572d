import type { ReferenceKernels } from "./memory.ts";

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The derivative of the sigmoid where its value is `y`. */
function sigmoidSlope(y: number): number {
  return y * (1 - y);
}

/** The derivative of the hyperbolic tangent where its value is `y`. */
function tanhSlope(y: number): number {
  return 1 - y * y;
}

type Names = "gruGates" | "gruGatesGradient" | "lstmGates" | "lstmGatesGradient";

export const recurrentKernels: ReferenceKernels<Names> = {
  gruGates({ hidden, start, rows, ...args }, memory) {
    const [x, bx] = [memory.floats(args.fromInput), memory.floats(args.biasInput)];
    const [s, bs] = [memory.floats(args.fromState), memory.floats(args.biasState)];
    const previous = memory.floats(args.previous);
    const out = memory.floats(args.out);
    const gates = args.gates && memory.floats(args.gates);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < hidden; c++) {
        const ofInput = (gate: number): number => x[((start + row) * 3 + gate) * hidden + c]! + bx[gate * hidden + c]!;
        const ofState = (gate: number): number => s[(row * 3 + gate) * hidden + c]! + bs[gate * hidden + c]!;
        const reset = sigmoid(ofInput(0) + ofState(0));
        const update = sigmoid(ofInput(1) + ofState(1));
        const candidate = Math.tanh(ofInput(2) + reset * ofState(2));
        out[(start + row) * hidden + c] = candidate + update * (previous[row * hidden + c]! - candidate);
        [reset, update, candidate, ofState(2)].forEach((value, k) => {
          if (gates !== null) gates[((start + row) * 4 + k) * hidden + c] = value;
        });
      }
    }
  },

  gruGatesGradient({ hidden, start, rows, ...args }, memory) {
    const gates = memory.floats(args.gates);
    const previous = memory.floats(args.previous);
    const gradient = memory.floats(args.gradient);
    const [ofInput, ofState] = [memory.floats(args.ofInput), memory.floats(args.ofState)];
    const ofPrevious = memory.floats(args.ofPrevious);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < hidden; c++) {
        const [reset, update, candidate, fromState] = [0, 1, 2, 3].map(
          (k) => gates[((start + row) * 4 + k) * hidden + c]!,
        );
        const at = (start + row) * hidden + c;
        const ofCandidate = gradient[at]! * (1 - update!) * tanhSlope(candidate!);
        const ofUpdate = gradient[at]! * (previous[at]! - candidate!) * sigmoidSlope(update!);
        const ofReset = ofCandidate * fromState! * sigmoidSlope(reset!);
        [ofReset, ofUpdate, ofCandidate].forEach((value, gate) => {
          const to = ((start + row) * 3 + gate) * hidden + c;
          ofInput[to] = value;
          ofState[to] = gate === 2 ? value * reset! : value;
        });
        ofPrevious[row * hidden + c] = gradient[at]! * update!;
      }
    }
  },

  lstmGates({ hidden, start, rows, ...args }, memory) {
    const [x, bx] = [memory.floats(args.fromInput), memory.floats(args.biasInput)];
    const [s, bs] = [memory.floats(args.fromState), memory.floats(args.biasState)];
    const previous = memory.floats(args.previous);
    const out = memory.floats(args.out);
    const gates = args.gates && memory.floats(args.gates);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < hidden; c++) {
        const sums = [0, 1, 2, 3].map((gate) => {
          const column = gate * hidden + c;
          return x[(start + row) * 4 * hidden + column]! + bx[column]! + s[row * 4 * hidden + column]! + bs[column]!;
        });
        const values = sums.map((sum, gate) => (gate === 2 ? Math.tanh(sum) : sigmoid(sum)));
        const [input, forget, candidate, output] = values;
        const cell = forget! * previous[(row * 2 + 1) * hidden + c]! + input! * candidate!;
        out[(start + row) * 2 * hidden + c] = output! * Math.tanh(cell);
        out[((start + row) * 2 + 1) * hidden + c] = cell;
        values.forEach((value, k) => {
          if (gates !== null) gates[((start + row) * 4 + k) * hidden + c] = value;
        });
      }
    }
  },

  lstmGatesGradient({ hidden, start, rows, ...args }, memory) {
    const gates = memory.floats(args.gates);
    const [previous, state] = [memory.floats(args.previous), memory.floats(args.state)];
    const gradient = memory.floats(args.gradient);
    const ofState = memory.floats(args.ofState);
    const ofPrevious = memory.floats(args.ofPrevious);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < hidden; c++) {
        const [input, forget, candidate, output] = [0, 1, 2, 3].map(
          (k) => gates[((start + row) * 4 + k) * hidden + c]!,
        );
        const ofHidden = gradient[(start + row) * 2 * hidden + c]!;
        const cell = ((start + row) * 2 + 1) * hidden + c;
        const exposed = Math.tanh(state[cell]!);
        const ofCell = gradient[cell]! + ofHidden * output! * tanhSlope(exposed);
        [
          ofCell * candidate! * sigmoidSlope(input!),
          ofCell * previous[cell]! * sigmoidSlope(forget!),
          ofCell * input! * tanhSlope(candidate!),
          ofHidden * exposed * sigmoidSlope(output!),
        ].forEach((value, gate) => {
          ofState[((start + row) * 4 + gate) * hidden + c] = value;
        });
        ofPrevious[row * 2 * hidden + c] = 0;
        ofPrevious[(row * 2 + 1) * hidden + c] = ofCell * forget!;
      }
    }
  },
};
