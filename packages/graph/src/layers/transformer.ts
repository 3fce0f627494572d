import {
  type AttendInputs,
  add,
  checkOptionNames,
  concatenate,
  Linear,
  multiply,
  scaledDot,
  sigmoid,
  subtract,
  type Tensor,
  withEdge,
} from "@vicinal/core";
import type { NodeFeatureTensor } from "./graph-layer.ts";
import { type InputWidths, requiredReceivers, widthsOf } from "./layer-input.ts";
import {
  type Mechanism,
  MultiHeadConv,
  type MultiHeadConvOptions,
  multiHeadConvOptionNames,
} from "./multi-head-conv.ts";

/** Options of {@link TransformerConv}; names and defaults are PyTorch Geometric's. */
export interface TransformerConvOptions extends MultiHeadConvOptions {
  /**
   * Whether a learned gate between 0 and 1 mixes what was attended to with the receiver's own part, rather than their sum. Default false; without
   * `rootWeight` there is nothing to mix.
   */
  readonly beta?: boolean;
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number;
  /** Whether the projections of the nodes add a learned vector. Default true. */
  readonly bias?: boolean;
  /** Whether the receiver's own part, a projection of its features, is in the output. Default true. */
  readonly rootWeight?: boolean;
}

const optionNames = [...multiHeadConvOptionNames, "beta", "edgeDim", "bias", "rootWeight"];

/**
 * The graph transformer layer (Shi et al., "Masked Label Prediction: Unified Message Passing Model for Semi-Supervised Classification", IJCAI
 * 2021):
 *
 * ```math
 * \begin{aligned}
 * w_{ij} &= \operatorname{softmax}_{j \in N(i)} \frac{W_\mathrm{query} x_i \cdot (W_\mathrm{key} x_j \;[+\; W_\mathrm{edge} e_{ij}])}{\sqrt{\mathrm{channels}}} \\
 * m_i &= \operatorname{concat\ or\ mean}_\mathrm{heads} \sum_{j \in N(i)} w_{ij} (W_\mathrm{value} x_j \;[+\; W_\mathrm{edge} e_{ij}]) \\
 * \mathrm{out}_i &= m_i + r_i, \quad r_i = W_\mathrm{skip} x_i; \qquad \text{with beta: } b_i r_i + (1 - b_i)\, m_i, \quad b_i = \sigma(w_\beta\,[m_i; r_i; m_i - r_i])
 * \end{aligned}
 * ```
 *
 * From `[nodes, inputs]` to `[nodes, heads * channels]`, or `[nodes, channels]` without `concat`. All projections but `W_edge` and `w_beta` have a
 * bias. No self-loops are added. With two input widths senders and receivers are different nodes. Names and defaults are those of PyTorch
 * Geometric's `TransformerConv`; unlike there, edge features are refused without `edgeDim` rather than added as they are.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` without
 * features of the receivers, `missing-input` or `unexpected-input` for edge features that do not agree with `edgeDim`.
 */
export class TransformerConv extends MultiHeadConv {
  /** Of the senders, `[heads * channels, inputs]`. */
  readonly linearKey: Linear;
  /** Of the receivers, `[heads * channels, inputs]`. */
  readonly linearQuery: Linear;
  /** Of the senders, `[heads * channels, inputs]`. */
  readonly linearValue: Linear;
  readonly linearEdge: Linear | undefined;
  /** Of the receivers, `[outputs, inputs]`; undefined without `rootWeight`. */
  readonly linearSkip: Linear | undefined;
  /** `[1, 3 * outputs]`, without bias; undefined unless `beta`. */
  readonly linearBeta: Linear | undefined;

  constructor(inputs: InputWidths, channels: number, options: TransformerConvOptions) {
    checkOptionNames("TransformerConv", options, optionNames);
    super("TransformerConv", inputs, channels, { ...options, addSelfLoops: false });
    const { random, engine, bias = true, beta = false, rootWeight = true, edgeDim } = options;
    const [senders, receivers] = widthsOf(inputs);
    const width = this.heads * channels;
    this.linearKey = new Linear(senders, width, { random, engine, bias });
    this.linearQuery = new Linear(receivers, width, { random, engine, bias });
    this.linearValue = new Linear(senders, width, { random, engine, bias });
    this.linearEdge = edgeDim === undefined ? undefined : new Linear(edgeDim, width, { random, engine, bias: false });
    this.linearSkip = rootWeight ? new Linear(receivers, this.outputs, { random, engine, bias }) : undefined;
    this.linearBeta = beta && rootWeight ? new Linear(3 * this.outputs, 1, { random, engine, bias: false }) : undefined;
  }

  protected project(senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined): AttendInputs {
    const own = requiredReceivers("TransformerConv", receivers, "the score joins both sides");
    return {
      query: this.split(this.linearQuery.forward(own)),
      key: this.split(this.linearKey.forward(senders)),
      value: this.split(this.linearValue.forward(senders)),
    };
  }

  protected mechanism(hasEdge: boolean): Mechanism {
    return { score: hasEdge ? withEdge(scaledDot(), { as: "key" }) : scaledDot(), parameters: {} };
  }

  protected override get hasEdgeValues(): boolean {
    return true;
  }

  protected finish(attended: Tensor, receivers: NodeFeatureTensor | undefined): Tensor {
    if (this.linearSkip === undefined || receivers === undefined) return attended;
    const own = this.linearSkip.forward(receivers);
    if (this.linearBeta === undefined) return add(attended, own);
    const difference = subtract(attended, own);
    const gate = sigmoid(this.linearBeta.forward(concatenate([attended, own, difference], 1)));
    return subtract(attended, multiply(gate, difference));
  }
}
