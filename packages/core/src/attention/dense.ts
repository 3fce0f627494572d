import type { DenseAttentionInputs } from "../engine/dense-attention-kernels.ts";
import { provide } from "../engine/wasm/kernel-set.ts";
import { denseAttentionSet } from "../engine/wasm/sets/dense-attention.ts";
import { expectShape } from "../expect-shape.ts";
import { zeros, zerosForGradient } from "../tensor/create.ts";
import { checkProbability } from "../tensor/dropout.ts";
import { indexBuffer } from "../tensor/indices.ts";
import { record } from "../tensor/record.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The bounds of each receiver's run of senders: see `SenderRuns`. */
interface Runs {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** What attention in tiles reads. */
export interface DenseInputs {
  /** `[receivers, heads, channels]`. */
  readonly query: Tensor;
  /** `[senders, heads, channels]`. */
  readonly key: Tensor;
  /** `[senders, heads, valueChannels]`. */
  readonly value: Tensor;
}

/** Options of attention in tiles. */
export interface DenseOptions {
  /** What the inner product of query and key is multiplied by: `1 / sqrt(channels)` for the scaled dot product. */
  readonly scale: number;
  /** The probability with which a weight is dropped, where there is a `seed`. Default 0. */
  readonly dropout?: number | undefined;
  /** What the dropped weights follow from. Default: none are dropped. */
  readonly seed?: number | undefined;
}

/**
 * Softmax attention over runs of senders,
 *
 *     out_i = sum over j in run_i of softmax_j(scale * dot(q_i, k_j)) * v_j
 *
 * for each head by itself, computed in tiles (Dao et al., 2022: FlashAttention): nothing of receivers x senders numbers is made, neither
 * here nor for the gradient, which keeps one number a receiver and head. A receiver with an empty run gets zeros.
 *
 * @returns `[receivers, heads, valueChannels]`.
 * @throws ShapeError `shapes-differ` naming the input; OptionError `out-of-range` for a dropout probability; EngineError `kernel-arguments`
 * for a run that ends after the last sender.
 */
export function attendDense(
  { starts, ends }: Runs,
  { query, key, value }: DenseInputs,
  { scale, dropout = 0, seed }: DenseOptions,
): Tensor {
  const [, heads = 0, channels = 0] = query.shape;
  const [senders = 0, , valueChannels = 0] = value.shape;
  const where = "attendDense";
  const why = ". Receivers follow from the runs, senders from the value, heads and channels from the query";
  expectShape(where, "query", query, [starts.length, heads, channels], why);
  expectShape(where, "key", key, [senders, heads, channels], why);
  expectShape(where, "value", value, [senders, heads, valueChannels], why);
  checkProbability(where, dropout);
  provide(denseAttentionSet);
  const { engine } = query;
  const inputs = (): DenseAttentionInputs => ({
    query: query.buffer,
    key: key.buffer,
    value: value.buffer,
    starts: indexBuffer(engine, starts),
    ends: indexBuffer(engine, ends),
    senders,
    heads,
    channels,
    valueChannels,
    scale,
    probability: seed === undefined ? 0 : dropout,
    seed: seed ?? 0,
  });
  const logSum = zeros([starts.length, heads], { engine });
  return record({
    name: where,
    shape: [starts.length, heads, valueChannels],
    inputs: [query, key, value],
    forward: (out) => engine.run("denseAttention", { ...inputs(), out, logSum: logSum.buffer }),
    backward: (gradient, output) => {
      const [ofQuery, ofKey, ofValue] = [query, key, value].map(zerosForGradient);
      engine.run("denseAttentionGradient", {
        ...inputs(),
        output: output.buffer,
        logSum: logSum.buffer,
        gradient: gradient.buffer,
        queryGradient: ofQuery?.buffer ?? null,
        keyGradient: ofKey?.buffer ?? null,
        valueGradient: ofValue?.buffer ?? null,
      });
      return [ofQuery, ofKey, ofValue];
    },
  });
}
