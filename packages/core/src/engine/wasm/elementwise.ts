import { dropThreshold, type UnaryOperation } from "../kernels.ts";
import type { WasmKernels } from "./machine.ts";

/** The numbers of the operations in assembly/elementwise.ts. */
export const unaryOperations: { readonly [Name in UnaryOperation]: number } = {
  negate: 0,
  exp: 1,
  log: 2,
  sqrt: 3,
  square: 4,
  abs: 5,
  tanh: 6,
  sin: 7,
  cos: 8,
  reciprocal: 9,
  relu: 10,
  leakyRelu: 11,
  elu: 12,
  sigmoid: 13,
  softplus: 14,
  step: 15,
  gelu: 16,
};

type Names =
  | "fill"
  | "affine"
  | "accumulate"
  | "unary"
  | "unaryGradient"
  | "biasActivation"
  | "biasActivationGradient"
  | "dropout"
  | "adam";

/** What the module's function takes for an operation, or a bias, that there is none of. */
const NO_OPERATION = -1;
const NO_BIAS = 0;

export const elementwiseKernels: WasmKernels<Names> = {
  fill({ out, value }, { kernels, memory }) {
    const to = memory.output(out);
    if (Object.is(value, 0)) memory.clearLater(out);
    else kernels.fill(to, value, 0, out.length);
  },

  affine({ x, out, scale, shift }, { kernels, memory }) {
    kernels.affine(memory.input(x), memory.output(out), scale, shift, 0, out.length);
  },

  accumulate({ x, out, scale }, { kernels, memory }) {
    const from = memory.input(x);
    if (memory.standsForZeros(out)) kernels.affine(from, memory.output(out), scale, 0, 0, out.length);
    else kernels.accumulate(from, memory.input(out), scale, 0, out.length);
  },

  unary({ operation, x, out, parameter }, { kernels, memory }) {
    kernels.unary(unaryOperations[operation], memory.input(x), memory.output(out), parameter, 0, out.length);
  },

  unaryGradient({ operation, x, y, gradient, out, parameter }, { kernels, memory }) {
    kernels.unaryGradient(
      unaryOperations[operation],
      memory.input(x),
      memory.input(y),
      memory.input(gradient),
      memory.output(out),
      parameter,
      0,
      out.length,
    );
  },

  biasActivation({ operation, x, bias, out, parameter, seed, probability }, { kernels, memory }) {
    const from = memory.input(x);
    const added = bias === null ? NO_BIAS : memory.input(bias);
    const to = memory.output(out);
    const threshold = dropThreshold(probability);
    if (bias === null && operation === null && threshold === 0) {
      kernels.affine(from, to, 1, 0, 0, out.length);
      return;
    }
    const number = operation === null ? NO_OPERATION : unaryOperations[operation];
    const scale = 1 / (1 - probability);
    const width = bias?.length ?? 0;
    kernels.biasActivation(number, from, added, to, width, parameter, seed, threshold, scale, 0, out.length);
  },

  biasActivationGradient(args, { kernels, memory, packed }) {
    const { operation, x, bias, y, gradient, out, parameter, seed, probability } = args;
    kernels.biasActivationGradient(
      unaryOperations[operation],
      memory.input(x),
      bias === null ? NO_BIAS : memory.input(bias),
      memory.input(y),
      memory.input(gradient),
      memory.output(out),
      bias?.length ?? 0,
      parameter,
      seed,
      dropThreshold(probability),
      1 / (1 - probability),
      packed,
      0,
      out.length,
    );
  },

  dropout({ x, out, seed, probability }, { kernels, memory }) {
    const threshold = dropThreshold(probability);
    kernels.dropout(memory.input(x), memory.output(out), seed, threshold, 1 / (1 - probability), 0, out.length);
  },

  adam(args, { kernels, memory }) {
    kernels.adam(
      memory.input(args.parameter),
      memory.input(args.gradient),
      memory.input(args.firstMoment),
      memory.input(args.secondMoment),
      args.learningRate,
      args.beta1,
      1 - args.beta1,
      args.beta2,
      1 - args.beta2,
      args.epsilon,
      args.decoupled ? 0 : args.weightDecay,
      args.decoupled ? args.weightDecay : 0,
      1 / args.correction1,
      1 / args.correction2,
      0,
      args.parameter.length,
    );
  },
};
