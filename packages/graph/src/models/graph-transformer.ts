import {
  add,
  checkOptionNames,
  Dropout,
  FeedForward,
  gelu,
  LayerNorm,
  Linear,
  Module,
  type ParameterOptions,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import { checkCounts } from "../layers/check-options.ts";
import type { LayerAttention, LayerContext, NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { MultiHeadConv } from "../layers/multi-head-conv.ts";
import { type AttentionLayerName, makeLayer } from "./attention-layer-by-name.ts";
import { checkHeads } from "./check-heads.ts";
import type { NodeModel } from "./node-model.ts";

/** Options of {@link GraphTransformer}. */
export interface GraphTransformerOptions extends ParameterOptions {
  /** Which layer attends. Default `"gat"`. */
  readonly layer?: AttentionLayerName;
  /** Count of blocks: how many steps away a node can look. Default 3. */
  readonly layers?: number;
  /** Heads of each block, put side by side. Default 8. */
  readonly heads?: number;
  /** Width of the nodes between blocks: a multiple of `heads`. Default 64. */
  readonly hidden?: number;
  /** Probability with which numbers are dropped while training. Default 0.2. */
  readonly dropout?: number;
  /** Probability with which attention weights are dropped while training. Default 0. */
  readonly attentionDropout?: number;
  /** Width of the features of edges. Default: none. */
  readonly edgeDim?: number;
}

const optionNames = [
  "random",
  "engine",
  "layer",
  "layers",
  "heads",
  "hidden",
  "dropout",
  "attentionDropout",
  "edgeDim",
];

/** A block of a {@link GraphTransformer}: `x + network(attention(norm(x)))`. */
export class GraphTransformerBlock extends Module {
  /** Before the attention. */
  readonly norm: LayerNorm;
  /** To the neighbors. */
  readonly attention: MultiHeadConv;
  /** Of each node by itself, on what it gathered. */
  readonly feedForward: FeedForward;
  /** Before the sum. */
  readonly dropout: Dropout;

  /** @internal */
  constructor(attention: MultiHeadConv, hidden: number, dropout: number, { random, engine }: ParameterOptions) {
    super();
    this.norm = new LayerNorm(hidden, { engine });
    this.attention = attention;
    this.feedForward = new FeedForward(hidden, { hidden, activation: "gelu", dropout, random, engine });
    this.dropout = new Dropout(dropout);
  }

  /** `[nodes, hidden]` to `[nodes, hidden]`. */
  forward(x: Tensor, neighborhood: SparseNeighborhood, context: LayerContext): Tensor {
    return this.#after(x, this.attention.forward(this.norm.forward(x), neighborhood, context), context);
  }

  /** `forward`, with the attention. */
  detailed(
    x: Tensor,
    neighborhood: SparseNeighborhood,
    context: LayerContext,
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { output, attention } = this.attention.detailed(this.norm.forward(x), neighborhood, context);
    return { output: this.#after(x, output, context), attention };
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
export class GraphTransformer extends Module implements NodeModel {
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
    checkOptionNames("GraphTransformer", options, optionNames);
    const { random, engine, layer = "gat", layers = 3, heads = 8, hidden = 64, dropout = 0.2, edgeDim } = options;
    checkCounts("GraphTransformer", { inputs, outputs, layers, heads, hidden });
    checkHeads("GraphTransformer", hidden, heads);
    this.dropout = new Dropout(dropout);
    this.input = new Linear(inputs, hidden, { random, engine });
    const attention = {
      random,
      engine,
      heads,
      dropout: options.attentionDropout ?? 0,
      residual: false,
      ...(edgeDim !== undefined && { edgeDim }),
    };
    this.blocks = Array.from({ length: layers }, () => {
      const attend = makeLayer("GraphTransformer", layer, hidden, hidden / heads, attention);
      return new GraphTransformerBlock(attend, hidden, dropout, { random, engine });
    });
    this.norm = new LayerNorm(hidden, { engine });
    this.output = new Linear(hidden, outputs, { random, engine });
  }

  /** From `[nodes, inputs]` to `[nodes, outputs]`. */
  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    let current = this.#enter(x, context);
    for (const block of this.blocks) current = block.forward(current, neighborhood, context);
    return this.output.forward(this.norm.forward(current));
  }

  /** `forward`, with the attention of the last block. */
  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    let current = this.#enter(x, context);
    for (const block of this.blocks.slice(0, -1)) current = block.forward(current, neighborhood, context);
    const { output, attention } = this.blocks[this.blocks.length - 1]!.detailed(current, neighborhood, context);
    return { output: this.output.forward(this.norm.forward(output)), attention };
  }

  #enter(x: NodeFeatureTensor, { training }: LayerContext): Tensor {
    return gelu(this.dropout.forward(this.input.forward(x), { training }));
  }
}
