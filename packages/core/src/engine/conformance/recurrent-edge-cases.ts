import { Random } from "../../random.ts";
import { floats } from "./draw.ts";
import type { EdgeCase } from "./trial.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const [hidden, rows] = [5, 3];
const step = { hidden, total: rows, start: 0, rows };

/** Numbers with `special` in one place. */
function withSpecial(seed: number, count: number, at: number, special: number): Float32Array {
  const values = floats(new Random(seed), count);
  values[at] = special;
  return values;
}

/** What random numbers seldom meet, in the gates of recurrent cells. */
export const recurrentEdgeCases: readonly EdgeCase[] = [
  {
    name: "gates of recurrent cells: NaN, infinities and numbers of 1e4 reach the row and column that they are in, and no other",
    run(trial) {
      for (const special of [nan, inf, -inf, 1e4, -1e4]) {
        for (const [name, gates, state] of [
          ["gruGates", 3, 1],
          ["lstmGates", 4, 2],
        ] as const) {
          for (let gate = 0; gate < gates; gate++) {
            const fromInput = withSpecial(1, rows * gates * hidden, (gates + gate) * hidden + 4, special);
            trial.run(name, (b) => ({
              ...step,
              fromInput: b.floats(fromInput),
              biasInput: b.floats(floats(new Random(2), gates * hidden)),
              fromState: b.floats(floats(new Random(3), rows * gates * hidden)),
              biasState: b.floats(floats(new Random(4), gates * hidden)),
              previous: b.floats(withSpecial(5, rows * state * hidden, 2, special)),
              out: b.out(rows * state * hidden),
              gates: b.out(rows * 4 * hidden),
            }));
          }
        }
      }
    },
  },

  {
    name: "gradients of recurrent cells: NaN reaches the row and column that it is in, and no other",
    run(trial) {
      const gates = floats(new Random(6), rows * 4 * hidden, 0.1, 0.9);
      for (const at of [0, 6, 14]) {
        trial.run("gruGatesGradient", (b) => ({
          ...step,
          gates: b.floats(gates),
          previous: b.floats(floats(new Random(7), rows * hidden)),
          gradient: b.floats(withSpecial(8, rows * hidden, at, nan)),
          ofInput: b.out(rows * 3 * hidden),
          ofState: b.out(rows * 3 * hidden),
          ofPrevious: b.out(rows * hidden),
        }));
        trial.run("lstmGatesGradient", (b) => ({
          ...step,
          gates: b.floats(gates),
          previous: b.floats(floats(new Random(9), rows * 2 * hidden)),
          state: b.floats(floats(new Random(10), rows * 2 * hidden)),
          gradient: b.floats(withSpecial(11, rows * 2 * hidden, at, nan)),
          ofState: b.out(rows * 4 * hidden),
          ofPrevious: b.out(rows * 2 * hidden),
        }));
      }
    },
  },
];
