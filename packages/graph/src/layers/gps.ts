import {
  type Attention,
  add,
  checkChoice,
  checkCounts,
  checkOptionNames,
  Dropout,
  FeedForward,
  type FeedForwardActivation,
  LayerNorm,
  Module,
  MultiHeadAttention,
  OptionError,
  type ParameterOptions,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import { BatchNorm } from "../nn/batch-norm.ts";
import { GraphLayerNorm } from "../nn/graph-layer-norm.ts";
import { type PackedGraphs, packedGraphs } from "../nn/packed-graphs.ts";
import { isGlobalAttentionWanted, reportGlobalAttention } from "./attention-recorder.ts";
import { checkDropout } from "./check-options.ts";
import type { GraphLayer, LayerInput, WeightedLayerContext } from "./graph-layer.ts";
import { denseFeatures, expectMatrix, oneSide } from "./layer-input.ts";
import type { RelationalLayerContext } from "./rgat.ts";

/** What {@link GPSConv} normalizes with: over the nodes of the batch, within each node or graph, or not at all. */
export type GPSNorm = "batch_norm" | "layer_norm" | "none";

/** Options of {@link GPSConv}; names and defaults are PyTorch Geometric's. */
export interface GPSConvOptions extends ParameterOptions {
  /** Count of heads of the global attention; divides `channels`. Default 1. */
  readonly heads?: number;
  /** Probability with which a number of the output of a part, or of the perceptron's hidden layer, is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Probability with which a weight of the global attention is dropped while training (`attn_kwargs` there). Default 0. */
  readonly attentionDropout?: number;
  /** The non-linearity of the perceptron. Default `"relu"`. */
  readonly act?: FeedForwardActivation;
  /** Default `"batch_norm"`. */
  readonly norm?: GPSNorm;
  /** Whether `"layer_norm"` has one mean and variance for each graph or for each node (`norm_kwargs` there). Default `"graph"`. */
  readonly normMode?: "graph" | "node";
}

/** What {@link GPSConv} reads beside the nodes. */
export interface GPSContext extends WeightedLayerContext, RelationalLayerContext {
  /**
   * Count of nodes of each graph of a batch, one graph after the other: a node attends to all nodes of its own graph. Not copied: it must not be
   * written to. Default: all nodes are of one graph.
   */
  readonly lengths?: ArrayLike<number> | undefined;
}

const optionNames = ["random", "engine", "heads", "dropout", "attentionDropout", "act", "norm", "normMode"];

/**
 * The GPS layer (Rampášek et al., "Recipe for a General, Powerful, Scalable Graph Transformer", NeurIPS 2022, eq. 2): message passing along the
 * edges and attention among all nodes of a graph, side by side,
 *
 * ```math
 * \begin{aligned}
 * h &= \operatorname{norm}_1(x + \operatorname{dropout}(\operatorname{conv}(x))) + \operatorname{norm}_2(x + \operatorname{dropout}(\operatorname{attention}(x))) \\
 * \mathrm{out} &= \operatorname{norm}_3(h + \operatorname{dropout}(\operatorname{contract}(\operatorname{dropout}(\operatorname{act}(\operatorname{expand}(h))))))
 * \end{aligned}
 * ```
 *
 * from `[nodes, channels]` to `[nodes, channels]`; the perceptron is `2 * channels` wide inside. Nothing of the size of all pairs of nodes is
 * made. Names and defaults are those of PyTorch Geometric's `GPSConv` with `attn_type="multihead"`.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, or `too-few-rows` for one node while training
 * with `"batch_norm"`; OptionError `sparse-features`; and what `conv` throws.
 */
export class GPSConv extends Module implements GraphLayer {
  readonly outputs: number;
  /** Message passing along the edges, from `channels` to `channels`; undefined where there is none. */
  readonly conv: GraphLayer | undefined;
  /** Among all nodes of a graph. */
  readonly attention: MultiHeadAttention;
  /** Of each node by itself; `mlp.0` and `mlp.3` of PyTorch Geometric are its `expand` and `contract`. */
  readonly mlp: FeedForward;
  /** After `conv`; undefined without norm. */
  readonly norm1: BatchNorm | GraphLayerNorm | LayerNorm | undefined;
  /** After the attention; undefined without norm. */
  readonly norm2: BatchNorm | GraphLayerNorm | LayerNorm | undefined;
  /** After the perceptron; undefined without norm. */
  readonly norm3: BatchNorm | GraphLayerNorm | LayerNorm | undefined;
  /** On the output of each part. */
  readonly dropout: Dropout;

  /** @param conv Message passing from `channels` to `channels`, or undefined for attention alone. */
  constructor(channels: number, conv: GraphLayer | undefined, options: GPSConvOptions) {
    super();
    checkOptionNames("GPSConv", options, optionNames);
    const { random, engine, heads = 1, dropout = 0, attentionDropout = 0, act = "relu" } = options;
    const { norm = "batch_norm", normMode = "graph" } = options;
    checkCounts("GPSConv", { channels, heads });
    checkDropout("GPSConv", dropout);
    checkChoice("GPSConv", "norm", norm, ["batch_norm", "layer_norm", "none"] satisfies readonly GPSNorm[]);
    checkChoice("GPSConv", "normMode", normMode, ["graph", "node"]);
    if (conv !== undefined && conv.outputs !== channels) {
      throw new OptionError(
        "out-of-range",
        `GPSConv: got a conv of width ${conv.outputs}; expected ${channels}, because its output is added to the input.`,
      );
    }
    this.outputs = channels;
    this.conv = conv;
    this.attention = new MultiHeadAttention(channels, { random, engine, heads, dropout: attentionDropout });
    this.mlp = new FeedForward(channels, { random, engine, hidden: 2 * channels, activation: act, dropout });
    const newNorm = () => {
      if (norm === "none") return undefined;
      if (norm === "batch_norm") return new BatchNorm(channels, { engine });
      return normMode === "graph" ? new GraphLayerNorm(channels, { engine }) : new LayerNorm(channels, { engine });
    };
    this.norm1 = conv === undefined ? undefined : newNorm();
    this.norm2 = newNorm();
    this.norm3 = newNorm();
    this.dropout = new Dropout(dropout);
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: GPSContext = {}): Tensor {
    if (isGlobalAttentionWanted(neighborhood)) return this.detailed(x, neighborhood, context).output;
    const nodes = this.#checked(x, neighborhood);
    const graphs = packedGraphs("GPSConv", context.lengths, neighborhood);
    const local = this.#local(nodes, neighborhood, graphs, context);
    const { training } = context;
    const attended = this.attention.forward(nodes, { neighborhood: graphs.everyPair, training });
    return this.#finish(nodes, local, attended, graphs, context);
  }

  /**
   * {@link forward}, with the attention among all nodes of each graph: `weights` `[pairs, heads]` in the order of `neighborhood`'s positions. Takes
   * memory of pairs x heads.
   */
  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: GPSContext = {},
  ): { readonly output: Tensor; readonly attention: GlobalAttention } {
    const nodes = this.#checked(x, neighborhood);
    const graphs = packedGraphs("GPSConv", context.lengths, neighborhood);
    const local = this.#local(nodes, neighborhood, graphs, context);
    const pairs = graphs.everyPair.sparse();
    const attended: Attention = this.attention.detailed(nodes, { neighborhood: pairs, training: context.training });
    const attention: GlobalAttention = { neighborhood: pairs, weights: attended.weights };
    reportGlobalAttention(neighborhood, attention);
    return { output: this.#finish(nodes, local, attended.output, graphs, context), attention };
  }

  #checked(x: LayerInput, neighborhood: SparseNeighborhood): Tensor {
    const nodes = denseFeatures("GPSConv", oneSide("GPSConv", x, neighborhood));
    expectMatrix("GPSConv", "features", nodes, neighborhood.receivers, this.outputs);
    return nodes;
  }

  #local(
    x: Tensor,
    neighborhood: SparseNeighborhood,
    graphs: PackedGraphs,
    { lengths, ...context }: GPSContext,
  ): Tensor | undefined {
    if (this.conv === undefined) return undefined;
    const passed = this.dropout.forward(this.conv.forward(x, neighborhood, context), context);
    return normalized(this.norm1, add(passed, x), graphs, context);
  }

  #finish(
    x: Tensor,
    local: Tensor | undefined,
    attended: Tensor,
    graphs: PackedGraphs,
    { training }: GPSContext,
  ): Tensor {
    const summed = add(this.dropout.forward(attended, { training }), x);
    const global = normalized(this.norm2, summed, graphs, { training });
    const h = local === undefined ? global : add(local, global);
    const own = this.dropout.forward(this.mlp.forward(h, { training }), { training });
    return normalized(this.norm3, add(h, own), graphs, { training });
  }
}

/** Attention among all nodes of each graph. */
export interface GlobalAttention {
  /** The pairs attended over. */
  readonly neighborhood: SparseNeighborhood;
  /** `[pairs, heads]` in the order of `neighborhood`'s positions, before dropout. */
  readonly weights: Tensor;
}

function normalized(
  norm: GPSConv["norm1"],
  x: Tensor,
  graphs: PackedGraphs,
  { training }: Pick<GPSContext, "training">,
): Tensor {
  if (norm === undefined) return x;
  if (norm instanceof GraphLayerNorm) return norm.forward(x, graphs);
  return norm instanceof BatchNorm ? norm.forward(x, { training }) : norm.forward(x);
}
