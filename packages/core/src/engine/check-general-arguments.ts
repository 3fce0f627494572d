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

/** The count of multi-indices of a shape. */
function size(shape: readonly number[]): number {
  return shape.reduce((product, count) => product * count, 1);
}

/** Inputs and output are `[positions, heads]`, over the rows of `offsets`. */
export function checkSegments(
  check: Check,
  inputs: Readonly<Record<string, FloatBuffer>>,
  { offsets, out, heads }: { readonly offsets: IndexBuffer; readonly out: FloatBuffer; readonly heads: number },
): void {
  check.separate(out, ...Object.values(inputs));
  check.counts({ heads });
  const { positions } = check.structure(offsets);
  for (const [name, input] of Object.entries(inputs)) check.length(name, input, positions * heads);
  check.length("out", out, positions * heads);
}

export function checkProbability(check: Check, probability: number): void {
  if (!(probability >= 0 && probability < 1)) check.refuse(`probability ${probability}`, "0 or more, and less than 1");
}

function checkBiasActivation(check: Check, { x, bias, out, probability }: BiasActivationArguments): void {
  check.separate(out, x, bias);
  check.length("x", x, out.length);
  if (bias !== null && (bias.length === 0 ? out.length > 0 : out.length % bias.length !== 0)) {
    check.refuse(`a bias of ${bias.length} numbers for ${out.length}`, "a count that divides that of x");
  }
  checkProbability(check, probability);
}

/** What every engine's kernels are given, but for those of families that are checked in files of their own. */
export const generalChecks: ArgumentChecks<GeneralName> = {
  fill() {},

  stridedCopy({ x, out, shape, strides, offset }, check) {
    check.separate(out, x);
    check.strided(x, "x", shape, strides, offset);
    check.length("out", out, size(shape));
  },

  stridedAdd({ x, out, shape, strides, offset }, check) {
    check.separate(out, x);
    check.strided(out, "out", shape, strides, offset);
    check.length("x", x, size(shape));
  },

  affine({ x, out }, check) {
    check.length("x", x, out.length);
  },

  accumulate({ x, out }, check) {
    check.separate(out, x);
    check.length("x", x, out.length);
  },

  unary({ x, out }, check) {
    check.separate(out, x);
    check.length("x", x, out.length);
  },

  unaryGradient({ x, y, gradient, out }, check) {
    check.separate(out, x, y, gradient);
    check.length("x", x, out.length);
    check.length("y", y, out.length);
    check.length("gradient", gradient, out.length);
  },

  biasActivation(args, check) {
    checkBiasActivation(check, args);
  },

  biasActivationGradient({ y, gradient, ...args }, check) {
    checkBiasActivation(check, args);
    check.separate(args.out, y, gradient);
    check.length("y", y, args.out.length);
    check.length("gradient", gradient, args.out.length);
  },

  binary({ a, b, out, shape, aStrides, bStrides }, check) {
    check.separate(out, a, b);
    check.strided(a, "a", shape, aStrides, 0);
    check.strided(b, "b", shape, bStrides, 0);
    check.length("out", out, size(shape));
  },

  reduce({ x, out, outer, length, inner }, check) {
    check.separate(out, x);
    check.counts({ outer, length, inner });
    check.length("x", x, outer * length * inner);
    check.length("out", out, outer * inner);
  },

  matmul({ a, b, out, batch, m, k, n }, check) {
    check.separate(out, a, b);
    check.counts({ batch, m, k, n });
    check.length("a", a, batch * m * k);
    check.length("b", b, batch * k * n);
    check.length("out", out, batch * m * n);
  },

  sparseMatmul({ offsets, indices, values, permutation, dense, out, width }, check) {
    check.separate(out, values, dense);
    check.counts({ width });
    const { rows, positions } = check.structure(offsets);
    check.length("indices", indices, positions);
    check.rowsOf("indices", indices, dense, width);
    if (values !== null) check.entries(permutation, positions, values.length);
    check.length("out", out, rows * width);
  },

  gatherRows({ x, index, out, width }, check) {
    check.separate(out, x);
    check.counts({ width });
    check.rowsOf("index", index, x, width);
    check.length("out", out, index.length * width);
  },

  segmentSum({ x, offsets, permutation, out, width }, check) {
    check.separate(out, x);
    check.counts({ width });
    const { rows, positions } = check.structure(offsets);
    if (width > 0) check.entries(permutation, positions, Math.floor(x.length / width));
    check.length("out", out, rows * width);
  },

  segmentSoftmax({ logits, ...segments }, check) {
    checkSegments(check, { logits }, segments);
  },

  segmentSoftmaxGradient({ weights, gradient, ...segments }, check) {
    checkSegments(check, { weights, gradient }, segments);
  },

  edgeWeightedSum({ weights, offsets, columns, permutation, values, out, heads, channels }, check) {
    check.separate(out, weights, values);
    check.counts({ heads, channels });
    const { rows, positions } = check.structure(offsets);
    check.length("columns", columns, positions);
    check.rowsOf("columns", columns, values, heads * channels);
    if (heads > 0) check.entries(permutation, positions, Math.floor(weights.length / heads));
    check.length("out", out, rows * heads * channels);
  },

  edgeDot({ a, aRows, b, bRows, out, heads, channels }, check) {
    check.separate(out, a, b);
    check.counts({ heads, channels });
    check.length("bRows", bRows, aRows.length);
    check.rowsOf("aRows", aRows, a, heads * channels);
    check.rowsOf("bRows", bRows, b, heads * channels);
    check.length("out", out, aRows.length * heads);
  },

  headDots({ x, one, out, heads, channels }, check) {
    check.separate(out, x, one);
    check.headRows(out, one, x, heads, channels);
  },

  addHeadProducts({ weights, one, out, heads, channels }, check) {
    check.separate(out, weights, one);
    check.headRows(weights, one, out, heads, channels);
  },

  headSums({ weights, x, out, heads, channels }, check) {
    check.separate(out, weights, x);
    check.headRows(weights, out, x, heads, channels);
  },

  logSoftmax({ x, out, width }, check) {
    check.separate(out, x);
    check.counts({ width });
    check.length("x", x, out.length);
    if (width === 0 ? out.length > 0 : out.length % width !== 0) check.refuse(`width ${width}`, "whole rows");
  },

  logSoftmaxGradient({ y, gradient, out, width }, check) {
    check.separate(out, y, gradient);
    check.counts({ width });
    check.length("y", y, out.length);
    check.length("gradient", gradient, out.length);
    if (width === 0 ? out.length > 0 : out.length % width !== 0) check.refuse(`width ${width}`, "whole rows");
  },

  dropout({ x, out, probability }, check) {
    check.separate(out, x);
    check.length("x", x, out.length);
    checkProbability(check, probability);
  },

  adam({ parameter, gradient, firstMoment, secondMoment }, check) {
    check.separate(parameter, gradient, firstMoment, secondMoment);
    check.separate(firstMoment, gradient, secondMoment);
    check.separate(secondMoment, gradient);
    check.length("gradient", gradient, parameter.length);
    check.length("firstMoment", firstMoment, parameter.length);
    check.length("secondMoment", secondMoment, parameter.length);
  },
};
