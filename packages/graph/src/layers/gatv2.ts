import { type AttendInputs, Linear, lateAdditive, lateAdditiveWithEdge, OptionError, type Tensor } from "@vicinal/core";
import { AttentionConv, type AttentionConvOptions } from "./attention-conv.ts";
import type { NodeFeatureTensor } from "./graph-layer.ts";
import { type InputWidths, widthsOf } from "./layer-input.ts";
import type { Mechanism } from "./multi-head-conv.ts";

/** Options of {@link GATv2Conv}; names and defaults are PyTorch Geometric's. */
export interface GATv2ConvOptions extends AttentionConvOptions {
  /** Whether one projection serves senders and receivers. Default false. */
  readonly shareWeights?: boolean;
}

/**
 * The dynamic graph attention layer (Brody, Alon and Yahav, "How Attentive are Graph Attention Networks?", ICLR 2022):
 *
 * ```math
 * \begin{aligned}
 * w_{ij} &= \operatorname{softmax}_{j \in N(i)} \; a \cdot \operatorname{leakyRelu}(W_\mathrm{target} x_i + W_\mathrm{source} x_j \;[+\; W_e e_{ij}]) \\
 * \mathrm{out}_i &= \operatorname{concat\ or\ mean}_\mathrm{heads} \sum_{j \in N(i)} w_{ij} W_\mathrm{source} x_j + \mathrm{bias}
 * \end{aligned}
 * ```
 *
 * From `[nodes, inputs]` to `[nodes, heads * channels]`, or `[nodes, channels]` without `concat`. Unlike with {@link GATConv}, which
 * neighbor matters most can differ from receiver to receiver. Names and defaults are those of PyTorch Geometric's `GATv2Conv`.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` or
 * `unexpected-input` for edge features that do not agree with `edgeDim`.
 */
export class GATv2Conv extends AttentionConv {
  /** Of the senders, `[heads * channels, inputs]`, with bias unless `bias` is false. */
  readonly linearSource: Linear;
  /** Of the receivers; the same as `linearSource` with `shareWeights`. */
  readonly linearTarget: Linear;
  /** `[heads, channels]`. */
  readonly att: Tensor;
  readonly #negativeSlope: number;

  constructor(inputs: InputWidths, channels: number, options: GATv2ConvOptions) {
    super("GATv2Conv", inputs, channels, options, ["shareWeights"]);
    const [senders, receivers] = widthsOf(inputs);
    const { random, engine, bias = true, shareWeights = false } = options;
    if (shareWeights && senders !== receivers) {
      throw new OptionError(
        "out-of-range",
        `GATv2Conv: got shareWeights with widths ${senders} and ${receivers}; expected equal widths, or shareWeights false.`,
      );
    }
    const projection = { random, engine, bias, initialize: "glorot" } as const;
    this.linearSource = new Linear(senders, this.heads * channels, projection);
    this.linearTarget = shareWeights ? this.linearSource : new Linear(receivers, this.heads * channels, projection);
    this.att = this.headVector(options);
    this.#negativeSlope = options.negativeSlope ?? 0.2;
  }

  protected project(senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined): AttendInputs {
    if (receivers === undefined) {
      throw new OptionError(
        "missing-input",
        "GATv2Conv: got no features of the receivers; expected some, because the score joins both sides. Use GATConv without them.",
      );
    }
    const key = this.split(this.linearSource.forward(senders));
    const isShared = this.linearTarget === this.linearSource && receivers === senders;
    const query = isShared ? key : this.split(this.linearTarget.forward(receivers));
    return { query, key, value: key };
  }

  protected mechanism(hasEdge: boolean): Mechanism {
    const options = { negativeSlope: this.#negativeSlope };
    return { score: hasEdge ? lateAdditiveWithEdge(options) : lateAdditive(options), parameters: { a: this.att } };
  }
}
