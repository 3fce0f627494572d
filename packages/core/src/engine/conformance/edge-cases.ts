import { Random } from "../../random.ts";
import { keepsElement, type UnaryOperation } from "../kernels.ts";
import { floats } from "./draw.ts";
import { unevenOffsets as offsets, segmentEdgeCases, withNaN } from "./segment-edge-cases.ts";
import type { EdgeCase } from "./trial.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function unaryCase(operation: UnaryOperation, ...x: number[]): EdgeCase {
  return {
    name: `unary: ${operation} of special numbers`,
    run: (trial) => trial.run("unary", (b) => ({ operation, x: b.floats(x), out: b.out(x.length), parameter: 0.25 })),
  };
}

export const edgeCases: readonly EdgeCase[] = [
  unaryCase("negate", 0, 1, nan, inf, -inf),
  unaryCase("exp", 0, -0, 1e-9, nan, inf, -inf, -87, -90, -104, -1e4, 89, 1e4, 1e30, -1e30),
  unaryCase("exp", 88.4, 88.6, 88.72),
  unaryCase("log", 0, 1, -1, nan, inf, -inf, 1e-38, 1e-42, 3e38),
  unaryCase("sqrt", 0, 4, nan, inf, 1e-42),
  unaryCase("square", 0, nan, inf, -inf),
  unaryCase("abs", 0, -3, nan, -inf),
  unaryCase("tanh", 0, 1e-9, nan, inf, -inf, 1e4, -1e4),
  unaryCase("sin", 0, 1e-9, nan, inf, 1e5, -1e5),
  unaryCase("cos", 0, 1e-9, nan, -inf, 1e5, -1e5),
  unaryCase("reciprocal", nan, inf, -inf, 2),
  unaryCase("relu", 0, -1, 1, nan, inf, -inf),
  unaryCase("leakyRelu", 0, -1, 1, nan, inf, -inf),
  unaryCase("elu", 0, -1e-9, -1, 1, nan, inf, -inf, -1e4, 1e4),
  unaryCase("sigmoid", 0, nan, inf, -inf, -1e4, 1e4, -80, 80),
  unaryCase("softplus", 0, nan, inf, -inf, -1e4, 1e4, -80, 80),
  unaryCase("step", 0, -0, -1, 1, inf, -inf),
  unaryCase("gelu", 0, 1e-9, -1e-9, nan, inf, -6, -13, -20, -1e4),
  unaryCase("gelu", 1e4, 1e30, -1e30),

  {
    name: "unaryGradient: NaN in x, y or gradient",
    run(trial) {
      const operations: readonly UnaryOperation[] = [
        "relu",
        "leakyRelu",
        "elu",
        "abs",
        "tanh",
        "exp",
        "softplus",
        "gelu",
      ];
      for (const operation of operations) {
        trial.run("unaryGradient", (b) => ({
          operation,
          x: b.floats([nan, 1, -1, 0, nan]),
          y: b.floats([nan, nan, 1, 0, 1]),
          gradient: b.floats([1, 1, nan, 1, nan]),
          out: b.out(5),
          parameter: 0.25,
        }));
      }
    },
  },

  {
    name: "binary: NaN and infinities on either side",
    run(trial) {
      for (const operation of ["add", "subtract", "multiply", "divide", "maximum", "minimum"] as const) {
        trial.run("binary", (b) => ({
          operation,
          a: b.floats([nan, 1, inf, -inf, 0, nan]),
          b: b.floats([1, nan, -inf, 2, 3, nan]),
          out: b.out(6),
          shape: [6],
          aStrides: [1],
          bStrides: [1],
        }));
      }
    },
  },

  {
    name: "reduce: the maximum of nothing, of NaN, and of -Infinity",
    run(trial) {
      for (const inner of [1, 3]) {
        trial.run("reduce", (b) => ({
          operation: "max",
          x: b.floats([]),
          out: b.out(2 * inner),
          outer: 2,
          length: 0,
          inner,
        }));
        trial.run("reduce", (b) => ({
          operation: "max",
          x: b.floats([...withNaN(6, 4), -inf, -inf, -inf, -inf, -inf, -inf]),
          out: b.out(2 * inner),
          outer: 2,
          length: 6 / inner,
          inner,
        }));
      }
    },
  },

  {
    name: "reduce: a sum of a million numbers that are not negative",
    run(trial) {
      const x = floats(new Random(3), 1_000_000, 0, 1);
      for (const inner of [1, 5, 8]) {
        trial.run("reduce", (b) => ({
          operation: "sum",
          x: b.floats(x),
          out: b.out(inner),
          outer: 1,
          length: x.length / inner,
          inner,
        }));
      }
    },
  },

  {
    name: "matmul: a sum of a hundred thousand products",
    run(trial) {
      const k = 100_000;
      const a = floats(new Random(4), k * 3, 0, 1);
      const b = floats(new Random(5), k * 5, 0, 1);
      trial.run("matmul", (bench) => ({
        a: bench.floats(a),
        b: bench.floats(b),
        out: bench.out(15),
        batch: 1,
        m: 3,
        k,
        n: 5,
        transposeA: true,
        transposeB: false,
      }));
    },
  },

  {
    name: "matmul: NaN and infinity reach their row and column, and no other",
    run(trial) {
      const b = floats(new Random(6), 3 * 9, 0.5, 1);
      b[4] = inf;
      trial.run("matmul", (bench) => ({
        a: bench.floats(withNaN(5 * 3, 7)),
        b: bench.floats(b),
        out: bench.out(5 * 9),
        batch: 1,
        m: 5,
        k: 3,
        n: 9,
        transposeA: false,
        transposeB: false,
      }));
    },
  },

  ...segmentEdgeCases,

  {
    name: "logSoftmax: numbers of 1e4, NaN, and -Infinity beside others",
    run(trial) {
      for (const special of [1e4, -1e4, nan, -inf]) {
        trial.run("logSoftmax", (b) => ({
          x: b.floats([1, 2, special, 4, 5, 6, 7, 8, 9, special]),
          out: b.out(10),
          width: 5,
        }));
      }
    },
  },

  {
    name: "sums over neighborhoods: NaN and infinity reach the rows that they are in, and no other",
    run(trial) {
      const columns = Uint32Array.of(0, 1, 2, 3, 0, 1, 2, 0);
      for (const channels of [1, 3, 8]) {
        const values = withNaN(4 * 2 * channels, 3 * 2 * channels);
        trial.run("edgeWeightedSum", (b) => ({
          weights: b.floats([1, 2, 0, 4, 5, 6, 7, 8, 1, 0, 3, 4, 5, 6, inf, 8]),
          offsets: b.indices(offsets),
          columns: b.indices(columns),
          permutation: null,
          values: b.floats(values),
          out: b.out(5 * 2 * channels),
          heads: 2,
          channels,
        }));
        trial.run("segmentSum", (b) => ({
          x: b.floats(withNaN(8 * channels, 3 * channels)),
          offsets: b.indices(offsets),
          permutation: null,
          out: b.out(5 * channels),
          width: channels,
        }));
        trial.run("edgeDot", (b) => ({
          a: b.floats(values),
          aRows: b.indices(columns),
          b: b.floats(withNaN(2 * channels, 0)),
          bRows: b.indices(new Uint32Array(8)),
          out: b.out(16),
          heads: 2,
          channels,
        }));
      }
    },
  },

  {
    name: "sparseMatmul: one row that holds everything",
    run(trial) {
      const positions = 50_000;
      const random = new Random(10);
      const columns = new Uint32Array(positions).map(() => random.integer(100));
      const values = floats(random, positions, 0, 1);
      const dense = floats(random, 100 * 7, 0, 1);
      trial.run("sparseMatmul", (b) => ({
        offsets: b.indices(Uint32Array.of(0, positions)),
        indices: b.indices(columns),
        values: b.floats(values),
        permutation: null,
        dense: b.floats(dense),
        out: b.out(7),
        width: 7,
      }));
    },
  },

  {
    name: "sparseMatmul: long rows of which most is zero, over columns of all widths",
    run(trial) {
      const random = new Random(11);
      const offsets = Uint32Array.of(0, 700, 700, 703, 2_000);
      const columns = new Uint32Array(2_000).map(() => random.integer(50));
      const values = floats(random, 2_000).map((value) => (random.uniform() < 0.6 ? 0 : value));
      const permutation = new Uint32Array(2_000).map((_, p) => (7 * p) % 2_000);
      for (const width of [1, 3, 4, 31, 32, 33, 64, 70]) {
        const dense = floats(random, 50 * width);
        for (const isPermuted of [false, true]) {
          trial.run("sparseMatmul", (b) => ({
            offsets: b.indices(offsets),
            indices: b.indices(columns),
            values: b.floats(values),
            permutation: isPermuted ? b.indices(permutation) : null,
            dense: b.floats(dense),
            out: b.out(4 * width),
            width,
          }));
        }
      }
    },
  },

  {
    name: "sparseMatmul: zeros take nothing, even of rows that are not finite",
    run: (trial) =>
      trial.run("sparseMatmul", (b) => ({
        offsets: b.indices(Uint32Array.of(0, 3, 4)),
        indices: b.indices(Uint32Array.of(0, 1, 2, 1)),
        values: b.floats(Float32Array.of(2, 0, 3, nan)),
        permutation: null,
        dense: b.floats(Float32Array.of(1, 2, nan, Number.POSITIVE_INFINITY, 3, 4)),
        out: b.out(4),
        width: 2,
      })),
  },

  {
    name: "accumulate: onto zeros that were filled in, and twice",
    run(_, engine) {
      const x = engine.upload(Float32Array.of(1, -2, 3));
      const out = engine.upload(Float32Array.of(nan, 5, 6));
      const expectNumbers = (...expected: number[]): void => {
        const got = Array.from(engine.readSync(out));
        if (got.some((value, i) => value !== expected[i]))
          throw new Error(`accumulate: got ${got}; expected ${expected}`);
      };
      engine.run("fill", { out, value: 0 });
      expectNumbers(0, 0, 0);
      engine.run("fill", { out, value: 0 });
      engine.run("accumulate", { x, out, scale: 2 });
      expectNumbers(2, -4, 6);
      engine.run("accumulate", { x, out, scale: 1 });
      expectNumbers(3, -6, 9);
      engine.free(x);
      engine.free(out);
    },
  },

  {
    name: "dropout: the mask is that of keepsElement, bit for bit",
    run(_, engine) {
      const length = 10_007;
      for (const [seed, probability] of [
        [0, 0.5],
        [1, 0.6],
        [0xffff_ffff, 0.1],
        [-5, 0.999],
        [123_456_789, 0],
      ] as const) {
        const x = engine.upload(new Float32Array(length).fill(1));
        const out = engine.allocate(length);
        engine.run("dropout", { x, out, seed, probability });
        engine.readSync(out).forEach((value, i) => {
          if ((value !== 0) === keepsElement(seed, i, probability)) return;
          throw new Error(`dropout: got ${value} at ${i} for seed ${seed}, probability ${probability}`);
        });
        engine.free(x);
        engine.free(out);
      }
    },
  },

  {
    name: "dropout: drops NaN like any number",
    run: (trial) =>
      trial.run("dropout", (b) => ({
        x: b.floats(new Float32Array(50).fill(nan)),
        out: b.out(50),
        seed: 3,
        probability: 0.5,
      })),
  },
];
