import {
  checkOptionNames,
  dropout,
  elu,
  LayerNorm,
  Module,
  type ParameterOptions,
  type SparseNeighborhood,
  SparseTensor,
  sparseDropout,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { checkCounts, checkDropout } from "../layers/check-options.ts";
import type { LayerAttention, LayerContext, NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { MultiHeadConv } from "../layers/multi-head-conv.ts";
import { type AttentionLayerName, makeLayer } from "./attention-layer-by-name.ts";
import { checkHeads } from "./check-heads.ts";
import type { NodeModel } from "./node-model.ts";

/** Options of {@link GAT}. */
export interface GATOptions extends ParameterOptions {
  /** Which layer. Default `"gat"`. */
  readonly layer?: AttentionLayerName;
  /** Count of layers. Default 2. */
  readonly layers?: number;
  /** Heads of every layer but the last, put side by side. Default 8. */
  readonly heads?: number;
  /** Width of every layer but the last, all heads together: a multiple of `heads`. Default 64. */
  readonly hidden?: number;
  /** Heads of the last layer, averaged. Default 1. */
  readonly outputHeads?: number;
  /** Probability with which inputs of each layer are dropped while training. Default 0.6. */
  readonly dropout?: number;
  /** Probability with which attention weights are dropped while training. Default: that of `dropout`. */
  readonly attentionDropout?: number;
  /** Whether each layer adds a linear projection of its input. Default false. */
  readonly residual?: boolean;
  /** Whether the output of every layer but the last is normalized (layer norm) before the activation. Default false. */
  readonly normalize?: boolean;
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
  "outputHeads",
  "dropout",
  "attentionDropout",
  "residual",
  "normalize",
  "edgeDim",
];

/**
 * A stack of graph attention layers, from `[nodes, inputs]` to `[nodes, outputs]`, with dropout before each layer and an ELU
 * between them: the network of Veličković et al. (ICLR 2018, section 3.3), whose defaults these are.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, or `heads-do-not-divide` when `hidden` is no multiple of `heads`.
 */
export class GAT extends Module implements NodeModel {
  /** In the order in which they are applied. */
  readonly layers: readonly MultiHeadConv[];
  /** One a hidden layer with `normalize`, else none. */
  readonly norms: readonly LayerNorm[];
  /** Probability with which inputs of each layer are dropped while training. */
  readonly dropout: number;

  constructor(inputs: number, outputs: number, options: GATOptions) {
    super();
    checkOptionNames("GAT", options, optionNames);
    const { random, engine, layer = "gat", layers = 2, heads = 8, hidden = 64, outputHeads = 1, edgeDim } = options;
    const { residual = false, normalize = false, dropout: drop = 0.6, attentionDropout = drop } = options;
    checkCounts("GAT", { inputs, outputs, layers, heads, hidden, outputHeads });
    checkDropout("GAT", drop);
    checkHeads("GAT", hidden, heads);
    const shared = { random, engine, dropout: attentionDropout, residual, ...(edgeDim !== undefined && { edgeDim }) };
    this.layers = Array.from({ length: layers }, (_, k) => {
      const width = k === 0 ? inputs : hidden;
      return k === layers - 1
        ? makeLayer("GAT", layer, width, outputs, { ...shared, heads: outputHeads, concat: false })
        : makeLayer("GAT", layer, width, hidden / heads, { ...shared, heads });
    });
    this.norms = normalize ? this.layers.slice(1).map(() => new LayerNorm(hidden, { engine })) : [];
    this.dropout = drop;
  }

  /** From `[nodes, inputs]` to `[nodes, outputs]`. */
  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    const last = this.layers[this.layers.length - 1]!;
    return last.forward(this.#upToLast(x, neighborhood, context), neighborhood, context);
  }

  /** `forward`, with the attention of the last layer. */
  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const last = this.layers[this.layers.length - 1]!;
    return last.detailed(this.#upToLast(x, neighborhood, context), neighborhood, context);
  }

  /** The input of the last layer. */
  #upToLast(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: LayerContext): NodeFeatureTensor {
    let current = this.#drop(x, context.training);
    for (const [k, layer] of this.layers.slice(0, -1).entries()) {
      const attended = layer.forward(current, neighborhood, context);
      current = this.#drop(elu(this.norms[k]?.forward(attended) ?? attended), context.training);
    }
    return current;
  }

  #drop(x: NodeFeatureTensor, training: Training | undefined): NodeFeatureTensor {
    if (training === undefined || this.dropout === 0) return x;
    const seed = training.random.bits();
    return x instanceof SparseTensor ? sparseDropout(x, this.dropout, seed) : dropout(x, this.dropout, seed);
  }
}
