import { Matrix } from "ml-matrix";
import type { Engine } from "../engine/engine.ts";
import type { ParameterOptions } from "../nn/linear.ts";
import { GRU } from "../nn/recurrent/gru.ts";
import { GRUCell } from "../nn/recurrent/gru-cell.ts";
import { LSTM } from "../nn/recurrent/lstm.ts";
import { LSTMCell, type LSTMState } from "../nn/recurrent/lstm-cell.ts";
import type { RecurrentCell } from "../nn/recurrent/recurrent-cell.ts";
import type { RecurrentLayers, RecurrentOptions } from "../nn/recurrent/recurrent-layers.ts";
import type { Random } from "../random.ts";
import { parameter } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** One kind of recurrent network: how it is made, what it remembers, and its formula for one row in float64. */
export interface RecurrentKind<State> {
  readonly name: string;
  readonly gates: number;
  readonly cell: (inputs: number, hidden: number, options: ParameterOptions) => RecurrentCell<State>;
  readonly layers: (inputs: number, hidden: number, options: RecurrentOptions) => RecurrentLayers<State>;
  readonly parts: number;
  readonly stateOf: (parts: readonly Tensor[]) => State;
  readonly partsOf: (state: State) => readonly Tensor[];
  /** The parts of the next state, each a column, the hidden one first. */
  readonly step: (cell: RecurrentCell<State>, x: Matrix, parts: readonly Matrix[]) => readonly Matrix[];
}

const sigmoid = (x: Matrix): Matrix => Matrix.pow(Matrix.add(Matrix.exp(Matrix.mul(x, -1)), 1), -1);

/** `W_ih x + b_ih` and `W_hh h + b_hh`, a column for each gate. */
function sumsOf<State>(cell: RecurrentCell<State>, gates: number, x: Matrix, h: Matrix): [Matrix[], Matrix[]] {
  const apply = (weight: Tensor, bias: Tensor, v: Matrix): Matrix[] => {
    const all = Matrix.add(weight.toMatrix().mmul(v), Matrix.columnVector(Array.from(bias.dataSync())));
    return Array.from({ length: gates }, (_, g) => all.subMatrix(g * h.rows, (g + 1) * h.rows - 1, 0, 0));
  };
  return [apply(cell.weightIh, cell.biasIh, x), apply(cell.weightHh, cell.biasHh, h)];
}

/** Cho et al. (2014), as PyTorch defines it. */
export const gru: RecurrentKind<Tensor> = {
  name: "GRU",
  gates: 3,
  cell: (...args) => new GRUCell(...args),
  layers: (...args) => new GRU(...args),
  parts: 1,
  stateOf: ([hidden]) => hidden!,
  partsOf: (hidden) => [hidden],
  step(cell, x, [h]) {
    const [i, s] = sumsOf(cell, 3, x, h!);
    const r = sigmoid(Matrix.add(i[0]!, s[0]!));
    const z = sigmoid(Matrix.add(i[1]!, s[1]!));
    const n = Matrix.tanh(Matrix.add(i[2]!, Matrix.mul(r, s[2]!)));
    return [Matrix.add(Matrix.mul(Matrix.sub(Matrix.ones(z.rows, 1), z), n), Matrix.mul(z, h!))];
  },
};

/** Hochreiter and Schmidhuber (1997), as PyTorch defines it. */
export const lstm: RecurrentKind<LSTMState> = {
  name: "LSTM",
  gates: 4,
  cell: (...args) => new LSTMCell(...args),
  layers: (...args) => new LSTM(...args),
  parts: 2,
  stateOf: ([hidden, cell]) => ({ hidden: hidden!, cell: cell! }),
  partsOf: ({ hidden, cell }) => [hidden, cell],
  step(cell, x, [h, c]) {
    const [ofInput, ofState] = sumsOf(cell, 4, x, h!);
    const [i, f, g, o] = ofInput.map((sum, k) => Matrix.add(sum, ofState[k]!));
    const kept = Matrix.add(Matrix.mul(sigmoid(f!), c!), Matrix.mul(sigmoid(i!), Matrix.tanh(g!)));
    return [Matrix.mul(sigmoid(o!), Matrix.tanh(kept)), kept];
  },
};

/** A row as a column. */
export const rowOf = (x: Matrix, row: number): Matrix => Matrix.columnVector(x.getRow(row));
/** One part of every state, row after row. */
export const flat = (rows: readonly (readonly Matrix[])[], part: number): number[] =>
  rows.flatMap((parts) => parts[part]!.to1DArray());
/** Normal numbers, as a leaf. */
export const drawn = (random: Random, rows: number, columns: number, engine: Engine): Tensor =>
  parameter(
    Float32Array.from({ length: rows * columns }, () => random.normal()),
    [rows, columns],
    { engine },
  );
/** A tensor of two dimensions as a matrix. */
export const matrixOf = (x: Tensor): Matrix =>
  x.size === 0 ? new Matrix(0, x.shape[1]!) : Matrix.from1DArray(x.shape[0]!, x.shape[1]!, Array.from(x.dataSync()));

/** Each sequence alone, step by step and layer by layer. `initial[k][b]` are the parts of sequence `b` in state `k`. */
export function readAlone<State>(
  { step }: RecurrentKind<State>,
  network: RecurrentLayers<State>,
  x: Matrix,
  lengths: readonly number[],
  initial: readonly (readonly (readonly Matrix[])[])[],
): { output: number[]; states: (readonly Matrix[])[][] } {
  const states: (readonly Matrix[])[][] = initial.map(() => []);
  const output: number[] = [];
  let start = 0;
  lengths.forEach((length, b) => {
    let inputs = Array.from({ length }, (_, t) => rowOf(x, start + t));
    start += length;
    network.layers.forEach((cells, layer) => {
      const outputs = cells.map((cell, direction) => {
        const k = layer * cells.length + direction;
        let parts = initial[k]![b]!;
        const read: Matrix[] = [];
        for (const input of direction === 0 ? inputs : inputs.toReversed()) {
          parts = step(cell, input, parts);
          read.push(parts[0]!);
        }
        states[k]!.push(parts);
        return direction === 0 ? read : read.reverse();
      });
      inputs = inputs.map((_, t) => Matrix.columnVector(outputs.flatMap((read) => read[t]!.to1DArray())));
    });
    for (const row of inputs) output.push(...row.to1DArray());
  });
  return { output, states };
}
