import { type AttendInputs, additive, additiveWithEdge, Linear, type Score, type Tensor, zeros } from "@vicinal/core";
import { AttentionConv, type AttentionConvOptions } from "./attention-conv.ts";
import type { NodeFeatureTensor } from "./graph-layer.ts";
import { type InputWidths, widthsOf } from "./layer-input.ts";
import type { Mechanism } from "./multi-head-conv.ts";

/**
 * The graph attention layer (Veličković et al., "Graph Attention Networks", ICLR 2018):
 *
 * ```math
 * \begin{aligned}
 * w_{ij} &= \operatorname{softmax}_{j \in N(i)} \operatorname{leakyRelu}(a_\mathrm{target} \cdot W x_i + a_\mathrm{source} \cdot W x_j \;[+\; a_\mathrm{edge} \cdot W_e e_{ij}]) \\
 * \mathrm{out}_i &= \operatorname{concat\ or\ mean}_\mathrm{heads} \sum_{j \in N(i)} w_{ij} W x_j + \mathrm{bias}
 * \end{aligned}
 * ```
 *
 * From `[nodes, inputs]` to `[nodes, heads * channels]`, or `[nodes, channels]` without `concat`. With two input widths senders and
 * receivers are different nodes, with a projection of their own; receivers may then come without features, and only the sender's term
 * is scored. Names and defaults are those of PyTorch Geometric's `GATConv`.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` or
 * `unexpected-input` for edge features that do not agree with `edgeDim`.
 */
export class GATConv extends AttentionConv {
  /** `[heads * channels, inputs]`; of the senders when the two sides differ. */
  readonly linear: Linear;
  /** Of the receivers, when the two sides differ. */
  readonly linearTarget: Linear | undefined;
  /** `[heads, channels]`, for the sender. */
  readonly attSource: Tensor;
  /** `[heads, channels]`, for the receiver. */
  readonly attTarget: Tensor;
  /** `[heads, channels]`, for the edge; undefined without `edgeDim`. */
  readonly attEdge: Tensor | undefined;
  readonly #score: Score;

  constructor(inputs: InputWidths, channels: number, options: AttentionConvOptions) {
    super("GATConv", inputs, channels, options);
    const [senders, receivers] = widthsOf(inputs);
    const projection = { random: options.random, engine: options.engine, bias: false, initialize: "glorot" } as const;
    this.linear = new Linear(senders, this.heads * channels, projection);
    this.linearTarget =
      typeof inputs === "number" ? undefined : new Linear(receivers, this.heads * channels, projection);
    this.attSource = this.headVector(options);
    this.attTarget = this.headVector(options);
    this.attEdge = this.edgeDim === undefined ? undefined : this.headVector(options);
    const slope = { negativeSlope: options.negativeSlope ?? 0.2 };
    this.#score = this.attEdge === undefined ? additive(slope) : additiveWithEdge(slope);
  }

  protected project(
    senders: NodeFeatureTensor,
    receivers: NodeFeatureTensor | undefined,
    receiverCount: number,
  ): AttendInputs {
    const key = this.split(this.linear.forward(senders));
    return { query: this.#query(key, senders, receivers, receiverCount), key, value: key };
  }

  #query(
    key: Tensor,
    senders: NodeFeatureTensor,
    receivers: NodeFeatureTensor | undefined,
    receiverCount: number,
  ): Tensor {
    // Receivers without features have no term of their own: that of a zero vector.
    if (receivers === undefined) return zeros([receiverCount, this.heads, this.channels], { engine: key.engine });
    const linear = this.linearTarget ?? this.linear;
    return receivers === senders && linear === this.linear ? key : this.split(linear.forward(receivers));
  }

  protected mechanism(): Mechanism {
    const parameters = { source: this.attSource, target: this.attTarget };
    return { score: this.#score, parameters: this.attEdge ? { ...parameters, link: this.attEdge } : parameters };
  }
}
