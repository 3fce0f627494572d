import {
  add,
  attend,
  checkCounts,
  checkOptionNames,
  defineScore,
  gatherRows,
  glorotUniform,
  Linear,
  Module,
  type ParameterOptions,
  parameter,
  reshape,
  type Score,
  type SparseNeighborhood,
  slice,
  type Tensor,
} from "@vicinal/core";
import { isAttentionWanted, reportAttention } from "./attention-recorder.ts";
import { checkDropout } from "./check-options.ts";
import type { AttentionLayer, LayerAttention, LayerContext, LayerInput } from "./graph-layer.ts";
import { checkedEdgeFeatures, denseFeatures, expectMatrix, oneSide } from "./layer-input.ts";
import { product } from "./projection.ts";
import { attentionOver } from "./self-loops.ts";

/** Options of {@link GATEConv}. */
export interface GATEConvOptions extends ParameterOptions {
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number;
  /** Probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number;
}

const parameters = { source: "vector", target: "vector" } as const;
const negativeSlope = 0.01;

/** `leakyRelu(dot(source, leakyRelu(key)) + dot(target, query))`. */
export const gate: Score<typeof parameters> = defineScore("gate", {
  parameters,
  score: ({ query, key, source, target }) =>
    source.dot(key.leakyRelu(negativeSlope)).add(target.dot(query)).leakyRelu(negativeSlope),
});

/** `leakyRelu(dot(source, leakyRelu(key + edge)) + dot(target, query))`. */
export const gateWithEdge: Score<typeof parameters> = defineScore("gate-with-edge", {
  parameters,
  edge: "vector",
  score: ({ query, key, edge, source, target }) =>
    source.dot(key.add(edge).leakyRelu(negativeSlope)).add(target.dot(query)).leakyRelu(negativeSlope),
});

/**
 * The edge-aware layer that {@link AttentiveFP} begins with (Xiong et al., "Pushing the Boundaries of Molecular Representation for Drug Discovery with
 * the Graph Attention Mechanism", J. Med. Chem. 2020), as PyTorch Geometric defines it: with leaky ReLUs of slope 0.01,
 *
 *     h_ij      = leakyRelu(W_1 [x_j, e_ij])
 *     weight_ij = softmax over j in N(i) of leakyRelu(dot(a_left, h_ij) + dot(a_right, x_i))
 *     out_i     = sum over j in N(i) of weight_ij W_2 x_j, plus bias
 *
 * From `[nodes, channels]` to `[nodes, channels]`. Self-loops are neither added nor removed. Without `edgeDim` there is no `e_ij`, and `W_1` reads
 * `x_j` alone. Names and defaults are those of PyTorch Geometric's `GATEConv`, which takes two widths and computes only where they are equal.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` or
 * `unexpected-input` for edge features that do not agree with `edgeDim` and for features of two sides, `sparse-features`.
 */
export class GATEConv extends Module implements AttentionLayer {
  readonly outputs: number;
  /** Width of the edge features; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** Probability with which a weight is dropped while training. */
  readonly dropout: number;
  /** `[1, channels]`, for the sender with its edge. */
  readonly attLeft: Tensor;
  /** `[1, channels]`, for the receiver. */
  readonly attRight: Tensor;
  /** Of the sender with its edge, for the weights: `[channels, channels + edgeDim]`, the columns of the edge last. */
  readonly linear1: Linear;
  /** Of the sender, for what is summed: `[channels, channels]`. */
  readonly linear2: Linear;
  /** `[channels]`, zeros at first. */
  readonly bias: Tensor;

  /** @param channels Width of the nodes' features. */
  constructor(channels: number, options: GATEConvOptions) {
    super();
    checkOptionNames("GATEConv", options, ["random", "engine", "edgeDim", "dropout"]);
    const { random, engine, edgeDim, dropout = 0 } = options;
    checkCounts("GATEConv", { channels, edgeDim: edgeDim ?? 1 });
    checkDropout("GATEConv", dropout);
    this.outputs = channels;
    this.edgeDim = edgeDim;
    this.dropout = dropout;
    const shape = [1, channels];
    this.attLeft = parameter(glorotUniform(random, shape, 1, channels), shape, { engine });
    this.attRight = parameter(glorotUniform(random, shape, 1, channels), shape, { engine });
    const projection = { random, engine, bias: false, initialize: "glorot" } as const;
    this.linear1 = new Linear(channels + (edgeDim ?? 0), channels, projection);
    this.linear2 = new Linear(channels, channels, projection);
    this.bias = parameter(new Float32Array(channels), [channels], { engine });
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    if (isAttentionWanted(neighborhood)) return this.detailed(x, neighborhood, context).output;
    const { inputs, options } = this.#prepare(x, neighborhood, context);
    return this.#finish(attend(neighborhood, inputs, options));
  }

  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { inputs, options } = this.#prepare(x, neighborhood, context);
    const { output, weights } = attend.detailed(neighborhood, inputs, options);
    const attention = attentionOver(neighborhood, false, weights);
    reportAttention(neighborhood, attention);
    return { output: this.#finish(output), attention };
  }

  #prepare(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext) {
    const { outputs: channels, edgeDim, linear1 } = this;
    const nodes = denseFeatures("GATEConv", oneSide("GATEConv", x, neighborhood));
    expectMatrix("GATEConv", "features", nodes, neighborhood.receivers, channels);
    const features = checkedEdgeFeatures("GATEConv", context, neighborhood.edges, edgeDim);
    const heads = (rows: Tensor): Tensor => reshape(rows, [rows.shape[0] ?? 0, 1, channels]);
    const inputs = { query: heads(nodes), value: heads(this.linear2.forward(nodes)) };
    const rest = {
      parameters: { source: this.attLeft, target: this.attRight },
      dropout: this.dropout,
      seed: context.training?.random.bits(),
    };
    if (features === undefined || edgeDim === undefined) {
      return { inputs: { ...inputs, key: heads(linear1.forward(nodes)) }, options: { ...rest, score: gate } };
    }
    // W_1 [x_j, e_ij] is a sum of two products, of which that of the sender is made once a node and not once an edge.
    const ofSender = slice(linear1.weight, 1, 0, channels);
    const ofEdge = slice(linear1.weight, 1, channels, channels + edgeDim);
    const edge = heads(product(gatherRows(features, neighborhood.edgeOf), ofEdge));
    return {
      inputs: { ...inputs, key: heads(product(nodes, ofSender)), edge },
      options: { ...rest, score: gateWithEdge },
    };
  }

  #finish(attended: Tensor): Tensor {
    return add(reshape(attended, [attended.shape[0] ?? 0, this.outputs]), this.bias);
  }
}
