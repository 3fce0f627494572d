import type { Random } from "../../random.ts";
import type { BinaryOperation, UnaryOperation } from "../kernels.ts";
import { type Draw, drawBoolean, drawFrom, drawRandom, drawSize, floats } from "./draw.ts";
import type { KernelProperty } from "./trial.ts";

/** Each with numbers from where it is defined and does not magnify the rounding of its argument. */
const unaryRanges: { readonly [Name in UnaryOperation]: readonly [low: number, high: number] } = {
  negate: [-9, 9],
  exp: [-9, 3],
  log: [0.01, 50],
  sqrt: [0, 50],
  square: [-9, 9],
  abs: [-9, 9],
  tanh: [-9, 9],
  sin: [-40, 40],
  cos: [-40, 40],
  reciprocal: [0.1, 9],
  relu: [-9, 9],
  leakyRelu: [-9, 9],
  elu: [-9, 9],
  sigmoid: [-20, 20],
  softplus: [-20, 20],
  step: [-9, 9],
  gelu: [-9, 9],
};

const unaryNames: readonly UnaryOperation[] = [
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
];

const binaryNames: readonly BinaryOperation[] = ["add", "subtract", "multiply", "divide", "maximum", "minimum"];

function product(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

function drawShape(draw: Draw): number[] {
  const rank = draw.integer(0, 6);
  const most = rank <= 2 ? 20 : rank <= 4 ? 5 : 3;
  return Array.from({ length: rank }, () => draw.integer(draw.integer(0, 15) === 0 ? 0 : 1, most));
}

/** Strides of an operand that is broadcast along some dimensions, and the count of its numbers. */
function drawBroadcast(draw: Draw, shape: readonly number[]): { strides: number[]; length: number } {
  const stored = shape.map((size) => (draw.integer(0, 2) === 0 ? 1 : size));
  const strides = stored.map((size, d) => (size === 1 ? 0 : product(stored.slice(d + 1))));
  return { strides, length: product(stored) };
}

/** A view with the dimensions in another order, some of them with gaps or backwards, of a buffer of `length` numbers. */
function drawView(draw: Draw, shape: readonly number[]): { strides: number[]; offset: number; length: number } {
  const strides = new Array<number>(shape.length).fill(0);
  const remaining = shape.map((_, d) => d);
  let span = 1;
  let offset = draw.integer(0, 5);
  while (remaining.length > 0) {
    const [d] = drawBoolean(draw)
      ? remaining.splice(-1, 1)
      : remaining.splice(draw.integer(0, remaining.length - 1), 1);
    const size = shape[d!]!;
    const step = span * draw.integer(1, 2);
    const backwards = size > 0 && draw.integer(0, 7) === 0;
    strides[d!] = backwards ? -step : step;
    if (backwards) offset += step * (size - 1);
    span = Math.max(1, step * Math.max(1, size));
  }
  return { strides, offset, length: offset + span + draw.integer(0, 3) };
}

type Names =
  | "fill"
  | "stridedCopy"
  | "stridedAdd"
  | "affine"
  | "accumulate"
  | "unary"
  | "unaryGradient"
  | "biasActivation"
  | "biasActivationGradient"
  | "binary"
  | "dropout"
  | "adam";

export const elementwiseProperties: { readonly [Name in Names]: KernelProperty } = {
  fill(draw, trial) {
    const length = drawSize(draw);
    const value = draw.integer(-3, 3) / 2;
    trial.run("fill", (b) => ({ out: b.out(length), value }));
  },

  stridedCopy(draw, trial) {
    const shape = drawShape(draw);
    const { strides, offset, length } = drawView(draw, shape);
    const x = floats(drawRandom(draw), length);
    trial.run("stridedCopy", (b) => ({ x: b.floats(x), out: b.out(product(shape)), shape, strides, offset }));
    const broadcast = drawBroadcast(draw, shape);
    const small = x.slice(0, broadcast.length);
    if (small.length < broadcast.length) return;
    trial.run("stridedCopy", (b) => ({
      x: b.floats(small),
      out: b.out(product(shape)),
      shape,
      strides: broadcast.strides,
      offset: 0,
    }));
  },

  stridedAdd(draw, trial) {
    const shape = drawShape(draw);
    const { strides, offset, length } = drawView(draw, shape);
    const random = drawRandom(draw);
    const x = floats(random, product(shape));
    const out = floats(random, length);
    trial.run("stridedAdd", (b) => ({ x: b.floats(x), out: b.inOut(out), shape, strides, offset }));
  },

  affine(draw, trial) {
    const random = drawRandom(draw);
    const x = floats(random, drawSize(draw));
    const scale = random.uniform(-2, 2);
    const shift = random.uniform(-2, 2);
    trial.run("affine", (b) => ({ x: b.floats(x), out: b.out(x.length), scale, shift }));
    trial.run("affine", (b) => {
      const both = b.inOut(x);
      return { x: both, out: both, scale, shift };
    });
  },

  accumulate(draw, trial) {
    const random = drawRandom(draw);
    const x = floats(random, drawSize(draw));
    const out = floats(random, x.length);
    const scale = random.uniform(-2, 2);
    trial.run("accumulate", (b) => ({ x: b.floats(x), out: b.inOut(out), scale }));
  },

  unary(draw, trial) {
    const operation = drawFrom(draw, unaryNames);
    const random = drawRandom(draw);
    const x = floats(random, drawSize(draw), ...unaryRanges[operation]);
    const parameter = random.uniform(0, 1);
    trial.run("unary", (b) => ({ operation, x: b.floats(x), out: b.out(x.length), parameter }));
  },

  unaryGradient(draw, trial) {
    const operation = drawFrom(draw, unaryNames);
    const random = drawRandom(draw);
    // Away from 0, where the derivative of the square root has no bound.
    const [low, high] = operation === "sqrt" ? [0.1, 50] : unaryRanges[operation];
    const x = floats(random, drawSize(draw), low, high);
    const y = floats(random, x.length, 0.1, 1);
    const gradient = floats(random, x.length);
    const parameter = random.uniform(0, 1);
    trial.run("unaryGradient", (b) => ({
      operation,
      x: b.floats(x),
      y: b.floats(y),
      gradient: b.floats(gradient),
      out: b.out(x.length),
      parameter,
    }));
  },

  binary(draw, trial) {
    const operation = drawFrom(draw, binaryNames);
    const shape = drawShape(draw);
    const left = drawBoolean(draw) ? drawBroadcast(draw, shape) : drawTransposed(draw, shape);
    const right = drawBroadcast(draw, shape);
    const random = drawRandom(draw);
    const a = floats(random, left.length);
    const b = floats(random, right.length, 0.1, 2);
    trial.run("binary", (bench) => ({
      operation,
      a: bench.floats(a),
      b: bench.floats(b),
      out: bench.out(product(shape)),
      shape,
      aStrides: left.strides,
      bStrides: right.strides,
    }));
  },

  biasActivation(draw, trial) {
    const random = drawRandom(draw);
    const { bias, length, ...common } = drawBiasActivation(draw, random);
    const operation = drawFrom(draw, [null, ...unaryNames]);
    const x = floats(random, length, ...halves(operation));
    const added = bias === null ? null : floats(random, bias, ...halves(operation));
    trial.run("biasActivation", (b) => ({
      ...common,
      operation,
      x: b.floats(x),
      bias: added && b.floats(added),
      out: b.out(length),
    }));
  },

  biasActivationGradient(draw, trial) {
    const random = drawRandom(draw);
    const { bias, length, ...common } = drawBiasActivation(draw, random);
    const operation = drawFrom(draw, unaryNames);
    const x = floats(random, length, ...halves(operation));
    const added = bias === null ? null : floats(random, bias, ...halves(operation));
    const y = floats(random, length, 0.1, 1);
    const gradient = floats(random, length);
    trial.run("biasActivationGradient", (b) => ({
      ...common,
      operation,
      x: b.floats(x),
      bias: added && b.floats(added),
      y: b.floats(y),
      gradient: b.floats(gradient),
      out: b.out(length),
    }));
  },

  dropout(draw, trial) {
    const x = floats(drawRandom(draw), drawSize(draw, 0, 200), 1, 2);
    const seed = draw.integer(0, 0xffff_ffff);
    const probability = drawFrom(draw, [0, 0.1, 0.5, 0.6, 0.999]);
    trial.run("dropout", (b) => ({ x: b.floats(x), out: b.out(x.length), seed, probability }));
  },

  adam(draw, trial) {
    const random = drawRandom(draw);
    const length = drawSize(draw);
    const parameter = floats(random, length);
    const gradient = floats(random, length);
    const firstMoment = floats(random, length);
    const secondMoment = floats(random, length, 0.01, 2);
    const decoupled = drawBoolean(draw);
    const weightDecay = drawFrom(draw, [0, 0.1]);
    const step = draw.integer(1, 50);
    trial.run("adam", (b) => ({
      parameter: b.inOut(parameter),
      gradient: b.floats(gradient),
      firstMoment: b.inOut(firstMoment),
      secondMoment: b.inOut(secondMoment),
      learningRate: 0.01,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay,
      decoupled,
      correction1: 1 - 0.9 ** step,
      correction2: 1 - 0.999 ** step,
    }));
  },
};

/** What both kernels of bias and activation share; `bias` is its length, or null for none. */
function drawBiasActivation(draw: Draw, random: Random) {
  const width = draw.integer(1, 40);
  return {
    bias: drawBoolean(draw) ? width : null,
    length: width * draw.integer(0, 40),
    parameter: random.uniform(0, 1),
    seed: draw.integer(0, 0xffff_ffff),
    // The smallest drops nothing: no hash is below its threshold.
    probability: drawFrom(draw, [0, 1e-11, 0.1, 0.6]),
  };
}

/** Numbers of which two make an argument from where the function is defined, as `unaryRanges` says. */
function halves(operation: UnaryOperation | null): [low: number, high: number] {
  // Away from 0, where the derivative of the square root has no bound.
  const [low, high] = operation === null ? [-9, 9] : operation === "sqrt" ? [0.1, 50] : unaryRanges[operation];
  return [low / 2, high / 2];
}

/** Strides of an operand that is stored with its dimensions in reverse. */
function drawTransposed(draw: Draw, shape: readonly number[]): { strides: number[]; length: number } {
  const kept = shape.length - draw.integer(0, shape.length);
  const strides = shape.map((_, d) => (d < kept ? product(shape.slice(d + 1)) : product(shape.slice(kept, d))));
  return { strides, length: product(shape) };
}
