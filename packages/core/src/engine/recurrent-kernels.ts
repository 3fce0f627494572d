import type { FloatBuffer } from "./buffers.ts";

/**
 * Where one step of a recurrence works. Buffers of all steps hold one row for each state, `total` of them, one step after the other; a step
 * reads and writes the `rows` from `start` on and leaves the others alone. Its own buffers hold those rows only.
 */
export interface RecurrentStep {
  /** Width of the hidden state. */
  hidden: number;
  /** Rows of all steps. */
  total: number;
  /** First row of this step. */
  start: number;
  /** Rows of this step. */
  rows: number;
}

/**
 * What `gruGates` and `lstmGates` compute with: all of a step but its products. With `x = fromInput + biasInput` and
 * `s = fromState + biasState`, the columns of each gate after those of the one before,
 *
 *     GRU,  gates r, z, n     r = sigmoid(x_r + s_r), z = sigmoid(x_z + s_z), n = tanh(x_n + r * s_n)
 *                             h' = n + z * (h - n)
 *     LSTM, gates i, f, g, o  i = sigmoid(x_i + s_i), f = sigmoid(x_f + s_f), g = tanh(x_g + s_g), o = sigmoid(x_o + s_o)
 *                             c' = f * c + i * g, h' = o * tanh(c')
 *
 * A state of the GRU is `h`, `[hidden]`; one of the LSTM is `h`, then `c`, `[2 * hidden]`.
 */
export interface RecurrentGatesArguments extends RecurrentStep {
  /** `[total, gates * hidden]`. */
  fromInput: FloatBuffer;
  /** `[gates * hidden]`. */
  biasInput: FloatBuffer;
  /** `[rows, gates * hidden]`. */
  fromState: FloatBuffer;
  /** `[gates * hidden]`. */
  biasState: FloatBuffer;
  /** The states before, `[rows, state]`. */
  previous: FloatBuffer;
  /** The states after, `[total, state]`. */
  out: FloatBuffer;
  /** What the gradient needs, `[total, 4 * hidden]`: r, z, n and s_n, or i, f, g and o. Null where no gradient will be asked for. */
  gates: FloatBuffer | null;
}

/** What the gradients of both kinds of gates read and write. */
export interface RecurrentGatesGradientArguments extends RecurrentStep {
  /** As `gruGates` or `lstmGates` wrote them, `[total, 4 * hidden]`. */
  gates: FloatBuffer;
  /** The states before each row, `[total, state]`. */
  previous: FloatBuffer;
  /** The gradient of the states, `[total, state]`. */
  gradient: FloatBuffer;
  /** Written: the gradient of `fromState`, of all steps, `[total, gates * hidden]`. */
  ofState: FloatBuffer;
  /** Written: the gradient of `previous` along all ways but through `fromState`, `[rows, state]`. */
  ofPrevious: FloatBuffer;
}

/** What `gruGatesGradient` computes with. */
export interface GRUGatesGradientArguments extends RecurrentGatesGradientArguments {
  /** Written: the gradient of `fromInput`, `[total, 3 * hidden]`. */
  ofInput: FloatBuffer;
}

/** What `lstmGatesGradient` computes with. The gradient of `fromInput` is that of `fromState`. */
export interface LSTMGatesGradientArguments extends RecurrentGatesGradientArguments {
  /** The states, `[total, 2 * hidden]`. */
  state: FloatBuffer;
}
