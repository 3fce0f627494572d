import {
  type AttendInputs,
  add,
  checkOptionNames,
  gatherRows,
  glorotUniform,
  Linear,
  lateAdditiveWithEdge,
  leakyRelu,
  OptionError,
  parameter,
  reshape,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import {
  type InputWidths,
  type Mechanism,
  MultiHeadConv,
  type MultiHeadConvOptions,
  type NodeFeatureTensor,
} from "@vicinal/graph";

/** Options of {@link EGATConv}. */
export interface EGATConvOptions extends MultiHeadConvOptions {
  /** Width of the edge features. */
  readonly edgeDim: number;
  /** Width of the new edge features, each head. Default that of the nodes. */
  readonly edgeChannels?: number;
  /** Slope of the leaky ReLU for negative arguments. Default 0.01, that of the authors' code. */
  readonly negativeSlope?: number;
  /** Whether a linear projection of the receiver's input is added to the output. Default false. */
  readonly residual?: boolean;
}

const optionNames = [
  "random",
  "engine",
  "heads",
  "concat",
  "dropout",
  "edgeDim",
  "edgeChannels",
  "negativeSlope",
  "residual",
];

/**
 * Graph attention with edge features (EGAT; Kamiński et al., "Rossmann-toolbox: a deep learning-based protocol for the prediction and design of cofactor
 * specificity in Rossmann fold proteins", Briefings in Bioinformatics 2022), where edges get new features too, and these say how much a neighbor counts:
 *
 *     f'_ij     = leakyRelu(A_target x_i + A_edge f_ij + A_source x_j + b)
 *     weight_ij = softmax over j in N(i) of dot(a, f'_ij)
 *     out_i     = concat or mean over heads of sum over j of weight_ij (W x_j + c) [+ W_res x_i]
 *
 * From `[nodes, inputs]` and `[edges, edgeDim]` to `[nodes, heads * channels]`, or `[nodes, channels]` without `concat`; {@link updateEdges} gives `f'`. No
 * self-loops are added, because they would have no features. DGL's `EGATConv` is the same, with all heads side by side.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` without edge features or
 * features of the receivers.
 */
export class EGATConv extends MultiHeadConv {
  /** `A_target`, of the receivers, `[heads * edgeChannels, inputs]`, with the bias `b`. */
  readonly linearTarget: Linear;
  /** `A_source`, of the senders, `[heads * edgeChannels, inputs]`. */
  readonly linearSource: Linear;
  /** `A_edge`, `[heads * edgeChannels, edgeDim]`. */
  readonly linearEdge: Linear;
  /** `W` and `c`, of the senders, `[heads * channels, inputs]`. */
  readonly linearValue: Linear;
  /** `a`, `[heads, edgeChannels]`. */
  readonly attention: Tensor;
  /** `W_res`, of the receivers, `[outputs, inputs]`; undefined unless `residual`. */
  readonly residual: Linear | undefined;
  /** Width of the new edge features, each head. */
  readonly edgeChannels: number;
  readonly #negativeSlope: number;

  constructor(inputs: InputWidths, channels: number, options: EGATConvOptions) {
    checkOptionNames("EGATConv", options, optionNames);
    super("EGATConv", inputs, channels, { ...options, addSelfLoops: false });
    const { random, engine, edgeDim, edgeChannels = channels, negativeSlope = 0.01 } = options;
    if (!(Number.isSafeInteger(edgeChannels) && edgeChannels > 0)) {
      throw new OptionError(
        "out-of-range",
        `EGATConv: got edgeChannels ${edgeChannels}; expected a whole number above 0.`,
      );
    }
    const [senders, receivers] = typeof inputs === "number" ? [inputs, inputs] : inputs;
    const width = this.heads * edgeChannels;
    this.linearTarget = new Linear(receivers, width, { random, engine });
    this.linearSource = new Linear(senders, width, { random, engine, bias: false });
    this.linearEdge = new Linear(edgeDim, width, { random, engine, bias: false });
    this.linearValue = new Linear(senders, this.heads * channels, { random, engine });
    const shape = [this.heads, edgeChannels];
    this.attention = parameter(glorotUniform(random, shape, this.heads, edgeChannels), shape, { engine });
    this.residual = options.residual ? new Linear(receivers, this.outputs, { random, engine, bias: false }) : undefined;
    this.edgeChannels = edgeChannels;
    this.#negativeSlope = negativeSlope;
  }

  /** New features of the edges, `[edges, heads * edgeChannels]`, in the order of the edge list, of nodes that are senders and receivers. */
  updateEdges(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, edgeFeatures: Tensor): Tensor {
    const { edgeOf, senderOf, receiverOf } = neighborhood;
    const placeOf = new Uint32Array(edgeOf.length);
    for (let p = 0; p < edgeOf.length; p++) placeOf[edgeOf[p]!] = p;
    const ofList = (numbers: Uint32Array): Uint32Array => placeOf.map((place) => numbers[place]!);
    const sum = add(
      add(
        gatherRows(this.linearTarget.forward(x), ofList(receiverOf)),
        gatherRows(this.linearSource.forward(x), ofList(senderOf)),
      ),
      this.linearEdge.forward(edgeFeatures),
    );
    return leakyRelu(sum, this.#negativeSlope);
  }

  protected project(senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined): AttendInputs {
    if (receivers === undefined) {
      throw new OptionError(
        "missing-input",
        "EGATConv: got no features of the receivers; expected some, because the score joins both sides.",
      );
    }
    return {
      query: this.#ofHeads(this.linearTarget.forward(receivers)),
      key: this.#ofHeads(this.linearSource.forward(senders)),
      value: this.split(this.linearValue.forward(senders)),
    };
  }

  protected override edgeInput(features: Tensor, order: Uint32Array): Tensor {
    return this.#ofHeads(gatherRows(this.linearEdge.forward(features), order));
  }

  protected mechanism(): Mechanism {
    return { score: lateAdditiveWithEdge({ negativeSlope: this.#negativeSlope }), parameters: { a: this.attention } };
  }

  protected finish(attended: Tensor, receivers: NodeFeatureTensor | undefined): Tensor {
    return this.residual && receivers ? add(attended, this.residual.forward(receivers)) : attended;
  }

  #ofHeads(x: Tensor): Tensor {
    return reshape(x, [x.shape[0] ?? 0, this.heads, this.edgeChannels]);
  }
}
