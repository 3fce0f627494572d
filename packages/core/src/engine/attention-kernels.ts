import type { Expression, Rank } from "../expression/expression.ts";
import type { FloatBuffer } from "./engine.ts";

/** Edges in compressed rows by receiver, with the same edges by sender: all that fused attention knows of a neighborhood. */
export interface EdgeRows {
  /** `receivers + 1` row starts. */
  readonly offsets: Uint32Array;
  /** The sender of the edge at each position. */
  readonly senderOf: Uint32Array;
  /** The same edges by sender; computed when first read. */
  readonly transposed: {
    readonly offsets: Uint32Array;
    readonly receivers: Uint32Array;
    /** The position by receiver of the edge at each position by sender. */
    readonly permutation: Uint32Array;
  };
}

/** What an engine needs to know to prepare fused attention: everything but the numbers. */
export interface AttentionPlan {
  /** The logit of one edge for one head. Symbols: `query`, `key`, `edge`, and the parameters by name. */
  readonly score: Expression;
  /** Parameters of the score: `"vector"` is `[heads, channels]`, `"scalar"` is `[heads]`. */
  readonly parameters: Readonly<Record<string, Rank>>;
  /** What each edge brings to the score. */
  readonly edge: Rank | "none";
  readonly normalizer: { readonly name: string; readonly options: Readonly<Record<string, number>> };
  readonly heads: number;
  /** Width of query and key for each head. */
  readonly channels: number;
  /** Width of value for each head. */
  readonly valueChannels: number;
  /** The probability with which a weight is dropped; 0 for none. */
  readonly dropout: number;
}

/** The numbers of one call. Shapes: query `[receivers, heads, channels]`, key `[senders, heads, channels]`, value `[senders, heads, valueChannels]`. */
export interface AttentionOperands {
  readonly edges: EdgeRows;
  readonly query: FloatBuffer;
  readonly key: FloatBuffer;
  readonly value: FloatBuffer;
  /** `[edges, heads]` or `[edges, heads, channels]` in the order of `edges`; null when the plan has none. */
  readonly edge: FloatBuffer | null;
  readonly parameters: Readonly<Record<string, FloatBuffer>>;
  /** Seed of the dropout mask; the element of position `p` and head `h` is `p * heads + h`. */
  readonly seed: number;
}

/** Where gradients are written; null for those that nobody asked for. Buffers are zero when handed over. */
export interface AttentionGradients {
  readonly query: FloatBuffer | null;
  readonly key: FloatBuffer | null;
  readonly value: FloatBuffer | null;
  readonly edge: FloatBuffer | null;
  readonly parameters: Readonly<Record<string, FloatBuffer | null>>;
}

/** Fused attention: `out_i = sum over j in N(i) of dropout(normalize(score(q_i, k_j, e_ij))) v_j`, nothing of size edges x channels. */
export interface AttentionKernels {
  /**
   * Fills `out` `[receivers, heads, valueChannels]` and `saved` `[receivers, heads]`, one number a row and head that
   * `backward` needs (for softmax the logarithm of the sum of exponentials).
   */
  forward(operands: AttentionOperands, out: FloatBuffer, saved: FloatBuffer): void;
  /** Fills the gradients, from that of `out`. `out` and `saved` are those of the forward call with the same operands. */
  backward(
    operands: AttentionOperands,
    out: FloatBuffer,
    saved: FloatBuffer,
    gradient: FloatBuffer,
    gradients: AttentionGradients,
  ): void;
}
