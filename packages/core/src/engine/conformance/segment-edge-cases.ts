import { Random } from "../../random.ts";
import { floats } from "./draw.ts";
import type { Bench, EdgeCase } from "./trial.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Rows of 2, 0, 5, 1 and 0 positions. */
export const unevenOffsets = Uint32Array.of(0, 2, 2, 7, 8, 8);

/** `count` numbers, NaN at one place. */
export function withNaN(count: number, at: number): Float32Array {
  const values = floats(new Random(7), count);
  values[at] = nan;
  return values;
}

/** Logits for the rows of {@link unevenOffsets}. Special are of the row of two all, of the row of five one of the first head, of the row of one all. */
function specialLogits(heads: number, special: number): Float32Array {
  const logits = floats(new Random(8), 8 * heads);
  logits.fill(special, 0, 2 * heads);
  logits[4 * heads] = special;
  logits.fill(special, 7 * heads);
  return logits;
}

/** Rows of 3, 9,000, 0, 5,000 and 2 positions: two hubs among others. */
const hubOffsets = Uint32Array.of(0, 3, 9003, 9003, 14_003, 14_005);

/** Logits for the rows of {@link hubOffsets}: `special` are 20 of the first hub's last head, and all of the second hub's first. */
function hubLogits(heads: number, special: number): Float32Array {
  const logits = floats(new Random(13), 14_005 * heads, -3, 3);
  for (let p = 100; p < 120; p++) logits[p * heads + heads - 1] = special;
  for (let p = 9003; p < 14_003; p++) logits[p * heads] = special;
  return logits;
}

/** What random numbers seldom meet, in the kernels that make weights of each row's logits. */
export const segmentEdgeCases: readonly EdgeCase[] = [
  {
    name: "segmentSoftmax: logits of 1e4 and -1e4, rows of -Infinity, NaN and Infinity",
    run(trial) {
      for (const heads of [1, 2, 4, 8]) {
        for (const special of [1e4, -1e4, -inf, nan, inf]) {
          const logits = specialLogits(heads, special);
          trial.run("segmentSoftmax", (b) => ({
            logits: b.floats(logits),
            offsets: b.indices(unevenOffsets),
            out: b.out(logits.length),
            heads,
          }));
        }
      }
    },
  },

  {
    name: "segmentEntmax and segmentHardmax: logits of 1e4 and -1e4, rows of -Infinity, NaN and Infinity, equal logits",
    run(trial) {
      for (const heads of [1, 2, 4, 8]) {
        for (const special of [1e4, -1e4, -inf, nan, inf, 0]) {
          const logits = specialLogits(heads, special);
          const args = (b: Bench) => ({
            logits: b.floats(logits),
            offsets: b.indices(unevenOffsets),
            out: b.out(logits.length),
            heads,
          });
          trial.run("segmentEntmax", (b) => ({ ...args(b), alpha: 1.5 }));
          trial.run("segmentEntmax", (b) => ({ ...args(b), alpha: 2 }));
          trial.run("segmentHardmax", args);
        }
      }
    },
  },

  {
    name: "segmentEntmax: a row of five thousand, nearly equal or far apart",
    run(trial) {
      for (const heads of [1, 3]) {
        for (const spread of [1e-6, 1e-3, 10]) {
          const logits = floats(new Random(11), 5000 * heads, -spread, spread);
          for (const alpha of [1.5, 2] as const) {
            trial.run("segmentEntmax", (b) => ({
              logits: b.floats(logits),
              offsets: b.indices(Uint32Array.of(0, 5000)),
              out: b.out(logits.length),
              heads,
              alpha,
            }));
          }
        }
      }
    },
  },

  {
    name: "segmentEntmaxGradient: NaN among the weights or the gradients, weights that are all 0",
    run(trial) {
      for (const heads of [1, 2, 4]) {
        const weights = specialLogits(heads, 0).map((weight) => Math.abs(weight) / 2);
        const gradient = floats(new Random(12), weights.length);
        for (const [w, g] of [
          [weights, gradient],
          [withNaN(weights.length, 4 * heads).map(Math.abs), gradient],
          [weights, withNaN(weights.length, 4 * heads)],
        ] as const) {
          for (const alpha of [1.5, 2] as const) {
            trial.run("segmentEntmaxGradient", (b) => ({
              weights: b.floats(w),
              gradient: b.floats(g),
              offsets: b.indices(unevenOffsets),
              out: b.out(w.length),
              heads,
              alpha,
            }));
          }
        }
      }
    },
  },

  {
    name: "segmentSoftmax, segmentEntmax and segmentHardmax: hubs, with -Infinity, NaN, Infinity and equal logits",
    run(trial) {
      for (const heads of [1, 3]) {
        for (const special of [0, 4, -inf, nan, inf]) {
          const logits = hubLogits(heads, special);
          const args = (b: Bench) => ({
            logits: b.floats(logits),
            offsets: b.indices(hubOffsets),
            out: b.out(logits.length),
            heads,
          });
          trial.run("segmentSoftmax", args);
          trial.run("segmentEntmax", (b) => ({ ...args(b), alpha: 1.5 }));
          trial.run("segmentEntmax", (b) => ({ ...args(b), alpha: 2 }));
          trial.run("segmentHardmax", args);
        }
      }
    },
  },

  {
    name: "segmentSoftmaxGradient and segmentEntmaxGradient: hubs, with NaN, weights that are all 0",
    run(trial) {
      for (const heads of [1, 3]) {
        for (const special of [0, 1e-4, nan]) {
          const weights = hubLogits(heads, special).map((value) => Math.max(value, 0) / 1000);
          const gradient = floats(new Random(14), weights.length);
          const args = (b: Bench) => ({
            weights: b.floats(weights),
            gradient: b.floats(gradient),
            offsets: b.indices(hubOffsets),
            out: b.out(weights.length),
            heads,
          });
          trial.run("segmentSoftmaxGradient", args);
          trial.run("segmentEntmaxGradient", (b) => ({ ...args(b), alpha: 1.5 }));
          trial.run("segmentEntmaxGradient", (b) => ({ ...args(b), alpha: 2 }));
        }
      }
    },
  },

  {
    name: "segmentSoftmax: a row of a hundred thousand",
    run(trial) {
      for (const heads of [1, 3]) {
        const logits = floats(new Random(9), 100_000 * heads, -1, 1);
        // One of the heads has a weight that is not tiny, by which the others are measured.
        logits[heads * 50] = 10;
        trial.run("segmentSoftmax", (b) => ({
          logits: b.floats(logits),
          offsets: b.indices(Uint32Array.of(0, 100_000)),
          out: b.out(logits.length),
          heads,
        }));
      }
    },
  },
];
