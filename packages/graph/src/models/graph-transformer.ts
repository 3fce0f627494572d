import {
  add,
  checkCounts,
  checkOptionNames,
  Dropout,
  FeedForward,
  gelu,
  LayerNorm,
  Linear,
  Module,
  type ParameterOptions,
  recordArchitecture,
  type SparseNeighborhood,
  slice,
  type Tensor,
} from "@vicinal/core";
import { checkHeads } from "../layers/check-options.ts";
import type {
  AttentionLayer,
  LayerAttention,
  LayerContext,
  LayerInput,
  NodeFeatureTensor,
} from "../layers/graph-layer.ts";
import { denseFeatures, sidesOf } from "../layers/layer-input.ts";
import { graphIdentity } from "../plugin/graph-identity.ts";
import { type LayerFactory, type LayerName, makeLayer } from "./attention-layer-by-name.ts";
import { type AttentionNetworkOptions, attentionNetworkOptionNames } from "./attention-network-options.ts";
import { type AttentiveNetworkLayer, detailedThrough, forwardThrough, type LayeredModel } from "./layered-model.ts";

/** Options of {@link GraphTransformer}. */
export interface GraphTransformerOptions extends AttentionNetworkOptions {
  /** Which layer attends: one of those built in, one that `registry` has, or a function that makes one. Default `"gat"`. */
  readonly layer?: LayerName | LayerFactory;
  /** Count of blocks: how many steps away a node can look. Default 3. */
  readonly layers?: number;
  /** Heads of each block, put side by side. Default 8. */
  readonly heads?: number;
  /** Probability with which numbers are dropped while training. Default 0.2. */
  readonly dropout?: number;
}

/** A block of a {@link GraphTransformer}: `x + network(attention(norm(x)))`. */
export class GraphTransformerBlock extends Module {
  /** Before the attention. */
  readonly norm: LayerNorm;
  /** To the neighbors. */
  readonly attention: AttentionLayer;
  /** Of each node by itself, on what it gathered. */
  readonly feedForward: FeedForward;
  /** Before the sum. */
  readonly dropout: Dropout;

  /** @internal */
  constructor(attention: AttentionLayer, hidden: number, dropout: number, { random, engine }: ParameterOptions) {
    super();
    this.norm = new LayerNorm(hidden, { engine });
    this.attention = attention;
    this.feedForward = new FeedForward(hidden, { hidden, activation: "gelu", dropout, random, engine });
    this.dropout = new Dropout(dropout);
  }

  /** `[senders, hidden]` to `[receivers, hidden]`; the receivers are the first of the senders. */
  forward(x: Tensor, neighborhood: SparseNeighborhood, context: LayerContext): Tensor {
    const normed = this.norm.forward(x);
    const gathered = this.attention.forward([normed, receiversOf(normed, neighborhood)], neighborhood, context);
    return this.#after(receiversOf(x, neighborhood), gathered, context);
  }

  /** `forward`, with the attention. */
  detailed(
    x: Tensor,
    neighborhood: SparseNeighborhood,
    context: LayerContext,
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const normed = this.norm.forward(x);
    const { output, attention } = this.attention.detailed(
      [normed, receiversOf(normed, neighborhood)],
      neighborhood,
      context,
    );
    return { output: this.#after(receiversOf(x, neighborhood), output, context), attention };
  }

  #after(x: Tensor, gathered: Tensor, { training }: LayerContext): Tensor {
    const told = this.feedForward.forward(gathered, { training });
    return add(x, this.dropout.forward(told, { training }));
  }
}

/**
 * Blocks of attention to neighbors around a shortcut, on normalized input, `[nodes, inputs]` to `[nodes, outputs]`:
 *
 *     x = gelu(dropout(W_in features));   x = x + network(attention(norm(x))) for each block;   W_out norm(x)
 *
 * the GAT with residual connections of Platonov et al. ("A critical look at the evaluation of GNNs under heterophily", ICLR 2023, appendix
 * B). The shortcut keeps a node apart from its neighbors, which matters where these are of other classes.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, or `heads-do-not-divide` when `hidden` is no multiple of `heads`.
 */
export class GraphTransformer extends Module implements LayeredModel {
  /** From features to `hidden`. */
  readonly input: Linear;
  /** In the order in which they are applied. */
  readonly blocks: readonly GraphTransformerBlock[];
  /** Before the output. */
  readonly norm: LayerNorm;
  /** From `hidden` to `outputs`. */
  readonly output: Linear;
  /** After the input. */
  readonly dropout: Dropout;

  constructor(inputs: number, outputs: number, options: GraphTransformerOptions) {
    super();
    checkOptionNames("GraphTransformer", options, attentionNetworkOptionNames);
    const { random, engine, layer = "gat", layers = 3, heads = 8, hidden = 64, dropout = 0.2, edgeDim } = options;
    checkCounts("GraphTransformer", { inputs, outputs, layers, heads, hidden });
    checkHeads("GraphTransformer", "hidden", hidden, heads);
    this.dropout = new Dropout(dropout);
    this.input = new Linear(inputs, hidden, { random, engine });
    const attention = {
      random,
      engine,
      heads,
      dropout: options.attentionDropout ?? 0,
      residual: false,
      concat: true,
      inputs: hidden,
      outputs: hidden,
      ...(edgeDim !== undefined && { edgeDim }),
    };
    const choice = { ...options, layer };
    this.blocks = Array.from({ length: layers }, () => {
      const attend = makeLayer("GraphTransformer", choice, attention);
      return new GraphTransformerBlock(attend, hidden, dropout, { random, engine });
    });
    this.norm = new LayerNorm(hidden, { engine });
    this.output = new Linear(hidden, outputs, { random, engine });
    recordArchitecture(this, GraphTransformer, graphIdentity, "graph-transformer", { inputs, outputs, ...options });
  }

  /** From `[nodes, inputs]` to `[nodes, outputs]`. */
  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    return forwardThrough(this, x, neighborhood, context);
  }

  /** `forward`, with the attention of the last block. */
  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    return detailedThrough(this, x, neighborhood, context);
  }

  networkLayers(): readonly AttentiveNetworkLayer[] {
    const last = this.blocks.length - 1;
    const before = (x: LayerInput, k: number, context: LayerContext): Tensor => {
      const [senders] = sidesOf(x);
      return k === 0 ? this.#enter(senders, context) : denseFeatures("GraphTransformer", senders);
    };
    const after = (x: Tensor, k: number): Tensor => (k === last ? this.output.forward(this.norm.forward(x)) : x);
    return this.blocks.map((block, k) => ({
      forward: (x, neighborhood, context = {}) => after(block.forward(before(x, k, context), neighborhood, context), k),
      detailed: (x, neighborhood, context = {}) => {
        const { output, attention } = block.detailed(before(x, k, context), neighborhood, context);
        return { output: after(output, k), attention };
      },
    }));
  }

  #enter(x: NodeFeatureTensor, { training }: LayerContext): Tensor {
    return gelu(this.dropout.forward(this.input.forward(x), { training }));
  }
}

/** The rows of the receivers, which are the first of the senders. */
function receiversOf(x: Tensor, { senders, receivers }: SparseNeighborhood): Tensor {
  return senders === receivers ? x : slice(x, 0, 0, receivers);
}
