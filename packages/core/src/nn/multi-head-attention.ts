import { attend } from "../attention/attend.ts";
import type { AttendInputs, AttendOptions, Attention } from "../attention/inputs.ts";
import type { Normalizer } from "../attention/normalize/normalizer.ts";
import { rotary } from "../attention/position/rotary.ts";
import type { ParameterRanks, Score } from "../attention/score/score.ts";
import { OptionError } from "../errors.ts";
import { expectShape } from "../expect-shape.ts";
import { reshape } from "../tensor/reshape.ts";
import type { Shape } from "../tensor/shapes.ts";
import { broadcastTo } from "../tensor/sum.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { KeyValue } from "./key-value.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import {
  type MultiHeadAttentionContext,
  type MultiHeadAttentionOptions,
  multiHeadShape,
  type RememberContext,
  type RotaryAttentionOptions,
} from "./multi-head-options.ts";
import { ScoreParameters } from "./score-parameters.ts";

/**
 * Multi-head attention (Vaswani et al., NeurIPS 2017, section 3.2.2): learned projections of queries, keys and values, {@link attend} in
 * each head, and a learned projection of the heads' outputs side by side,
 *
 *     output_i = W_o concat over h of (sum over j in N(i) of weight_ijh * W_v,h memory_j),   weight from score(W_q,h x_i, W_k,h memory_j)
 *
 * for any neighborhood, score, normalizer and position. With fewer key/value heads than query heads it is grouped-query attention
 * (Ainslie et al., EMNLP 2023), with one of them multi-query attention (Shazeer, 2019).
 *
 * The projections are those of `torch.nn.MultiheadAttention`: its `in_proj_weight` is the weights of query, key and value one after the
 * other. First values are Glorot's, each projection by itself, as there when the widths differ; biases are 0.
 */
export class MultiHeadAttention extends Module {
  /** Width of the elements that attend. */
  readonly width: number;
  /** Count of heads. */
  readonly heads: number;
  /** Count of key/value heads. */
  readonly keyValueHeads: number;
  /** Width of query and key for each head. */
  readonly channels: number;
  /** Width of value for each head. */
  readonly valueChannels: number;
  /** Width of the output. */
  readonly outputs: number;
  /** Probability with which a weight is dropped while training. */
  readonly dropout: number;
  /** How relevant a sender is to a receiver. */
  readonly score: Score;
  /** How relevance becomes weight; undefined is softmax. */
  readonly normalizer: Normalizer | undefined;
  /** How queries and keys are turned by their positions; undefined when they are not. */
  readonly rotary: RotaryAttentionOptions | undefined;
  /** `[width]` to `[heads * channels]`. */
  readonly queryProjection: Linear;
  /** `[keyInputs]` to `[keyValueHeads * channels]`. */
  readonly keyProjection: Linear;
  /** `[valueInputs]` to `[keyValueHeads * valueChannels]`. */
  readonly valueProjection: Linear;
  /** `[heads * valueChannels]` to `[outputs]`. */
  readonly outputProjection: Linear;
  /** The parameters of the score, by name. */
  readonly scoreParameters: ScoreParameters;

  /**
   * @param width Width of the elements that attend.
   * @throws OptionError `unknown-option`; `out-of-range` for a width, a count or a probability that cannot be, heads that do not divide the
   * width when `channels` is left out, key/value heads that do not divide the heads, an odd count of channels that are to be turned.
   */
  constructor(width: number, options: MultiHeadAttentionOptions) {
    super();
    const shape = multiHeadShape(width, options);
    const { heads, keyValueHeads, channels, valueChannels, outputs } = shape;
    this.width = width;
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
    this.channels = channels;
    this.valueChannels = valueChannels;
    this.outputs = outputs;
    this.dropout = shape.dropout;
    this.score = shape.score;
    this.normalizer = options.normalizer;
    this.rotary = shape.rotary;
    const { random, engine, bias = true } = options;
    const linear = { random, engine, bias, initialize: "glorot" } as const;
    this.queryProjection = new Linear(width, heads * channels, linear);
    this.keyProjection = new Linear(shape.keyInputs, keyValueHeads * channels, linear);
    this.valueProjection = new Linear(shape.valueInputs, keyValueHeads * valueChannels, linear);
    this.outputProjection = new Linear(heads * valueChannels, outputs, linear);
    this.scoreParameters = new ScoreParameters(shape.score, shape, options);
  }

  /**
   * What the elements `x`, `[receivers, width]`, gather: `[receivers, outputs]`.
   *
   * @throws ShapeError `shapes-differ`; OptionError `missing-input` for positions, a memory or an edge that is needed and not there, and
   * `unexpected-input` for one that nothing reads.
   */
  forward(x: Tensor, context: MultiHeadAttentionContext): Tensor {
    const { inputs, options } = this.#prepare(x, context);
    return this.#finish(attend(context.neighborhood, inputs, options));
  }

  /** {@link forward}, with the weights `[edges, heads]`. Takes memory of edges x heads. */
  detailed(x: Tensor, context: MultiHeadAttentionContext): Attention {
    const { inputs, options } = this.#prepare(x, context);
    const attention = attend.detailed(context.neighborhood, inputs, options);
    return { ...attention, output: this.#finish(attention.output) };
  }

  /**
   * Keys and values of `memory`, `[senders, keyInputs]`, to be attended to many times. {@link extendKeyValue} adds elements to them.
   *
   * @throws ShapeError `shapes-differ`; OptionError `missing-input` for positions of rotary attention, or for values of another width.
   */
  remember(memory: Tensor, { valueMemory, positions }: RememberContext = {}): KeyValue {
    if (valueMemory === undefined && this.valueProjection.inputs !== this.keyProjection.inputs) {
      throw new OptionError(
        "missing-input",
        `MultiHeadAttention: got no valueMemory; expected [senders, ${this.valueProjection.inputs}], because values are not made from ` +
          `elements of the width ${this.keyProjection.inputs}.`,
      );
    }
    const [senders = 0] = memory.shape;
    this.#expect("memory", memory, [senders, this.keyProjection.inputs]);
    if (valueMemory !== undefined) this.#expect("valueMemory", valueMemory, [senders, this.valueProjection.inputs]);
    const { keyValueHeads, channels, valueChannels } = this;
    const key = reshape(this.keyProjection.forward(memory), [senders, keyValueHeads, channels]);
    const value = this.valueProjection.forward(valueMemory ?? memory);
    return { key: this.#turn("key", key, positions), value: reshape(value, [senders, keyValueHeads, valueChannels]) };
  }

  #prepare(
    x: Tensor,
    context: MultiHeadAttentionContext,
  ): { readonly inputs: AttendInputs; readonly options: AttendOptions<ParameterRanks> } {
    const { neighborhood, bias, edge, positions, training } = context;
    this.#expect("x", x, [neighborhood.receivers, this.width]);
    const { key, value } = this.#attendedTo(x, context);
    const query = reshape(this.queryProjection.forward(x), [neighborhood.receivers, this.heads, this.channels]);
    return {
      inputs: {
        query: this.#turn("query", query, positions),
        key: this.#forEveryHead(key),
        value: this.#forEveryHead(value),
        edge,
      },
      options: {
        score: this.score,
        parameters: ScoreParameters.of(this.scoreParameters),
        normalizer: this.normalizer,
        bias,
        dropout: this.dropout,
        seed: training?.random.bits(),
      },
    };
  }

  #attendedTo(x: Tensor, context: MultiHeadAttentionContext): KeyValue {
    const { memory, valueMemory, positions, memoryPositions } = context;
    const { senders } = context.neighborhood;
    if (memory instanceof Tensor) {
      this.#expect("memory", memory, [senders, this.keyProjection.inputs]);
      return this.remember(memory, { valueMemory, positions: memoryPositions });
    }
    if (valueMemory !== undefined) {
      throw new OptionError(
        "unexpected-input",
        `MultiHeadAttention: got a valueMemory ${memory === undefined ? "without a memory" : "beside remembered keys and values"}; expected it ` +
          "with a memory of elements only.",
      );
    }
    if (memory !== undefined) {
      this.#expect("remembered keys", memory.key, [senders, this.keyValueHeads, this.channels]);
      this.#expect("remembered values", memory.value, [senders, this.keyValueHeads, this.valueChannels]);
      return memory;
    }
    if (this.keyProjection.inputs !== this.width || this.valueProjection.inputs !== this.width) {
      throw new OptionError(
        "missing-input",
        `MultiHeadAttention: got no memory; expected one, because keys and values are made from the widths ${this.keyProjection.inputs} and ` +
          `${this.valueProjection.inputs} and elements that attend have ${this.width}.`,
      );
    }
    return this.remember(x, { positions });
  }

  #turn(what: string, x: Tensor, positions: ArrayLike<number> | undefined): Tensor {
    if (this.rotary === undefined) return x;
    if (positions === undefined) {
      throw new OptionError(
        "missing-input",
        `MultiHeadAttention: got no positions for the ${what}; expected one for each element, because the attention is rotary.`,
      );
    }
    return rotary(x, positions, this.rotary);
  }

  /** Each key/value head once for every query head that it serves. */
  #forEveryHead(x: Tensor): Tensor {
    if (this.keyValueHeads === this.heads) return x;
    const [senders = 0, , channels = 0] = x.shape;
    const { heads, keyValueHeads } = this;
    const repeated = [senders, keyValueHeads, heads / keyValueHeads, channels];
    return reshape(broadcastTo(reshape(x, [senders, keyValueHeads, 1, channels]), repeated), [
      senders,
      heads,
      channels,
    ]);
  }

  #finish(attended: Tensor): Tensor {
    return this.outputProjection.forward(reshape(attended, [attended.shape[0] ?? 0, this.heads * this.valueChannels]));
  }

  #expect(what: string, x: Tensor, expected: Shape): void {
    expectShape("MultiHeadAttention", what, x, expected, ". Receivers and senders follow from the neighborhood");
  }
}
