import type { FloatBuffer, IndexBuffer } from "./buffers.ts";

/**
 * What both kernels of dense attention read. Receiver `i` attends to the senders from `starts[i]` to `ends[i] - 1`, to none where
 * `ends[i] <= starts[i]`. For each head `h` by itself,
 *
 *     logit_ij  = scale * sum over c of query[i, h, c] * key[j, h, c]
 *     weight_ij = exp(logit_ij) / sum over the run's j of exp(logit_ij)
 *
 * without overflow. What a receiver does not attend to does not reach it, be it NaN. A run whose logits are all -Infinity has weights
 * of 0.
 */
export interface DenseAttentionInputs {
  /** `[receivers, heads, channels]`. */
  query: FloatBuffer;
  /** `[senders, heads, channels]`. */
  key: FloatBuffer;
  /** `[senders, heads, valueChannels]`. */
  value: FloatBuffer;
  /** `[receivers]`. */
  starts: IndexBuffer;
  /** `[receivers]`, none above `senders`. */
  ends: IndexBuffer;
  /** Count of senders. */
  senders: number;
  /** Count of heads. */
  heads: number;
  /** Width of query and key for each head. */
  channels: number;
  /** Width of value for each head. */
  valueChannels: number;
  /** What inner products are multiplied by. */
  scale: number;
  /** With which a weight is dropped: weights are 0 or divided by `1 - probability`, as the kernel `dropout` has it. */
  probability: number;
  /** Of the mask, in which the element of receiver `i`, sender `j` and head `h` is `(i * senders + j) * heads + h` modulo 2^32. */
  seed: number;
}

/** Fills `out` and `logSum`. Takes memory of its own that does not grow with receivers or senders. */
export interface DenseAttentionArguments extends DenseAttentionInputs {
  /** `out[i, h, :] = sum over the run's j of dropout(weight_ij) * value[j, h, :]`, `[receivers, heads, valueChannels]`; zeros for no senders. */
  out: FloatBuffer;
  /** The natural logarithm of the sum of the exponentials of the logits, `[receivers, heads]`; -Infinity for no senders. */
  logSum: FloatBuffer;
}

/**
 * Fills the gradients that are not null, from that of the output. The weights are computed again from `logSum`; takes memory of its own of
 * receivers x heads numbers.
 */
export interface DenseAttentionGradientArguments extends DenseAttentionInputs {
  /** The `out` of the kernel `denseAttention` with the same inputs. */
  output: FloatBuffer;
  /** The `logSum` of the kernel `denseAttention` with the same inputs. */
  logSum: FloatBuffer;
  /** With respect to the output, and of its shape. */
  gradient: FloatBuffer;
  /** `[receivers, heads, channels]`. */
  queryGradient: FloatBuffer | null;
  /** `[senders, heads, channels]`. */
  keyGradient: FloatBuffer | null;
  /** `[senders, heads, valueChannels]`. */
  valueGradient: FloatBuffer | null;
}
