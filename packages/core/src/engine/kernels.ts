import type { FloatBuffer, IndexBuffer } from "./buffers.ts";
import type { DenseAttentionArguments, DenseAttentionGradientArguments } from "./dense-attention-kernels.ts";
import type {
  GRUGatesGradientArguments,
  LSTMGatesGradientArguments,
  RecurrentGatesArguments,
} from "./recurrent-kernels.ts";

/**
 * Element-wise functions of one number. `a` is the kernel's `parameter`.
 *
 * | name | value |
 * |---|---|
 * | negate | -x |
 * | exp, log, sqrt, square, abs, tanh, sin, cos | as named |
 * | reciprocal | 1 / x |
 * | relu | max(x, 0) |
 * | leakyRelu | x where x > 0, else a x |
 * | elu | x where x > 0, else a (exp(x) - 1) |
 * | sigmoid | 1 / (1 + exp(-x)) |
 * | softplus | log(1 + exp(x)), without overflow |
 * | step | 1 where x > 0, else 0 |
 * | gelu | x Phi(x), where Phi is the normal distribution |
 */
export type UnaryOperation =
  | "negate"
  | "exp"
  | "log"
  | "sqrt"
  | "square"
  | "abs"
  | "tanh"
  | "sin"
  | "cos"
  | "reciprocal"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "sigmoid"
  | "softplus"
  | "step"
  | "gelu";

/** Element-wise functions of two numbers. */
export type BinaryOperation = "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum";

/** What `biasActivation` reads and writes; its gradient reads the same `x`. */
export interface BiasActivationArguments {
  /** The activation; null for none. */
  operation: UnaryOperation | null;
  /** What the bias is added to. */
  x: FloatBuffer;
  /** One number for each column: its length divides that of `x`. */
  bias: FloatBuffer | null;
  /** Of the length of `x`. */
  out: FloatBuffer;
  /** Of the activation, such as the slope of a leaky ReLU; read by those that have one. */
  parameter: number;
  /** Which elements are dropped, with `probability`; see {@link keepsElement}. */
  seed: number;
  /** With which an element is dropped; 0 for none. */
  probability: number;
}

/**
 * The kernels that every engine runs, by name, with their arguments. `out` is always written whole and never read, unless said
 * otherwise; `out` never overlaps an input, unless said otherwise. Matrices are stored row after row. `offsets` is the row
 * starts of a CSR structure (rows + 1 ascending numbers): row `i` owns the positions `offsets[i]` to `offsets[i + 1] - 1`.
 * Positions map to stored entries directly, or through `permutation` when it is not null: entry `permutation[p]`.
 *
 * Sums run in a fixed order, so that equal inputs give equal bits, whatever the number of threads.
 */
export interface KernelArguments {
  /** `out[i] = value`. */
  fill: { out: FloatBuffer; value: number };

  /**
   * `out` at the multi-index `m` (of `shape`, row-major) is `x[offset + sum_d m[d] * strides[d]]`. Broadcasts (stride 0),
   * transposes, and slices. At most 6 dimensions.
   */
  stridedCopy: {
    x: FloatBuffer;
    out: FloatBuffer;
    shape: readonly number[];
    strides: readonly number[];
    offset: number;
  };

  /** The reverse of a slice: `out[offset + sum_d m[d] * strides[d]] += x[m]`. Reads `out`. Strides never make two `m` meet. */
  stridedAdd: {
    x: FloatBuffer;
    out: FloatBuffer;
    shape: readonly number[];
    strides: readonly number[];
    offset: number;
  };

  /** `out[i] = scale * x[i] + shift`. `out` may be `x`. */
  affine: { x: FloatBuffer; out: FloatBuffer; scale: number; shift: number };

  /** `out[i] += scale * x[i]`. Reads `out`. */
  accumulate: { x: FloatBuffer; out: FloatBuffer; scale: number };

  /** `out[i] = operation(x[i])`. */
  unary: { operation: UnaryOperation; x: FloatBuffer; out: FloatBuffer; parameter: number };

  /** `out[i] = gradient[i] * operation'(x[i])`, where `y = operation(x)` is given because some derivatives are simpler in it. */
  unaryGradient: {
    operation: UnaryOperation;
    x: FloatBuffer;
    y: FloatBuffer;
    gradient: FloatBuffer;
    out: FloatBuffer;
    parameter: number;
  };

  /**
   * What follows a linear layer, in one pass: `out[i] = dropout(operation(x[i] + bias[i modulo its length]))`, dropout as in the kernel of that
   * name. No bias where `bias` is null, no function where `operation` is.
   */
  biasActivation: BiasActivationArguments;

  /** The gradient of `x` in `biasActivation`, which gave `y`, from that of its result. */
  biasActivationGradient: BiasActivationArguments & {
    operation: UnaryOperation;
    y: FloatBuffer;
    gradient: FloatBuffer;
  };

  /**
   * `out[m] = operation(a[sum_d m[d] * aStrides[d]], b[sum_d m[d] * bStrides[d]])` over the multi-indices `m` of `shape`;
   * a stride of 0 broadcasts. At most 6 dimensions.
   */
  binary: {
    operation: BinaryOperation;
    a: FloatBuffer;
    b: FloatBuffer;
    out: FloatBuffer;
    shape: readonly number[];
    aStrides: readonly number[];
    bStrides: readonly number[];
  };

  /** `x` is `[outer, length, inner]`; `out`, `[outer, inner]`, is the sum or the maximum over `length`. The maximum of nothing is -Infinity. */
  reduce: { operation: "sum" | "max"; x: FloatBuffer; out: FloatBuffer; outer: number; length: number; inner: number };

  /**
   * `out[b] = A[b] B[b]` for `batch` pairs: `A` is `[m, k]` (stored `[k, m]` when `transposeA`), `B` is `[k, n]` (stored
   * `[n, k]` when `transposeB`), `out` is `[m, n]`.
   */
  matmul: {
    a: FloatBuffer;
    b: FloatBuffer;
    out: FloatBuffer;
    batch: number;
    m: number;
    k: number;
    n: number;
    transposeA: boolean;
    transposeB: boolean;
  };

  /**
   * CSR times dense: `out[i, :] = sum over positions p of row i of value(p) * dense[indices[p], :]`, `out` is
   * `[rows, width]`. `value(p)` is 1 when `values` is null. What is stored and zero is as if it were not stored: it takes nothing of a row, even
   * where that is not finite.
   */
  sparseMatmul: {
    offsets: IndexBuffer;
    indices: IndexBuffer;
    values: FloatBuffer | null;
    permutation: IndexBuffer | null;
    dense: FloatBuffer;
    out: FloatBuffer;
    width: number;
  };

  /** `out[r, :] = x[index[r], :]`, rows of `width` numbers. */
  gatherRows: { x: FloatBuffer; index: IndexBuffer; out: FloatBuffer; width: number };

  /** `out[i, :] = sum over positions p of row i of x[entry(p), :]`, rows of `width` numbers. An empty row gives zeros. */
  segmentSum: {
    x: FloatBuffer;
    offsets: IndexBuffer;
    permutation: IndexBuffer | null;
    out: FloatBuffer;
    width: number;
  };

  /**
   * Softmax over the positions of each row, for each head by itself: `out[p, h] = exp(logits[p, h] - max) / sum`, where max
   * and sum run over the row of `p`. `logits` and `out` are `[entries, heads]`. A row whose logits are all -Infinity gives zeros.
   */
  segmentSoftmax: { logits: FloatBuffer; offsets: IndexBuffer; out: FloatBuffer; heads: number };

  /** `out[p, h] = weights[p, h] * (gradient[p, h] - sum over the row's q of weights[q, h] * gradient[q, h])`. */
  segmentSoftmaxGradient: {
    weights: FloatBuffer;
    gradient: FloatBuffer;
    offsets: IndexBuffer;
    out: FloatBuffer;
    heads: number;
  };

  /**
   * Entmax (Peters, Niculae, Martins, 2019) over the positions of each row, for each head by itself:
   * `out[p, h] = max((alpha - 1) logits[p, h] - tau, 0)^(1 / (alpha - 1))` with the tau for which the row sums to 1. `alpha` 2 is sparsemax.
   * A row whose logits are all -Infinity gives zeros; one with NaN or Infinity, NaN.
   */
  segmentEntmax: { logits: FloatBuffer; offsets: IndexBuffer; out: FloatBuffer; heads: number; alpha: 1.5 | 2 };

  /**
   * `out[p, h] = s[p, h] * (gradient[p, h] - sum of s * gradient / sum of s)`, the sums over the row of `p`, with
   * `s = weights^(2 - alpha)` where a weight is positive, else 0.
   */
  segmentEntmaxGradient: {
    weights: FloatBuffer;
    gradient: FloatBuffer;
    offsets: IndexBuffer;
    out: FloatBuffer;
    heads: number;
    alpha: 1.5 | 2;
  };

  /**
   * 1 at the largest logit of each row, the first of equal ones, and 0 elsewhere, for each head by itself. A row whose logits are all
   * -Infinity gives zeros; one with NaN, NaN.
   */
  segmentHardmax: { logits: FloatBuffer; offsets: IndexBuffer; out: FloatBuffer; heads: number };

  /**
   * The weighted sum over neighborhoods: `out[i, h, :] = sum over positions p of row i of
   * weights[entry(p), h] * values[columns[p], h, :]`. `out` is `[rows, heads, channels]`.
   */
  edgeWeightedSum: {
    weights: FloatBuffer;
    offsets: IndexBuffer;
    columns: IndexBuffer;
    permutation: IndexBuffer | null;
    values: FloatBuffer;
    out: FloatBuffer;
    heads: number;
    channels: number;
  };

  /** `out[p, h] = sum over c of a[aRows[p], h, c] * b[bRows[p], h, c]`. */
  edgeDot: {
    a: FloatBuffer;
    aRows: IndexBuffer;
    b: FloatBuffer;
    bRows: IndexBuffer;
    out: FloatBuffer;
    heads: number;
    channels: number;
  };

  /** `out[r, h] = sum over c of x[r, h, c] * one[h, c]`: each row of `x` with the only one of `one`. */
  headDots: { x: FloatBuffer; one: FloatBuffer; out: FloatBuffer; heads: number; channels: number };

  /** `out[r, h, c] += weights[r, h] * one[h, c]`. */
  addHeadProducts: { weights: FloatBuffer; one: FloatBuffer; out: FloatBuffer; heads: number; channels: number };

  /** `out[h, c] = sum over r of weights[r, h] * x[r, h, c]`. */
  headSums: { weights: FloatBuffer; x: FloatBuffer; out: FloatBuffer; heads: number; channels: number };

  /** Attention by scaled dot product and softmax over runs of senders, with nothing of receivers x senders numbers. */
  denseAttention: DenseAttentionArguments;

  /** The gradients of `denseAttention`, with nothing of receivers x senders numbers. */
  denseAttentionGradient: DenseAttentionGradientArguments;

  /** The gates and the state of one step of gated recurrent units, in one pass. */
  gruGates: RecurrentGatesArguments;

  /** The gradients of `gruGates`. */
  gruGatesGradient: GRUGatesGradientArguments;

  /** The gates and the state of one step of long short-term memory, in one pass. */
  lstmGates: RecurrentGatesArguments;

  /** The gradients of `lstmGates`. */
  lstmGatesGradient: LSTMGatesGradientArguments;

  /** `out[r, :] = x[r, :] - log(sum(exp(x[r, :])))` for rows of `width` numbers, without overflow. */
  logSoftmax: { x: FloatBuffer; out: FloatBuffer; width: number };

  /** `out[r, :] = gradient[r, :] - exp(y[r, :]) * sum(gradient[r, :])`, where `y` is the log-softmax. */
  logSoftmaxGradient: { y: FloatBuffer; gradient: FloatBuffer; out: FloatBuffer; width: number };

  /**
   * `out[i] = x[i] / (1 - probability)` where {@link keepsElement}`(seed, i, probability)`, else 0. The mask is a function
   * of the seed and the position alone: it is recomputed for the gradient and never stored, and every engine has the same.
   */
  dropout: { x: FloatBuffer; out: FloatBuffer; seed: number; probability: number };

  /**
   * One step of Adam (Kingma and Ba, 2015) or AdamW (Loshchilov and Hutter, 2019), in place:
   * `g = gradient + (decoupled ? 0 : weightDecay * p)`; `m = beta1 m + (1 - beta1) g`; `v = beta2 v + (1 - beta2) g²`;
   * `p = p - learningRate * ((m / correction1) / (sqrt(v / correction2) + epsilon) + (decoupled ? weightDecay * p : 0))`.
   * Reads and writes `parameter`, `firstMoment`, `secondMoment`.
   */
  adam: {
    parameter: FloatBuffer;
    gradient: FloatBuffer;
    firstMoment: FloatBuffer;
    secondMoment: FloatBuffer;
    learningRate: number;
    beta1: number;
    beta2: number;
    epsilon: number;
    weightDecay: number;
    decoupled: boolean;
    correction1: number;
    correction2: number;
  };
}

/** The name of a kernel: a key of {@link KernelArguments}. */
export type KernelName = keyof KernelArguments;

/**
 * Whether dropout keeps the element `index`: a hash of seed and index (the finaliser of lowbias32, C. Wellons) compared
 * with `probability * 2^32`. Part of the contract: every engine must give this mask.
 */
export function keepsElement(seed: number, index: number, probability: number): boolean {
  return hashElement(seed, index) >= dropThreshold(probability);
}

/** The unsigned 32-bit hash behind {@link keepsElement}. */
export function hashElement(seed: number, index: number): number {
  let x = (Math.imul(index, 0x9e3779b9) + seed) | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** Hashes below this are dropped: `probability` in units of 2^-32. */
export function dropThreshold(probability: number): number {
  return Math.min(0xffffffff, Math.round(probability * 0x1_0000_0000));
}
