import { Matrix } from "ml-matrix";
import type { FeedForward } from "../nn/feed-forward.ts";
import type { LayerNorm } from "../nn/layer-norm.ts";
import type { Linear } from "../nn/linear.ts";
import type { Module } from "../nn/module.ts";
import type { MultiHeadAttention } from "../nn/multi-head-attention.ts";
import type { TransformerDecoderLayer } from "../nn/transformer/decoder-layer.ts";
import type { TransformerEncoderLayer } from "../nn/transformer/encoder-layer.ts";
import type { Residual } from "../nn/transformer/residual.ts";
import { Random } from "../random.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * The published formulas of transformers in float64, written out with ml-matrix: they read the parameters of a module and nothing else of
 * it.
 */

/** Random parameters, biases and normalizations included, so that none can be forgotten unseen. */
export function scramble(module: Module, seed = 1): void {
  const random = new Random(seed);
  for (const parameter of module.parameters()) {
    parameter.set(Float64Array.from({ length: parameter.size }, () => random.uniform(-0.8, 0.8)));
  }
}

/** Counts what is drawn: a mask of dropout takes one draw. */
export class CountingRandom extends Random {
  drawn = 0;

  override bits(): number {
    this.drawn++;
    return super.bits();
  }
}

/** Random numbers from -1 to 1. */
export function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = new Random(seed);
  return Matrix.from1DArray(
    rows,
    columns,
    Array.from({ length: rows * columns }, () => random.uniform(-1, 1)),
  );
}

/** Who attends to whom, what is added to a logit, and where elements stand. */
export interface AttentionFormulaOptions {
  readonly attends?: (receiver: number, sender: number) => boolean;
  readonly bias?: (receiver: number, sender: number, head: number) => number;
  /** Positions of receivers and senders: queries and keys are turned by them. */
  readonly rotary?: {
    readonly receivers: readonly number[];
    readonly senders: readonly number[];
    readonly base: number;
  };
  /** Default: `dot(query, key) / sqrt(channels)`. */
  readonly score?: (query: readonly number[], key: readonly number[], head: number) => number;
}

/** `x W^T + b`. */
export function linearFormula(x: Matrix, { weight, bias }: Linear): Matrix {
  const product = x.mmul(weight.toMatrix().transpose());
  return bias === undefined ? product : product.addRowVector(Array.from(bias.dataSync()));
}

/** `concat over heads of (softmax(score(Q_h, K_h)) V_h) W_o^T + b_o`, with the weights of each head `[receivers, senders]`. */
export function attentionFormula(
  attention: MultiHeadAttention,
  x: Matrix,
  keyMemory: Matrix,
  valueMemory: Matrix,
  { attends = () => true, bias = () => 0, rotary, score }: AttentionFormulaOptions = {},
): { readonly output: Matrix; readonly weights: readonly Matrix[] } {
  const { heads, keyValueHeads, channels, valueChannels } = attention;
  const queries = linearFormula(x, attention.queryProjection);
  const keys = linearFormula(keyMemory, attention.keyProjection);
  const values = linearFormula(valueMemory, attention.valueProjection);
  const outputs = Matrix.zeros(x.rows, heads * valueChannels);
  const weights = Array.from({ length: heads }, (_, head) => {
    const shared = Math.floor((head * keyValueHeads) / heads);
    const query = (i: number) => {
      const row = queries.getRow(i).slice(head * channels, (head + 1) * channels);
      return rotary === undefined ? row : turned(row, rotary.receivers[i]!, rotary.base);
    };
    const key = (j: number) => {
      const row = keys.getRow(j).slice(shared * channels, (shared + 1) * channels);
      return rotary === undefined ? row : turned(row, rotary.senders[j]!, rotary.base);
    };
    const scaledDot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((total, number, c) => total + number * b[c]!, 0) / Math.sqrt(channels);
    const ofHead = Matrix.zeros(x.rows, keyMemory.rows);
    for (let i = 0; i < x.rows; i++) {
      for (let j = 0; j < keyMemory.rows; j++) {
        const logit = score === undefined ? scaledDot(query(i), key(j)) : score(query(i), key(j), head);
        if (attends(i, j)) ofHead.set(i, j, Math.exp(logit + bias(i, j, head)));
      }
      const total = ofHead.getRow(i).reduce((a, b) => a + b, 0);
      if (total > 0) ofHead.mulRow(i, 1 / total);
    }
    const ofValues = values.subMatrix(0, values.rows - 1, shared * valueChannels, (shared + 1) * valueChannels - 1);
    outputs.setSubMatrix(ofHead.mmul(ofValues), 0, head * valueChannels);
    return ofHead;
  });
  return { output: linearFormula(outputs, attention.outputProjection), weights };
}

/** Each pair of neighbouring channels as a complex number, times `e^(i position base^(-2k / channels))`. */
function turned(row: readonly number[], position: number, base: number): number[] {
  const result: number[] = [];
  for (let c = 0; c < row.length; c += 2) {
    const angle = position * base ** (-c / row.length);
    const [real, imaginary] = [row[c]!, row[c + 1]!];
    result.push(real * Math.cos(angle) - imaginary * Math.sin(angle));
    result.push(real * Math.sin(angle) + imaginary * Math.cos(angle));
  }
  return result;
}

/** `(x - mean) / sqrt(variance + epsilon) * weight + bias` for each row. */
export function layerNormFormula(x: Matrix, { weight, bias, epsilon }: LayerNorm): Matrix {
  const [scale, shift] = [weight.dataSync(), bias.dataSync()];
  const rows = x.to2DArray().map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((total, number) => total + (number - mean) ** 2, 0) / row.length;
    return row.map((number, c) => ((number - mean) / Math.sqrt(variance + epsilon)) * scale[c]! + shift[c]!);
  });
  return new Matrix(rows);
}

/** `W_2 act(W_1 x)`, or for SwiGLU `W_2 (silu(W_1 x) * W_3 x)`. */
export function feedForwardFormula(x: Matrix, { activation, expand, gate, contract }: FeedForward): Matrix {
  const expanded = linearFormula(x, expand);
  const factors = gate === undefined ? undefined : linearFormula(x, gate);
  const activated = new Matrix(
    expanded.to2DArray().map((row, i) =>
      row.map((number, c) => {
        if (activation === "relu") return Math.max(0, number);
        if (activation === "gelu") return (number * (1 + erf(number / Math.SQRT2))) / 2;
        return (number / (1 + Math.exp(-number))) * factors!.get(i, c);
      }),
    ),
  );
  return linearFormula(activated, contract);
}

/** The Maclaurin series of the error function: exact to float64 for the small arguments of tests. */
function erf(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** `norm(x + f(x))`, or `x + f(norm(x))`. */
function around(x: Matrix, { normalization, norm }: Residual, sublayer: (x: Matrix) => Matrix): Matrix {
  return normalization === "post"
    ? layerNormFormula(Matrix.add(x, sublayer(x)), norm)
    : Matrix.add(x, sublayer(layerNormFormula(x, norm)));
}

/** Self-attention, then feed-forward, each with a path around it. */
export function encoderLayerFormula(
  layer: TransformerEncoderLayer,
  x: Matrix,
  options: AttentionFormulaOptions = {},
): Matrix {
  const attended = around(
    x,
    layer.selfAttentionResidual,
    (y) => attentionFormula(layer.selfAttention, y, y, y, options).output,
  );
  return around(attended, layer.feedForwardResidual, (y) => feedForwardFormula(y, layer.feedForward));
}

/** Self-attention, attention to the memory, then feed-forward, each with a path around it. */
export function decoderLayerFormula(
  layer: TransformerDecoderLayer,
  x: Matrix,
  memory: Matrix,
  { own = {}, toMemory = {} }: { readonly own?: AttentionFormulaOptions; readonly toMemory?: AttentionFormulaOptions },
): Matrix {
  const attended = around(
    x,
    layer.selfAttentionResidual,
    (y) => attentionFormula(layer.selfAttention, y, y, y, own).output,
  );
  const read = around(
    attended,
    layer.crossAttentionResidual,
    (y) => attentionFormula(layer.crossAttention, y, memory, memory, toMemory).output,
  );
  return around(read, layer.feedForwardResidual, (y) => feedForwardFormula(y, layer.feedForward));
}

/** The largest difference between a tensor and what was expected; infinite when the shapes differ. */
export function differenceFrom(got: Tensor, expected: Matrix): number {
  if (got.shape[0] !== expected.rows || got.shape[1] !== expected.columns) return Number.POSITIVE_INFINITY;
  return Matrix.sub(got.toMatrix(), expected).abs().max();
}
