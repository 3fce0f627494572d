import { type BinaryOperation, keepsElement, type UnaryOperation } from "../kernels.ts";
import type { ReferenceKernels } from "./memory.ts";
import { normalDensity, normalDistribution } from "./normal-distribution.ts";

const unaryOperations: { readonly [Name in UnaryOperation]: (x: number, a: number) => number } = {
  negate: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  abs: Math.abs,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  reciprocal: (x) => 1 / x,
  relu: (x) => Math.max(x, 0),
  leakyRelu: (x, a) => (x > 0 ? x : a * x),
  elu: (x, a) => (x > 0 ? x : a * Math.expm1(x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  step: (x) => (x > 0 ? 1 : 0),
  // At -Infinity the limit, where the product would be Infinity times 0.
  gelu: (x) => (x === Number.NEGATIVE_INFINITY ? 0 : x * normalDistribution(x)),
};

/** Derivatives at `x`, where `y` is the value of the function there. */
const unaryDerivatives: { readonly [Name in UnaryOperation]: (x: number, y: number, a: number) => number } = {
  negate: () => -1,
  exp: (_, y) => y,
  log: (x) => 1 / x,
  sqrt: (_, y) => 0.5 / y,
  square: (x) => 2 * x,
  abs: (x) => Math.sign(x),
  tanh: (_, y) => 1 - y * y,
  sin: (x) => Math.cos(x),
  cos: (x) => -Math.sin(x),
  reciprocal: (_, y) => -y * y,
  relu: (x) => (x > 0 ? 1 : 0),
  leakyRelu: (x, _, a) => (x > 0 ? 1 : a),
  elu: (x, y, a) => (x > 0 ? 1 : y + a),
  sigmoid: (_, y) => y * (1 - y),
  softplus: (x) => 1 / (1 + Math.exp(-x)),
  step: () => 0,
  gelu: (x) => normalDistribution(x) + (Number.isFinite(x) ? x * normalDensity(x) : 0),
};

const binaryOperations: { readonly [Name in BinaryOperation]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

/** Calls `visit(m, index)` for each multi-index `m` of `shape` in row-major order, `m` as its rank in that order. */
function forEachStrided(
  shape: readonly number[],
  strides: readonly number[],
  visit: (rank: number, index: number) => void,
): void {
  const count = shape.reduce((product, size) => product * size, 1);
  const position = shape.map(() => 0);
  let index = 0;
  for (let rank = 0; rank < count; rank++) {
    visit(rank, index);
    for (let d = shape.length - 1; d >= 0; d--) {
      position[d]!++;
      index += strides[d]!;
      if (position[d]! < shape[d]!) break;
      index -= strides[d]! * shape[d]!;
      position[d] = 0;
    }
  }
}

function biased(x: Float64Array, bias: Float64Array | null): Float64Array {
  return bias === null ? x : x.map((value, i) => value + bias[i % bias.length]!);
}

type ElementwiseNames =
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
  | "dropout";

export const elementwiseKernels: ReferenceKernels<ElementwiseNames> = {
  fill({ out, value }, memory) {
    memory.floats(out).fill(value);
  },

  stridedCopy({ x, out, shape, strides, offset }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    forEachStrided(shape, strides, (rank, index) => {
      target[rank] = source[offset + index]!;
    });
  },

  stridedAdd({ x, out, shape, strides, offset }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    forEachStrided(shape, strides, (rank, index) => {
      target[offset + index]! += source[rank]!;
    });
  },

  affine({ x, out, scale, shift }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    for (let i = 0; i < target.length; i++) target[i] = scale * source[i]! + shift;
  },

  accumulate({ x, out, scale }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    for (let i = 0; i < target.length; i++) target[i]! += scale * source[i]!;
  },

  unary({ operation, x, out, parameter }, memory) {
    const apply = unaryOperations[operation];
    const source = memory.floats(x);
    const target = memory.floats(out);
    for (let i = 0; i < target.length; i++) target[i] = apply(source[i]!, parameter);
  },

  unaryGradient({ operation, x, y, gradient, out, parameter }, memory) {
    const derivative = unaryDerivatives[operation];
    const at = memory.floats(x);
    const value = memory.floats(y);
    const upstream = memory.floats(gradient);
    const target = memory.floats(out);
    for (let i = 0; i < target.length; i++) {
      // A comparison with NaN is false: without this, NaN would get the derivative of a negative number.
      target[i] = Number.isNaN(at[i]) ? Number.NaN : upstream[i]! * derivative(at[i]!, value[i]!, parameter);
    }
  },

  binary({ operation, a, b, out, shape, aStrides, bStrides }, memory) {
    const apply = binaryOperations[operation];
    const left = memory.floats(a);
    const right = memory.floats(b);
    const target = memory.floats(out);
    forEachStrided(shape, aStrides, (rank, index) => {
      target[rank] = left[index]!;
    });
    forEachStrided(shape, bStrides, (rank, index) => {
      target[rank] = apply(target[rank]!, right[index]!);
    });
  },

  biasActivation({ operation, x, bias, out, parameter, seed, probability }, memory) {
    const act = operation === null ? (z: number) => z : unaryOperations[operation];
    const target = memory.floats(out);
    biased(memory.floats(x), bias && memory.floats(bias)).forEach((z, i) => {
      target[i] = keepsElement(seed, i, probability) ? act(z, parameter) / (1 - probability) : 0;
    });
  },

  biasActivationGradient({ operation, x, bias, y, gradient, out, parameter, seed, probability }, memory) {
    const derive = unaryDerivatives[operation];
    const [values, gradients, target] = [memory.floats(y), memory.floats(gradient), memory.floats(out)];
    biased(memory.floats(x), bias && memory.floats(bias)).forEach((z, i) => {
      const slope = derive(z, values[i]! * (1 - probability), parameter);
      target[i] = keepsElement(seed, i, probability) ? (gradients[i]! * slope) / (1 - probability) : 0;
    });
  },

  dropout({ x, out, seed, probability }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    for (let i = 0; i < target.length; i++) {
      target[i] = keepsElement(seed, i, probability) ? source[i]! / (1 - probability) : 0;
    }
  },
};
