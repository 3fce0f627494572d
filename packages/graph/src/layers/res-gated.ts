import {
  type AttendInputs,
  type Attention,
  add,
  attend,
  checkCounts,
  checkOptionNames,
  defineScore,
  gatherRows,
  Linear,
  Module,
  type Normalizer,
  type ParameterOptions,
  parameter,
  reshape,
  type SparseNeighborhood,
  sigmoid,
  slice,
  type Tensor,
  withEdge,
} from "@vicinal/core";
import { isAttentionWanted, reportAttention } from "./attention-recorder.ts";
import { attendWithEdgeValues } from "./edge-value.ts";
import type { AttentionLayer, LayerAttention, LayerContext, LayerInput, NodeFeatureTensor } from "./graph-layer.ts";
import { checkedEdgeFeatures, checkedSides, type InputWidths, requiredReceivers, widthsOf } from "./layer-input.ts";
import { product } from "./projection.ts";
import { attentionOver } from "./self-loops.ts";

/** Options of {@link ResGatedGraphConv}; names and defaults are PyTorch Geometric's. */
export interface ResGatedGraphConvOptions extends ParameterOptions {
  /** What makes a gate of a number, element by element. Default `sigmoid`. */
  readonly act?: (x: Tensor) => Tensor;
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number;
  /** Whether a projection of the receiver's own features is added. Default true. */
  readonly rootWeight?: boolean;
  /** Whether a learned vector is added to the output. Default true. */
  readonly bias?: boolean;
}

/** What a gate is made of; heads are channels here, and their vectors have one element. */
const gate = defineScore("gate", { parameters: {}, score: ({ query, key }) => query.sum().add(key.sum()) });
const gateWithEdge = withEdge(gate, { as: "bias" });

/**
 * The residual gated graph layer (Bresson and Laurent, "Residual Gated Graph ConvNets", 2017):
 *
 * ```math
 * \begin{aligned}
 * \mathrm{gate}_{ij} &= \sigma(W_\mathrm{key}\,[x_i, e_{ij}] + W_\mathrm{query}\,[x_j, e_{ij}]) \\
 * \mathrm{out}_i &= W_\mathrm{skip} x_i + \sum_{j \in N(i)} \mathrm{gate}_{ij} \odot W_\mathrm{value}\,[x_j, e_{ij}] + \mathrm{bias}
 * \end{aligned}
 * ```
 *
 * with a gate for each channel, and `[x, e]` the features of node and edge side by side, or `x` alone without `edgeDim`. It is attention with a head
 * for each channel and no softmax: the attention that `detailed` gives is the gates, `[edges, channels]`. From `[nodes, inputs]` to
 * `[nodes, channels]`; with two input widths senders and receivers are different nodes. No self-loops are added. Names and defaults, and the roles of
 * `W_key` and `W_query`, are those of PyTorch Geometric's `ResGatedGraphConv`.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` without
 * features of the receivers, `missing-input` or `unexpected-input` for edge features that do not agree with `edgeDim`.
 */
export class ResGatedGraphConv extends Module implements AttentionLayer {
  readonly outputs: number;
  /** Width of the edge features; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** Of the receivers and edges, `[channels, inputs + edgeDim]`. */
  readonly linearKey: Linear;
  /** Of the senders and edges, `[channels, inputs + edgeDim]`. */
  readonly linearQuery: Linear;
  /** Of the senders and edges, `[channels, inputs + edgeDim]`. */
  readonly linearValue: Linear;
  /** Of the receivers, `[channels, inputs]`, without bias; undefined without `rootWeight`. */
  readonly linearSkip: Linear | undefined;
  /** `[channels]`, or undefined. */
  readonly bias: Tensor | undefined;
  readonly #gates: Normalizer;

  constructor(inputs: InputWidths, channels: number, options: ResGatedGraphConvOptions) {
    super();
    checkOptionNames("ResGatedGraphConv", options, ["random", "engine", "act", "edgeDim", "rootWeight", "bias"]);
    const { random, engine, act = sigmoid, edgeDim, rootWeight = true, bias = true } = options;
    const [senders, receivers] = widthsOf(inputs);
    const counts = { inputs: senders, "inputs of the receivers": receivers, channels, edgeDim: edgeDim ?? 1 };
    checkCounts("ResGatedGraphConv", counts);
    this.outputs = channels;
    this.edgeDim = edgeDim;
    this.linearKey = new Linear(receivers + (edgeDim ?? 0), channels, { random, engine });
    this.linearQuery = new Linear(senders + (edgeDim ?? 0), channels, { random, engine });
    this.linearValue = new Linear(senders + (edgeDim ?? 0), channels, { random, engine });
    this.linearSkip = rootWeight ? new Linear(receivers, channels, { random, engine, bias: false }) : undefined;
    this.bias = bias ? parameter(new Float32Array(channels), [channels], { engine }) : undefined;
    this.#gates = { name: "gates", options: {}, normalize: (logits) => act(logits) };
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    if (isAttentionWanted(neighborhood)) return this.detailed(x, neighborhood, context).output;
    return this.#compute(x, neighborhood, context).output;
  }

  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { output, gates } = this.#compute(x, neighborhood, context);
    const attention = attentionOver(neighborhood, false, gates);
    reportAttention(neighborhood, attention);
    return { output, attention };
  }

  #compute(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext) {
    const [senders, given] = checkedSides("ResGatedGraphConv", x, neighborhood);
    const receivers = requiredReceivers("ResGatedGraphConv", given, "the gates depend on both sides");
    const features = checkedEdgeFeatures("ResGatedGraphConv", context, neighborhood.edges, this.edgeDim);
    const inputs = {
      query: asHeads(this.#ofNodes(this.linearKey, receivers)),
      key: asHeads(this.#ofNodes(this.linearQuery, senders)),
      value: asHeads(this.#ofNodes(this.linearValue, senders)),
    };
    const { output, weights } = this.#attend(neighborhood, inputs, features);
    const summed = reshape(output, [neighborhood.receivers, this.outputs]);
    const withOwn = this.linearSkip === undefined ? summed : add(summed, this.linearSkip.forward(receivers));
    return { output: this.bias === undefined ? withOwn : add(withOwn, this.bias), gates: weights };
  }

  #attend(neighborhood: SparseNeighborhood, inputs: AttendInputs, features: Tensor | undefined): Attention {
    const options = { parameters: {}, normalizer: this.#gates };
    if (features === undefined) return attend.detailed(neighborhood, inputs, { ...options, score: gate });
    const edges = gatherRows(features, neighborhood.edgeOf);
    const edge = product(edges, add(this.#edgePart(this.linearKey), this.#edgePart(this.linearQuery)));
    const edgeValue = asHeads(product(edges, this.#edgePart(this.linearValue)));
    return attendWithEdgeValues(neighborhood, { ...inputs, edge }, edgeValue, { ...options, score: gateWithEdge });
  }

  /** `W [x, e] + b` is `W_x x + b`, once a node, and `W_e e`, once an edge: this is the first. */
  #ofNodes(linear: Linear, x: NodeFeatureTensor): Tensor {
    if (this.edgeDim === undefined) return linear.forward(x);
    const projected = product(x, slice(linear.weight, 1, 0, linear.inputs - this.edgeDim));
    return linear.bias === undefined ? projected : add(projected, linear.bias);
  }

  /** `W_e`. */
  #edgePart({ weight, inputs }: Linear): Tensor {
    return slice(weight, 1, inputs - (this.edgeDim ?? 0), inputs);
  }
}

/** `[rows, channels]` as `[rows, heads, 1]`. */
function asHeads(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1]);
}
