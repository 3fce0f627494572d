import {
  add,
  checkCounts,
  checkOptionNames,
  full,
  gatherRows,
  Linear,
  Module,
  multiply,
  OptionError,
  type ParameterOptions,
  parameter,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import type { GraphLayer, LayerInput, WeightedLayerContext } from "./graph-layer.ts";
import { checkedEdgeWeights, oneSide, refuseEdgeFeatures } from "./layer-input.ts";
import { attendedEdges } from "./self-loops.ts";
import { inverseRootDegrees, loopedWeights, weightedNeighborSum } from "./symmetric-normalization.ts";

/** Options of {@link GCNConv}; names and defaults are PyTorch Geometric's. */
export interface GCNConvOptions extends ParameterOptions {
  /** Whether an added self-loop counts 2 rather than 1 (Gao and Ji, "Graph U-Nets", ICML 2019). Default false. */
  readonly improved?: boolean;
  /** Whether every node without a self-loop is given one. Default: that of `normalize`. */
  readonly addSelfLoops?: boolean;
  /** Whether an edge is divided by the roots of the degrees of its ends; otherwise neighbors are summed as they are. Default true. */
  readonly normalize?: boolean;
  /** Whether a learned vector is added to the output. Default true. */
  readonly bias?: boolean;
}

/**
 * The graph convolution (Kipf and Welling, "Semi-Supervised Classification with Graph Convolutional Networks", ICLR 2017, eq. 2):
 *
 * ```math
 * \mathrm{out}_i = \sum_{j \in N(i)} \frac{w_{ij}}{\sqrt{d_i d_j}}\, W x_j + \mathrm{bias}, \qquad d_i = \sum_{j \in N(i)} w_{ij}
 * ```
 *
 * where `N(i)` has `i` itself, and `w_ij` is 1 unless edge weights are given. From `[nodes, inputs]` to `[nodes, channels]`; senders and receivers
 * are the same nodes. A self-loop that was given keeps its weight, the mean where it was given more than once. Edge weights are not negative; a node whose edges weigh nothing together gets
 * the bias. Names and defaults are those of PyTorch Geometric's `GCNConv`. Unlike there (2.8), `improved` counts without edge weights too. Its
 * `cached` is not needed: what does not depend on weights is computed once for a neighborhood.
 *
 * @throws OptionError `unknown-option`, or `out-of-range` for a width or for self-loops without `normalize`; `forward` throws ShapeError
 * `shapes-differ`, OptionError `unexpected-input` for edge features or features of two sides.
 */
export class GCNConv extends Module implements GraphLayer {
  readonly outputs: number;
  /** Whether an added self-loop counts 2. */
  readonly improved: boolean;
  /** Whether every node without a self-loop is given one. */
  readonly addSelfLoops: boolean;
  /** Whether an edge is divided by the roots of the degrees of its ends. */
  readonly normalize: boolean;
  /** `[channels, inputs]`, without bias. */
  readonly linear: Linear;
  /** `[channels]`, or undefined. */
  readonly bias: Tensor | undefined;

  constructor(inputs: number, channels: number, options: GCNConvOptions) {
    super();
    checkOptionNames("GCNConv", options, ["random", "engine", "improved", "addSelfLoops", "normalize", "bias"]);
    const { random, engine, improved = false, normalize = true, addSelfLoops = normalize, bias = true } = options;
    checkCounts("GCNConv", { inputs, channels });
    if (addSelfLoops && !normalize) {
      throw new OptionError(
        "out-of-range",
        "GCNConv: got addSelfLoops without normalize; expected self-loops in the graph where edges are not normalized.",
      );
    }
    this.outputs = channels;
    this.improved = improved;
    this.addSelfLoops = addSelfLoops;
    this.normalize = normalize;
    this.linear = new Linear(inputs, channels, { random, engine, bias: false, initialize: "glorot" });
    this.bias = bias ? parameter(new Float32Array(channels), [channels], { engine }) : undefined;
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: WeightedLayerContext = {}): Tensor {
    const nodes = oneSide("GCNConv", x, neighborhood);
    refuseEdgeFeatures("GCNConv", context);
    const edges = attendedEdges(neighborhood, this.addSelfLoops);
    const weights = this.#weights(neighborhood, context);
    const convolved = this.#convolve(this.linear.forward(nodes), edges, weights);
    return this.bias === undefined ? convolved : add(convolved, this.bias);
  }

  #convolve(projected: Tensor, edges: SparseNeighborhood, weights: Tensor | undefined): Tensor {
    if (!this.normalize) return weightedNeighborSum(edges, weights, projected);
    const scale = inverseRootDegrees(edges, weights, projected.engine);
    return multiply(scale, weightedNeighborSum(edges, weights, multiply(scale, projected)));
  }

  /** How much each edge counts, in the order of positions; undefined where each counts 1. */
  #weights(given: SparseNeighborhood, context: WeightedLayerContext): Tensor | undefined {
    const { engine } = this.linear.weight;
    const isUneven = this.addSelfLoops && this.improved;
    const weights =
      checkedEdgeWeights("GCNConv", context, given.edges) ??
      (isUneven ? full([given.edges], 1, { engine }) : undefined);
    if (weights === undefined) return undefined;
    return this.addSelfLoops ? loopedWeights(given, weights, this.improved ? 2 : 1) : gatherRows(weights, given.edgeOf);
  }
}
