import { sizeOf } from "../tensor/shapes.ts";
import type { ArgumentChecks, Check } from "./argument-check.ts";
import type { FloatBuffer, IndexBuffer } from "./buffers.ts";
import type { BiasActivationArguments, KernelName } from "./kernels.ts";

type GeneralName = Exclude<
  KernelName,
  | "segmentEntmax"
  | "segmentEntmaxGradient"
  | "segmentHardmax"
  | "denseAttention"
  | "denseAttentionGradient"
  | "gruGates"
  | "gruGatesGradient"
  | "lstmGates"
  | "lstmGatesGradient"
>;

/** Inputs and output are `[positions, heads]`, over the rows of `offsets`. */
export function checkSegments(
  check: Check,
  args: { readonly offsets: IndexBuffer; readonly out: FloatBuffer; readonly heads: number },
): void {
  const { offsets, heads } = args;
  check.separate(args, "out");
  check.counts({ heads });
  check.alike(args, check.structure(offsets).positions * heads);
}

/** Inputs are as long as the output. */
function checkElements(check: Check, args: { readonly out: FloatBuffer }): void {
  check.separate(args, "out");
  check.alike(args, args.out.length);
}

/** The same of rows of `width` numbers. */
function checkRows(check: Check, args: { readonly out: FloatBuffer; readonly width: number }): void {
  const { out, width } = args;
  check.counts({ width });
  checkElements(check, args);
  if (width === 0 ? out.length > 0 : out.length % width !== 0) check.refuse(`width ${width}`, "whole rows");
}

function checkBiasActivation(check: Check, args: BiasActivationArguments): void {
  const { bias, out, probability } = args;
  check.separate(args, "out");
  check.lengths(args, { x: out.length });
  if (bias !== null && (bias.length === 0 ? out.length > 0 : out.length % bias.length !== 0)) {
    check.refuse(`a bias of ${bias.length} numbers for ${out.length}`, "a count that divides that of x");
  }
  check.probability(probability);
}

/** What every engine's kernels are given, but for those of families that are checked in files of their own. */
export const generalChecks: ArgumentChecks<GeneralName> = {
  fill() {},

  stridedCopy(args, check) {
    const { x, shape, strides, offset } = args;
    check.separate(args, "out");
    check.strided(x, "x", shape, strides, offset);
    check.lengths(args, { out: sizeOf(shape) });
  },

  stridedAdd(args, check) {
    const { out, shape, strides, offset } = args;
    check.separate(args, "out");
    check.strided(out, "out", shape, strides, offset);
    check.lengths(args, { x: sizeOf(shape) });
  },

  affine: (args, check) => check.alike(args, args.out.length),

  accumulate: (args, check) => checkElements(check, args),

  unary: (args, check) => checkElements(check, args),

  unaryGradient: (args, check) => checkElements(check, args),

  biasActivation: (args, check) => checkBiasActivation(check, args),

  biasActivationGradient(args, check) {
    checkBiasActivation(check, args);
    check.lengths(args, { y: args.out.length, gradient: args.out.length });
  },

  binary(args, check) {
    const { a, b, shape, aStrides, bStrides } = args;
    check.separate(args, "out");
    check.strided(a, "a", shape, aStrides, 0);
    check.strided(b, "b", shape, bStrides, 0);
    check.lengths(args, { out: sizeOf(shape) });
  },

  reduce(args, check) {
    const { outer, length, inner } = args;
    check.separate(args, "out");
    check.counts({ outer, length, inner });
    check.lengths(args, { x: outer * length * inner, out: outer * inner });
  },

  matmul(args, check) {
    const { batch, m, k, n } = args;
    check.separate(args, "out");
    check.counts({ batch, m, k, n });
    check.lengths(args, { a: batch * m * k, b: batch * k * n, out: batch * m * n });
  },

  sparseMatmul(args, check) {
    const { offsets, indices, values, permutation, dense, width } = args;
    check.separate(args, "out");
    check.counts({ width });
    const { rows, positions } = check.structure(offsets);
    check.lengths(args, { indices: positions, out: rows * width });
    check.rowsOf("indices", indices, dense, width);
    if (values !== null) check.entries(permutation, positions, values.length);
  },

  gatherRows(args, check) {
    const { x, index, width } = args;
    check.separate(args, "out");
    check.counts({ width });
    check.rowsOf("index", index, x, width);
    check.lengths(args, { out: index.length * width });
  },

  segmentSum(args, check) {
    const { x, offsets, permutation, width } = args;
    check.separate(args, "out");
    check.counts({ width });
    const { rows, positions } = check.structure(offsets);
    if (width > 0) check.entries(permutation, positions, Math.floor(x.length / width));
    check.lengths(args, { out: rows * width });
  },

  segmentSoftmax: (args, check) => checkSegments(check, args),

  segmentSoftmaxGradient: (args, check) => checkSegments(check, args),

  edgeWeightedSum(args, check) {
    const { weights, offsets, columns, permutation, values, heads, channels } = args;
    check.separate(args, "out");
    check.counts({ heads, channels });
    const { rows, positions } = check.structure(offsets);
    check.lengths(args, { columns: positions, out: rows * heads * channels });
    check.rowsOf("columns", columns, values, heads * channels);
    if (heads > 0) check.entries(permutation, positions, Math.floor(weights.length / heads));
  },

  edgeDot(args, check) {
    const { a, aRows, b, bRows, heads, channels } = args;
    check.separate(args, "out");
    check.counts({ heads, channels });
    check.lengths(args, { bRows: aRows.length, out: aRows.length * heads });
    check.rowsOf("aRows", aRows, a, heads * channels);
    check.rowsOf("bRows", bRows, b, heads * channels);
  },

  headDots(args, check) {
    check.separate(args, "out");
    check.headRows(args.out, args.one, args.x, args);
  },

  addHeadProducts(args, check) {
    check.separate(args, "out");
    check.headRows(args.weights, args.one, args.out, args);
  },

  headSums(args, check) {
    check.separate(args, "out");
    check.headRows(args.weights, args.out, args.x, args);
  },

  logSoftmax: (args, check) => checkRows(check, args),

  logSoftmaxGradient: (args, check) => checkRows(check, args),

  dropout(args, check) {
    checkElements(check, args);
    check.probability(args.probability);
  },

  adam(args, check) {
    check.separate(args, "parameter", "firstMoment", "secondMoment");
    check.alike(args, args.parameter.length);
  },
};
