import { drawBoolean, drawFrom, drawRandom, drawSize, floats } from "./draw.ts";
import type { KernelProperty } from "./trial.ts";

export const denseProperties: {
  readonly [Name in "reduce" | "matmul" | "logSoftmax" | "logSoftmaxGradient"]: KernelProperty;
} = {
  reduce(draw, trial) {
    const operation = drawFrom(draw, ["sum", "max"] as const);
    const outer = drawSize(draw, 0, 5);
    const length = drawFrom(draw, [0, 1, 2, 7, 40, 300, 1100]);
    const inner = drawBoolean(draw) ? 1 : drawSize(draw, 0, 21);
    const x = floats(drawRandom(draw), outer * length * inner);
    trial.run("reduce", (b) => ({
      operation,
      x: b.floats(x),
      out: b.out(outer * inner),
      outer,
      length,
      inner,
    }));
  },

  matmul(draw, trial) {
    const batch = drawSize(draw, 0, 3);
    const m = drawSize(draw, 0, 14);
    // Around the blocks that engines cut the inner dimension and the columns into.
    const k = drawFrom(draw, [0, 1, 2, 3, 8, 17, 255, 257, 530]);
    const n = drawFrom(draw, [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 31, 64, 521]);
    const transposeA = drawBoolean(draw);
    const transposeB = drawBoolean(draw);
    const random = drawRandom(draw);
    const a = floats(random, batch * m * k);
    const b = floats(random, batch * k * n);
    trial.run("matmul", (bench) => ({
      a: bench.floats(a),
      b: bench.floats(b),
      out: bench.out(batch * m * n),
      batch,
      m,
      k,
      n,
      transposeA,
      transposeB,
    }));
  },

  logSoftmax(draw, trial) {
    const width = drawSize(draw);
    const magnitude = drawFrom(draw, [1, 30, 1e4]);
    const x = floats(drawRandom(draw), drawSize(draw, 0, 6) * width, -magnitude, magnitude);
    trial.run("logSoftmax", (b) => ({ x: b.floats(x), out: b.out(x.length), width }));
  },

  logSoftmaxGradient(draw, trial) {
    const width = drawSize(draw);
    const random = drawRandom(draw);
    const y = floats(random, drawSize(draw, 0, 6) * width, -20, 0);
    const gradient = floats(random, y.length);
    trial.run("logSoftmaxGradient", (b) => ({
      y: b.floats(y),
      gradient: b.floats(gradient),
      out: b.out(y.length),
      width,
    }));
  },
};
