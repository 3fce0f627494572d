import {
  checkCounts,
  checkOptionNames,
  type FeedForwardActivation,
  Module,
  type Normalization,
  OptionError,
  type ParameterOptions,
  type PositionBias,
  type SparseNeighborhood,
  type Tensor,
  TransformerEncoderLayer,
} from "@vicinal/core";
import { packedGraphs } from "../nn/packed-graphs.ts";
import { isGlobalAttentionWanted, reportGlobalAttention } from "./attention-recorder.ts";
import type { GlobalAttention } from "./gps.ts";
import type { GraphLayer, LayerContext, LayerInput } from "./graph-layer.ts";
import { denseFeatures, expectMatrix, oneSide, refuseEdgeFeatures } from "./layer-input.ts";
import { type PairBuckets, SpatialBias } from "./spatial-bias.ts";

/** Options of {@link GraphormerLayer}; defaults are the paper's. */
export interface GraphormerLayerOptions extends ParameterOptions {
  /** Count of heads that attend side by side; divides the width. Default 1. */
  readonly heads?: number;
  /** Width inside of the feed-forward network. Default: the width of the layer. */
  readonly hidden?: number;
  /** The non-linearity of the feed-forward network. Default `"gelu"`. */
  readonly activation?: FeedForwardActivation;
  /** Where to normalize. Default `"pre"`. */
  readonly normalization?: Normalization;
  /** Probability with which a number of the output of a part, or of the hidden layer, is dropped while training. Default 0; the paper's is 0.1. */
  readonly dropout?: number;
  /** Probability with which an attention weight is dropped while training. Default 0; the paper's is 0.1. */
  readonly attentionDropout?: number;
  /**
   * The learned term for the bucket of each pair: a count of buckets for one of its own, or a `SpatialBias` that layers share, as in the paper.
   * Default: none.
   */
  readonly spatial?: number | SpatialBias;
}

/** What {@link GraphormerLayer} reads beside the nodes. */
export interface GraphormerContext extends LayerContext {
  /**
   * Count of nodes of each graph of a batch, one graph after the other: a node attends to all nodes of its own graph. Not copied: it must not be
   * written to. Default: all nodes are of one graph.
   */
  readonly lengths?: ArrayLike<number> | undefined;
  /** The bucket of each pair of nodes of a graph, such as their distance along the edges; needed with `spatial`, and only then. */
  readonly buckets?: PairBuckets | undefined;
  /** Further terms that are added to the logits. Keep them from step to step: the bucket of each pair is computed once. */
  readonly bias?: readonly PositionBias[] | undefined;
}

const optionNames = [
  "random",
  "engine",
  "heads",
  "hidden",
  "activation",
  "normalization",
  "dropout",
  "attentionDropout",
  "spatial",
];

/**
 * A layer of Graphormer (Ying et al., "Do Transformers Really Perform Badly for Graph Representation?", NeurIPS 2021, eq. 6, 8 and 9): attention among
 * all nodes of a graph with a learned term for where two nodes stand to each other, then a network for each node by itself,
 *
 *     logit_ij = dot(q_i, k_j) / sqrt(channels) + b[bucket(i, j)]
 *     y   = x + dropout(attention(norm(x)))
 *     out = y + dropout(feedForward(norm(y)))
 *
 * from `[nodes, width]` to `[nodes, width]`. The edges themselves are not looked at: they are in the buckets, and in what {@link DegreeEmbedding}
 * adds before the first layer. The buckets of the pairs and their terms take memory of pairs x heads.
 *
 * @throws OptionError `unknown-option`, or `out-of-range`; `forward` throws OptionError `missing-input` or `unexpected-input` for buckets that do not
 * agree with `spatial`, and for edge features; `sparse-features`; ShapeError `shapes-differ`; DataError `index-out-of-range` for a bucket that is
 * not there.
 */
export class GraphormerLayer extends Module implements GraphLayer {
  readonly outputs: number;
  /** Attention, feed-forward network and the paths around them. */
  readonly encoder: TransformerEncoderLayer;
  /** The term for the bucket of a pair; undefined without `spatial`. */
  readonly spatial: SpatialBias | undefined;

  constructor(width: number, options: GraphormerLayerOptions) {
    super();
    checkOptionNames("GraphormerLayer", options, optionNames);
    const { random, engine, heads = 1, hidden = width, spatial } = options;
    const { activation = "gelu", normalization = "pre", dropout = 0, attentionDropout = 0 } = options;
    checkCounts("GraphormerLayer", { width, heads, hidden });
    if (spatial instanceof SpatialBias && spatial.heads !== heads) {
      throw new OptionError(
        "out-of-range",
        `GraphormerLayer: got a spatial bias for ${spatial.heads} heads; expected one for ${heads}, the heads of the layer.`,
      );
    }
    this.outputs = width;
    const parts = { random, engine, heads, hidden, activation, normalization, dropout, attentionDropout };
    this.encoder = new TransformerEncoderLayer(width, parts);
    this.spatial = typeof spatial === "number" ? new SpatialBias(heads, spatial, { random, engine }) : spatial;
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: GraphormerContext = {}): Tensor {
    if (isGlobalAttentionWanted(neighborhood)) return this.detailed(x, neighborhood, context).output;
    const { nodes, among, bias } = this.#prepare(x, neighborhood, context);
    return this.encoder.forward(nodes, { neighborhood: among, bias, training: context.training });
  }

  /** {@link forward}, with the attention: `weights` is `[pairs, heads]` in the order of `neighborhood`'s positions. */
  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: GraphormerContext = {},
  ): { readonly output: Tensor; readonly attention: GlobalAttention } {
    const { nodes, among, bias } = this.#prepare(x, neighborhood, context);
    const pairs = among.sparse();
    const { output, weights } = this.encoder.detailed(nodes, { neighborhood: pairs, bias, training: context.training });
    const attention: GlobalAttention = { neighborhood: pairs, weights };
    reportGlobalAttention(neighborhood, attention);
    return { output, attention };
  }

  #prepare(x: LayerInput, neighborhood: SparseNeighborhood, context: GraphormerContext) {
    refuseEdgeFeatures("GraphormerLayer", context);
    const nodes = denseFeatures("GraphormerLayer", oneSide("GraphormerLayer", x, neighborhood));
    expectMatrix("GraphormerLayer", "features", nodes, neighborhood.receivers, this.outputs);
    const { everyPair, lengths } = packedGraphs("GraphormerLayer", context.lengths, neighborhood);
    const { buckets, bias = [] } = context;
    if ((buckets === undefined) !== (this.spatial === undefined)) {
      throw new OptionError(
        buckets === undefined ? "missing-input" : "unexpected-input",
        `GraphormerLayer: got ${buckets === undefined ? "no buckets" : "buckets"}; expected ` +
          `${buckets === undefined ? "one for each pair of nodes, because the layer has" : "none, because the layer was made without"} a spatial bias.`,
      );
    }
    const spatial = buckets === undefined ? undefined : this.spatial?.bias(lengths, buckets);
    return { nodes, among: everyPair, bias: spatial === undefined ? bias : [spatial, ...bias] };
  }
}
