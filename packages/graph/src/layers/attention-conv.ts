import { type ActivateOptions, activate, add, checkOptionNames, Linear, type Tensor } from "@vicinal/core";
import type { NodeFeatureTensor } from "./graph-layer.ts";
import { type InputWidths, widthsOf } from "./layer-input.ts";
import { MultiHeadConv, type MultiHeadConvOptions, multiHeadConvOptionNames } from "./multi-head-conv.ts";
import type { LoopFill } from "./self-loops.ts";

/** Options of {@link GATConv} and {@link GATv2Conv}; names and defaults are PyTorch Geometric's. */
export interface AttentionConvOptions extends MultiHeadConvOptions {
  /** Slope of the leaky ReLU for negative arguments. Default 0.2. */
  readonly negativeSlope?: number;
  /** Whether self-loops are removed and each node given one. Default true. */
  readonly addSelfLoops?: boolean;
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number;
  /** The features of added self-loops. Default `"mean"`. */
  readonly fillValue?: LoopFill;
  /** Whether a learned vector is added to the output. Default true. */
  readonly bias?: boolean;
  /** Whether a linear projection of the receiver's input is added to the output. Default false. */
  readonly residual?: boolean;
}

const optionNames = [
  ...multiHeadConvOptionNames,
  "negativeSlope",
  "addSelfLoops",
  "edgeDim",
  "fillValue",
  "bias",
  "residual",
];

/**
 * What the layers of the GAT family share: `out_i = concat or mean over heads of (sum over j in N(i) of weight_ij * value_j) [+ W_res x_i]
 * [+ bias]`. A member says what query, key and value are, and which score relates them.
 */
export abstract class AttentionConv extends MultiHeadConv {
  /** `[outputs]`, or undefined. */
  readonly bias: Tensor | undefined;
  /** From the receivers' features, without bias; undefined unless `residual`. */
  readonly residual: Linear | undefined;
  readonly linearEdge: Linear | undefined;

  protected constructor(
    name: string,
    inputs: InputWidths,
    channels: number,
    options: AttentionConvOptions,
    moreOptions: readonly string[] = [],
  ) {
    checkOptionNames(name, options, [...optionNames, ...moreOptions]);
    const { random, engine, edgeDim, addSelfLoops = true } = options;
    super(name, inputs, channels, { ...options, addSelfLoops });
    const projection = { random, engine, bias: false, initialize: "glorot" } as const;
    this.bias = (options.bias ?? true) ? this.outputBias(options) : undefined;
    this.residual = options.residual ? new Linear(widthsOf(inputs)[1], this.outputs, projection) : undefined;
    this.linearEdge = edgeDim === undefined ? undefined : new Linear(edgeDim, this.heads * channels, projection);
  }

  protected finish(attended: Tensor, receivers: NodeFeatureTensor | undefined): Tensor {
    return this.conclude(attended, receivers, {});
  }

  protected override conclude(
    attended: Tensor,
    receivers: NodeFeatureTensor | undefined,
    after: ActivateOptions,
  ): Tensor {
    const summed = this.residual && receivers ? add(attended, this.residual.forward(receivers)) : attended;
    return activate(summed, { ...after, bias: this.bias });
  }
}
