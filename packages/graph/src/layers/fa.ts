import {
  add,
  checkCounts,
  checkOptionNames,
  dropout,
  gatherRows,
  Linear,
  Module,
  multiply,
  OptionError,
  type ParameterOptions,
  reshape,
  type SparseNeighborhood,
  type Tensor,
  tanh,
} from "@vicinal/core";
import { isAttentionWanted, reportAttention } from "./attention-recorder.ts";
import { checkDropout, checkFinite } from "./check-options.ts";
import type { AttentionLayer, LayerAttention, LayerInput, WeightedLayerContext } from "./graph-layer.ts";
import { checkedEdgeWeights, denseFeatures, expectMatrix, oneSide, refuseEdgeFeatures } from "./layer-input.ts";
import { ofReceivers, ofSenders } from "./neighbor-sums.ts";
import { attendedEdges, attentionOver } from "./self-loops.ts";
import { inverseRootDegrees, weightedNeighborSum } from "./symmetric-normalization.ts";

/** Options of {@link FAConv}; names and defaults are PyTorch Geometric's. */
export interface FAConvOptions extends ParameterOptions {
  /** How much of the initial features is added. Default 0.1. */
  readonly eps?: number;
  /** Probability with which a coefficient is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Whether self-loops are removed and each node given one. Default: that of `normalize`. */
  readonly addSelfLoops?: boolean;
  /** Whether an edge is divided by the roots of the degrees of its ends; otherwise edge weights are needed. Default true. */
  readonly normalize?: boolean;
}

/** What {@link FAConv} may read beside the nodes. */
export interface FAConvContext extends WeightedLayerContext {
  /** The features that the network started from, `[nodes, channels]`; needed unless `eps` is 0. */
  readonly initial?: Tensor | undefined;
}

/**
 * The frequency-adaptive layer of FAGCN (Bo et al., "Beyond Low-frequency Information in Graph Convolutional Networks", AAAI 2021):
 *
 * ```math
 * a_{ij} = \tanh(g_\mathrm{left} \cdot x_j + g_\mathrm{right} \cdot x_i), \qquad \mathrm{out}_i = \mathrm{eps} \cdot \mathrm{initial}_i + \sum_{j \in N(i)} \frac{a_{ij}}{\sqrt{d_i d_j}}\, x_j
 * ```
 *
 * A coefficient lies between -1 and 1, and a row need not sum to 1: a node can become more like its neighbors, or less. Without `normalize` the
 * weight of the edge stands where `1 / sqrt(d_i d_j)` does. `[nodes, channels]` to `[nodes, channels]`; senders and receivers are the same nodes.
 * The attention that `detailed` gives is `a_ij`, `[edges, 1]`. Names and defaults are those of PyTorch Geometric's `FAConv`.
 *
 * @throws OptionError `unknown-option`, or `out-of-range` for a number or for self-loops without `normalize`; `forward` throws ShapeError
 * `shapes-differ`, OptionError `missing-input` without initial features, or without edge weights where they are needed, `unexpected-input` for edge
 * weights where they are not, for edge features or features of two sides, `sparse-features`.
 */
export class FAConv extends Module implements AttentionLayer {
  readonly outputs: number;
  /** How much of the initial features is added. */
  readonly eps: number;
  /** Probability with which a coefficient is dropped while training. */
  readonly dropout: number;
  /** Whether self-loops are removed and each node given one. */
  readonly addSelfLoops: boolean;
  /** Whether an edge is divided by the roots of the degrees of its ends. */
  readonly normalize: boolean;
  /** `[1, channels]`, for the sender, without bias. */
  readonly attLeft: Linear;
  /** `[1, channels]`, for the receiver, without bias. */
  readonly attRight: Linear;

  constructor(channels: number, options: FAConvOptions) {
    super();
    checkOptionNames("FAConv", options, ["random", "engine", "eps", "dropout", "addSelfLoops", "normalize"]);
    const { random, engine, eps = 0.1, normalize = true, addSelfLoops = normalize } = options;
    checkCounts("FAConv", { channels });
    checkFinite("FAConv", "eps", eps);
    checkDropout("FAConv", options.dropout ?? 0);
    if (addSelfLoops && !normalize) {
      throw new OptionError(
        "out-of-range",
        "FAConv: got addSelfLoops without normalize; expected self-loops in the graph where edges have weights of their own.",
      );
    }
    this.outputs = channels;
    this.eps = eps;
    this.dropout = options.dropout ?? 0;
    this.addSelfLoops = addSelfLoops;
    this.normalize = normalize;
    this.attLeft = new Linear(channels, 1, { random, engine, bias: false });
    this.attRight = new Linear(channels, 1, { random, engine, bias: false });
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: FAConvContext = {}): Tensor {
    if (isAttentionWanted(neighborhood)) return this.detailed(x, neighborhood, context).output;
    return this.#compute(x, neighborhood, context).output;
  }

  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: FAConvContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { output, coefficients } = this.#compute(x, neighborhood, context);
    const attention = attentionOver(neighborhood, this.addSelfLoops, coefficients);
    reportAttention(neighborhood, attention);
    return { output, attention };
  }

  #compute(x: LayerInput, given: SparseNeighborhood, context: FAConvContext) {
    const nodes = denseFeatures("FAConv", oneSide("FAConv", x, given));
    expectMatrix("FAConv", "features", nodes, given.senders, this.outputs);
    refuseEdgeFeatures("FAConv", context);
    const weights = this.#edgeWeights(given, context);
    const initial = this.#initial(given, context);

    const edges = attendedEdges(given, this.addSelfLoops);
    const [left, right] = [this.attLeft.forward(nodes), this.attRight.forward(nodes)];
    const coefficients = tanh(add(ofSenders(left, edges), ofReceivers(right, edges)));
    const { training } = context;
    const dropped = training === undefined ? coefficients : dropout(coefficients, this.dropout, training.random.bits());
    const summed = this.#sum(edges, reshape(dropped, [edges.edges]), weights, nodes);
    const output = initial === undefined ? summed : add(summed, multiply(initial, this.eps));
    return { output, coefficients };
  }

  #sum(edges: SparseNeighborhood, coefficients: Tensor, weights: Tensor | undefined, nodes: Tensor): Tensor {
    if (weights !== undefined) return weightedNeighborSum(edges, multiply(coefficients, weights), nodes);
    const scale = inverseRootDegrees(edges, undefined, nodes.engine);
    return multiply(scale, weightedNeighborSum(edges, coefficients, multiply(scale, nodes)));
  }

  /** What stands in place of the degrees, in the order of positions; undefined with `normalize`. */
  #edgeWeights(given: SparseNeighborhood, context: FAConvContext): Tensor | undefined {
    const weights = checkedEdgeWeights("FAConv", context, given.edges);
    if ((weights === undefined) !== this.normalize) {
      throw new OptionError(
        this.normalize ? "unexpected-input" : "missing-input",
        `FAConv: got ${this.normalize ? "edge weights" : "no edge weights"}; expected ` +
          `${this.normalize ? "none, because normalize divides edges by degrees" : "one for each edge, because normalize is false"}.`,
      );
    }
    return weights === undefined ? undefined : gatherRows(weights, given.edgeOf);
  }

  #initial(given: SparseNeighborhood, { initial }: FAConvContext): Tensor | undefined {
    if (this.eps === 0) return undefined;
    if (initial === undefined) {
      throw new OptionError(
        "missing-input",
        `FAConv: got no initial features; expected [${given.senders}, ${this.outputs}], because eps is ${this.eps}.`,
      );
    }
    expectMatrix("FAConv", "initial features", initial, given.senders, this.outputs);
    return initial;
  }
}
