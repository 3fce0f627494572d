import {
  type ActivateOptions,
  activate,
  checkCounts,
  checkOptionNames,
  dropout,
  LayerNorm,
  Module,
  recordArchitecture,
  type SparseNeighborhood,
  SparseTensor,
  sparseDropout,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { checkDropout, checkHeads } from "../layers/check-options.ts";
import type {
  AttentionLayer,
  LayerAttention,
  LayerContext,
  LayerInput,
  NodeFeatureTensor,
} from "../layers/graph-layer.ts";
import { sidesOf } from "../layers/layer-input.ts";
import { MultiHeadConv } from "../layers/multi-head-conv.ts";
import { graphIdentity } from "../plugin/graph-identity.ts";
import { type LayerFactory, type LayerName, makeLayer } from "./attention-layer-by-name.ts";
import { type AttentionNetworkOptions, attentionNetworkOptionNames } from "./attention-network-options.ts";
import { type AttentiveNetworkLayer, detailedThrough, forwardThrough, type LayeredModel } from "./layered-model.ts";

/** Options of {@link GAT}. */
export interface GATOptions extends AttentionNetworkOptions {
  /** Which layer: one of those built in, one that `registry` has, or a function that makes one. Default `"gat"`. */
  readonly layer?: LayerName | LayerFactory;
  /** Count of layers. Default 2. */
  readonly layers?: number;
  /** Heads of every layer but the last, put side by side. Default 8. */
  readonly heads?: number;
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
}

const optionNames = [...attentionNetworkOptionNames, "outputHeads", "residual", "normalize"];

/**
 * A stack of graph attention layers, from `[nodes, inputs]` to `[nodes, outputs]`, with dropout before each layer and an ELU
 * between them: the network of Veličković et al. (ICLR 2018, section 3.3), whose defaults these are.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, or `heads-do-not-divide` when `hidden` is no multiple of `heads`.
 */
export class GAT extends Module implements LayeredModel {
  /** In the order in which they are applied. */
  readonly layers: readonly AttentionLayer[];
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
    checkHeads("GAT", "hidden", hidden, heads);
    const shared = { random, engine, dropout: attentionDropout, residual, ...(edgeDim !== undefined && { edgeDim }) };
    const choice = { ...options, layer };
    this.layers = Array.from({ length: layers }, (_, k) => {
      const isLast = k === layers - 1;
      return makeLayer("GAT", choice, {
        ...shared,
        inputs: k === 0 ? inputs : hidden,
        outputs: isLast ? outputs : hidden,
        heads: isLast ? outputHeads : heads,
        concat: !isLast,
      });
    });
    this.norms = normalize ? this.layers.slice(1).map(() => new LayerNorm(hidden, { engine })) : [];
    this.dropout = drop;
    recordArchitecture(this, GAT, graphIdentity, "gat", { inputs, outputs, ...options });
  }

  /** From `[nodes, inputs]` to `[nodes, outputs]`. */
  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    return forwardThrough(this, x, neighborhood, context);
  }

  /** `forward`, with the attention of the last layer. */
  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    return detailedThrough(this, x, neighborhood, context);
  }

  networkLayers(): readonly AttentiveNetworkLayer[] {
    const last = this.layers.length - 1;
    // What the next layer drops of its input is dropped in the pass that computes it: nodes lose the same features as senders and as receivers.
    const after = (training?: Training): ActivateOptions => ({ activation: "elu", ...this.#drawn(training) });
    const finish = (output: Tensor, k: number, training: Training | undefined): Tensor =>
      k === last ? output : activate(this.norms[k]?.forward(output) ?? output, after(training));
    return this.layers.map((layer, k) => {
      const enter = (x: LayerInput, training: Training | undefined): LayerInput =>
        k === 0 ? this.#drop(x, training) : x;
      return {
        forward: (x, neighborhood, context = {}) => {
          const entered = enter(x, context.training);
          if (k < last && this.norms.length === 0 && takesWhatFollows(layer)) {
            return layer.forward(entered, neighborhood, context, after);
          }
          return finish(layer.forward(entered, neighborhood, context), k, context.training);
        },
        detailed: (x, neighborhood, context = {}) => {
          const { output, attention } = layer.detailed(enter(x, context.training), neighborhood, context);
          return { output: finish(output, k, context.training), attention };
        },
      };
    });
  }

  #drawn(training: Training | undefined): Pick<ActivateOptions, "dropout" | "seed"> {
    return training === undefined || this.dropout === 0 ? {} : { dropout: this.dropout, seed: training.random.bits() };
  }

  /** One seed for both sides, so that a node loses the same features as a sender and as a receiver: the receivers are the first senders. */
  #drop(x: LayerInput, training: Training | undefined): LayerInput {
    const { dropout: probability = 0, seed = 0 } = this.#drawn(training);
    if (probability === 0) return x;
    const drop = (side: NodeFeatureTensor): NodeFeatureTensor =>
      side instanceof SparseTensor ? sparseDropout(side, probability, seed) : dropout(side, probability, seed);
    const [senders, receivers] = sidesOf(x);
    const dropped = drop(senders);
    return [dropped, receivers === senders ? dropped : receivers && drop(receivers)];
  }
}

/** A layer with a forward of its own need not know that something may follow in the same pass. */
function takesWhatFollows(layer: AttentionLayer): layer is MultiHeadConv {
  return layer instanceof MultiHeadConv && layer.forward === MultiHeadConv.prototype.forward;
}
