import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import type { FloatBuffer } from "../buffers.ts";
import { floats } from "../conformance/draw.ts";
import type { UnaryOperation } from "../kernels.ts";
import { createReferenceEngine } from "./reference.ts";

const engine = createReferenceEngine();

function upload(...values: number[]): FloatBuffer {
  return engine.upload(values);
}

function index(...values: number[]) {
  return engine.uploadIndices(Uint32Array.from(values));
}

/** What `run` writes into a new buffer of `length` numbers. */
function written(length: number, run: (out: FloatBuffer) => void): number[] {
  const out = engine.allocate(length);
  run(out);
  return [...engine.readSync(out)];
}

describe("reference kernels, against numbers worked out by hand", () => {
  it("stridedCopy: a transpose, a slice, a broadcast", () => {
    const x = upload(1, 2, 3, 4, 5, 6);
    const copy = (shape: number[], strides: number[], offset: number) =>
      written(
        shape.reduce((a, b) => a * b),
        (out) => engine.run("stridedCopy", { x, out, shape, strides, offset }),
      );
    expect(copy([3, 2], [1, 3], 0)).toEqual([1, 4, 2, 5, 3, 6]);
    expect(copy([2, 2], [3, 1], 1)).toEqual([2, 3, 5, 6]);
    expect(copy([2, 3], [0, 1], 3)).toEqual([4, 5, 6, 4, 5, 6]);
  });

  it("stridedAdd: into every other number", () => {
    const out = upload(1, 1, 1, 1);
    engine.run("stridedAdd", { x: upload(5, 6), out, shape: [2], strides: [2], offset: 1 });
    expect([...engine.readSync(out)]).toEqual([1, 6, 1, 7]);
  });

  it("binary: a column and a row make a table", () => {
    const table = written(6, (out) =>
      engine.run("binary", {
        operation: "subtract",
        a: upload(10, 20),
        b: upload(1, 2, 3),
        out,
        shape: [2, 3],
        aStrides: [1, 0],
        bStrides: [0, 1],
      }),
    );
    expect(table).toEqual([9, 8, 7, 19, 18, 17]);
  });

  it("reduce: over the middle of [2, 2, 2]", () => {
    const x = upload(1, 8, 3, 4, 5, 6, 7, 2);
    const sizes = { outer: 2, length: 2, inner: 2 };
    expect(written(4, (out) => engine.run("reduce", { operation: "sum", x, out, ...sizes }))).toEqual([4, 12, 12, 8]);
    expect(written(4, (out) => engine.run("reduce", { operation: "max", x, out, ...sizes }))).toEqual([3, 8, 7, 6]);
  });

  it("matmul: in all four orientations", () => {
    const product = { batch: 1, m: 2, k: 3, n: 2 };
    const a = { false: upload(1, 2, 3, 4, 5, 6), true: upload(1, 4, 2, 5, 3, 6) };
    const b = { false: upload(7, 8, 9, 10, 11, 12), true: upload(7, 9, 11, 8, 10, 12) };
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const result = written(4, (out) =>
          engine.run("matmul", {
            a: a[`${transposeA}`],
            b: b[`${transposeB}`],
            out,
            ...product,
            transposeA,
            transposeB,
          }),
        );
        expect(result).toEqual([58, 64, 139, 154]);
      }
    }
  });

  it("sparseMatmul: two rows, the second empty, values in another order", () => {
    const args = { offsets: index(0, 2, 2), indices: index(1, 0), dense: upload(1, 2, 10, 20), width: 2 };
    const sum = (values: FloatBuffer | null, permuted: boolean) =>
      written(4, (out) =>
        engine.run("sparseMatmul", { ...args, values, permutation: permuted ? index(1, 0) : null, out }),
      );
    expect(sum(null, false)).toEqual([11, 22, 0, 0]);
    expect(sum(upload(3, 5), false)).toEqual([35, 70, 0, 0]);
    expect(sum(upload(3, 5), true)).toEqual([53, 106, 0, 0]);
  });

  it("gatherRows and segmentSum", () => {
    const x = upload(1, 2, 3, 4, 5, 6);
    expect(written(4, (out) => engine.run("gatherRows", { x, index: index(2, 0), out, width: 2 }))).toEqual([
      5, 6, 1, 2,
    ]);
    const sums = written(6, (out) =>
      engine.run("segmentSum", { x, offsets: index(0, 1, 1, 3), permutation: index(2, 0, 1), out, width: 2 }),
    );
    expect(sums).toEqual([5, 6, 0, 0, 4, 6]);
  });

  it("segmentSoftmax: each head by itself, rows of 2 and 1", () => {
    const weights = written(6, (out) =>
      engine.run("segmentSoftmax", {
        logits: upload(0, 5, Math.log(3), 5, -7, 100),
        offsets: index(0, 2, 3),
        out,
        heads: 2,
      }),
    );
    [0.25, 0.5, 0.75, 0.5, 1, 1].forEach((weight, i) => {
      expect(weights[i]).toBeCloseTo(weight, 14);
    });
  });

  it("segmentEntmax and segmentHardmax: each head by itself, rows of 2 and 1", () => {
    const args = { offsets: index(0, 2, 3), heads: 2 };
    const logits = upload(1, 0, 0.5, 9, -7, 100);
    const sparsemax = written(6, (out) => engine.run("segmentEntmax", { logits, out, alpha: 2, ...args }));
    expect(sparsemax).toEqual([0.75, 0, 0.25, 1, 1, 1]);
    const squares = { logits: upload(1.6, 0, 1.2, 9, -7, 100), alpha: 1.5 } as const;
    const entmax = written(6, (out) => engine.run("segmentEntmax", { ...squares, out, ...args }));
    [0.64, 0, 0.36, 1, 1, 1].forEach((weight, i) => {
      expect(entmax[i]).toBeCloseTo(weight, 14);
    });
    expect(written(6, (out) => engine.run("segmentHardmax", { logits, out, ...args }))).toEqual([1, 0, 0, 1, 1, 1]);
  });

  it("segmentEntmaxGradient: the upstream less its mean under the slopes, times the slope", () => {
    const gradient = (alpha: 1.5 | 2) =>
      written(3, (out) =>
        engine.run("segmentEntmaxGradient", {
          weights: upload(0.64, 0.36, 0),
          gradient: upload(7, 14, 50),
          offsets: index(0, 3),
          out,
          heads: 1,
          alpha,
        }),
      );
    expect(gradient(2)).toEqual([-3.5, 3.5, 0]);
    // Slopes 0.8 and 0.6, the mean 10.
    [-2.4, 2.4, 0].forEach((slope, i) => {
      expect(gradient(1.5)[i]).toBeCloseTo(slope, 13);
    });
  });

  it("edgeWeightedSum and edgeDot: two heads of two channels", () => {
    const values = upload(1, 2, 3, 4, 10, 20, 30, 40);
    const sums = written(4, (out) =>
      engine.run("edgeWeightedSum", {
        weights: upload(1, 2, 3, 4),
        offsets: index(0, 2),
        columns: index(1, 0),
        permutation: null,
        values,
        out,
        heads: 2,
        channels: 2,
      }),
    );
    expect(sums).toEqual([13, 26, 72, 96]);
    const dots = written(4, (out) =>
      engine.run("edgeDot", {
        a: values,
        aRows: index(0, 0),
        b: values,
        bRows: index(0, 1),
        out,
        heads: 2,
        channels: 2,
      }),
    );
    expect(dots).toEqual([5, 25, 50, 250]);
  });

  it("adam: the first step moves by the learning rate against the sign of the gradient", () => {
    const step = (decoupled: boolean, weightDecay: number) => {
      const parameter = upload(1, -1);
      engine.run("adam", {
        parameter,
        gradient: upload(0.3, -5),
        firstMoment: upload(0, 0),
        secondMoment: upload(0, 0),
        learningRate: 0.1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 0,
        weightDecay,
        decoupled,
        correction1: 1 - 0.9,
        correction2: 1 - 0.999,
      });
      return [...engine.readSync(parameter)];
    };
    const close = (values: number[], expected: number[]) =>
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 12);
      });
    close(step(false, 0), [0.9, -0.9]);
    // Weight decay in the gradient does not change its sign here; decoupled, it takes a tenth of a half off.
    close(step(false, 0.5), [0.9, -0.9]);
    close(step(true, 0.5), [0.85, -0.85]);
  });
});

describe("reference gradients, against finite differences", () => {
  const difference = 1e-6;

  it.each<UnaryOperation>([
    "negate",
    "exp",
    "log",
    "sqrt",
    "square",
    "abs",
    "tanh",
    "sin",
    "cos",
    "reciprocal",
    "relu",
    "leakyRelu",
    "elu",
    "sigmoid",
    "softplus",
    "step",
    "gelu",
  ])("unaryGradient: %s", (operation) => {
    const positiveOnly = operation === "log" || operation === "sqrt";
    const points = [0.3, 1.7, 4, ...(positiveOnly ? [0.01] : [-0.2, -1.3, -4])];
    const value = (shift: number) =>
      written(points.length, (out) =>
        engine.run("unary", { operation, x: engine.upload(points.map((x) => x + shift)), out, parameter: 0.3 }),
      );
    const slopes = written(points.length, (out) =>
      engine.run("unaryGradient", {
        operation,
        x: engine.upload(points),
        y: engine.upload(value(0)),
        gradient: engine.upload(points.map(() => 2)),
        out,
        parameter: 0.3,
      }),
    );
    const [above, below] = [value(difference), value(-difference)];
    slopes.forEach((slope, i) => {
      const expected = above[i]! - below[i]!;
      expect(Math.abs(slope - expected / difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    });
  });

  it("logSoftmaxGradient and segmentSoftmaxGradient", () => {
    const x = [...floats(new Random(1), 6)];
    const upstream = [...floats(new Random(2), 6)];
    const logSoftmax = (out: FloatBuffer, at: number[]) =>
      engine.run("logSoftmax", { x: engine.upload(at), out, width: 3 });
    const softmax = (out: FloatBuffer, at: number[]) =>
      engine.run("segmentSoftmax", { logits: engine.upload(at), offsets: index(0, 2, 3), out, heads: 2 });
    for (const forward of [logSoftmax, softmax]) {
      const y = written(6, (out) => forward(out, x));
      const gradient = written(6, (out) => {
        const common = { gradient: engine.upload(upstream), out };
        if (forward === logSoftmax) engine.run("logSoftmaxGradient", { y: engine.upload(y), width: 3, ...common });
        else {
          const offsets = index(0, 2, 3);
          engine.run("segmentSoftmaxGradient", { weights: engine.upload(y), offsets, heads: 2, ...common });
        }
      });
      const objective = (at: number[]) =>
        written(6, (out) => forward(out, at)).reduce((sum, value, i) => sum + value * upstream[i]!, 0);
      x.forEach((_, i) => {
        const shifted = (by: number) => objective(x.map((value, j) => (j === i ? value + by : value)));
        const expected = (shifted(difference) - shifted(-difference)) / (2 * difference);
        expect(Math.abs(gradient[i]! - expected)).toBeLessThan(1e-8);
      });
    }
  });
});
