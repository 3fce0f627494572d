import type { Expression } from "../expression/expression.ts";
import type { FloatBuffer } from "./buffers.ts";

/** Edges in compressed rows by receiver, with the same edges by sender: all that fused attention knows of a neighborhood. */
export interface EdgeRows {
  /** `receivers + 1` row starts. */
  readonly offsets: Uint32Array;
  /** The sender of the edge at each position. */
  readonly senderOf: Uint32Array;
  /** How many senders there are, those without edges too. */
  readonly senders: number;
  /** The same edges by sender: `senders + 1` row starts, and two numbers for each edge; computed when first read. */
  readonly transposed: {
    readonly offsets: Uint32Array;
    readonly receivers: Uint32Array;
    /** The position by receiver of the edge at each position by sender. */
    readonly permutation: Uint32Array;
  };
}

/** How relevance becomes weight, as an engine is told. */
export interface PlanNormalizer {
  /** The name of the family: `"softmax"` is known by it. */
  readonly name: string;
  /** What it was made with, such as softmax' temperature. */
  readonly options: Readonly<Record<string, number>>;
  /** The weight of an edge, on the scalar symbol `#logit` of the edge; undefined where it depends on the row in another way than by `isShare`. */
  readonly weight: Expression | undefined;
  /** Whether weights are divided by their sum over the row. */
  readonly isShare: boolean;
}

/** The name of the symbol that stands for the logit in {@link PlanNormalizer.weight}. The sign keeps it apart from parameters of any name. */
export const logitName = "#logit";

/** What an engine needs to know to prepare fused attention: everything but the numbers. */
export interface AttentionPlan {
  /** The logit of one edge for one head, on symbols that say their side and rank. */
  readonly score: Expression;
  /** What is known of the {@link Normalizer}. */
  readonly normalizer: PlanNormalizer;
  /** Count of heads. */
  readonly heads: number;
  /** Width of the score's vectors for each head. */
  readonly channels: number;
  /** Width of value for each head. */
  readonly valueChannels: number;
  /** The probability with which a weight is dropped; 0 for none. */
  readonly dropout: number;
}

/**
 * The numbers of one call. The tensor of a symbol is `[elements, heads, channels]` for a vector and `[elements, heads]` for a scalar, with
 * one element for each receiver (`query` side), sender (`key` side) or edge in the order of `edges` (`edge` side), and without the first
 * dimension for a parameter.
 */
export interface AttentionOperands {
  /** The neighborhood. */
  readonly edges: EdgeRows;
  /** `[senders, heads, valueChannels]`. */
  readonly value: FloatBuffer;
  /** The symbols that the kernels ask for, by name. */
  readonly symbols: Readonly<Record<string, FloatBuffer>>;
  /** Seed of the dropout mask; the element of position `p` and head `h` is `p * heads + h`. */
  readonly seed: number;
}

/** Where gradients are written; null for those that nobody asked for. Buffers are zero when handed over. */
export interface AttentionGradients {
  /** `[senders, heads, valueChannels]`. */
  readonly value: FloatBuffer | null;
  /** By the name of the symbol, each of the shape of its tensor. */
  readonly symbols: Readonly<Record<string, FloatBuffer | null>>;
}

/** Fused attention: `out_i = sum over j in N(i) of dropout(normalize(score_ij)) v_j`, nothing of size edges x channels. */
export interface AttentionKernels {
  /** The symbols that the kernels read. */
  readonly symbols: readonly Expression[];
  /**
   * Those among them that the plan does not name: parts of the score that depend on one side only, to be computed once an element
   * and handed over like the others.
   */
  readonly hoisted: ReadonlyMap<string, Expression>;
  /**
   * Fills `out` `[receivers, heads, valueChannels]` and `saved` `[receivers, heads]`, one number a row and head that
   * `backward` needs (the logarithm of what weights were divided by: for softmax the sum of exponentials).
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

/** What the logits of a plan are divided by before the exponential. */
export function temperatureOf({ normalizer }: AttentionPlan): number {
  return normalizer.options["temperature"] ?? 1;
}
