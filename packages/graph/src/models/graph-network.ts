import {
  checkChoice,
  checkCounts,
  checkOptionNames,
  Dropout,
  elu,
  gelu,
  type LayerNorm,
  Module,
  recordArchitecture,
  relu,
  type Tensor,
} from "@vicinal/core";
import { checkDropout, checkHeads } from "../layers/check-options.ts";
import type { AttentionLayer, LayerAttention, NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { BatchNorm } from "../nn/batch-norm.ts";
import { graphIdentity } from "../plugin/graph-identity.ts";
import type { AnyReadoutName } from "../readout/readout-by-name.ts";
import { type LayerFactory, type LayerName, makeLayer } from "./attention-layer-by-name.ts";
import { type AttentionNetworkOptions, attentionNetworkOptionNames } from "./attention-network-options.ts";
import { checkGraphInputs } from "./check-graph-inputs.ts";
import { GraphHead } from "./graph-head.ts";
import type { GraphInputs, GraphModel, GraphModelAttention, GraphModelContext } from "./graph-model.ts";
import { checkNorm, type NormName, normsByName } from "./norm-by-name.ts";

/** Options of {@link GraphNetwork}. */
export interface GraphNetworkOptions extends AttentionNetworkOptions {
  /** Which layer attends: one of those built in, one that `registry` has, or a function that makes one. Default `"gatv2"`. */
  readonly layer?: LayerName | LayerFactory;
  /** Count of layers: how many steps away a node can look. Default 3. */
  readonly layers?: number;
  /** Heads of each layer, put side by side. Default 4. */
  readonly heads?: number;
  /** What the output of each layer is normalized with. Default `"batch"`. */
  readonly norm?: NormName;
  /** The non-linearity after each layer. Default `"relu"`. */
  readonly activation?: "relu" | "elu" | "gelu";
  /** Whether each layer adds a linear projection of its input. Default false. */
  readonly residual?: boolean;
  /**
   * Which layers are read out: the last, or all of them, whose read-outs are summed (Xu et al., "Representation Learning on Graphs with Jumping
   * Knowledge Networks", ICML 2018). Default `"last"`.
   */
  readonly jumping?: "last" | "sum";
  /** What makes one row of numbers of the nodes of a graph. Default `"mean"`. */
  readonly readout?: AnyReadoutName;
  /** Count of projections from what was read out to the outputs, with ReLUs between them. Default 2. */
  readonly headLayers?: number;
  /** Probability with which numbers after each layer, and inside the head, are dropped while training. Default 0. */
  readonly dropout?: number;
}

const optionNames = [
  ...attentionNetworkOptionNames,
  "norm",
  "activation",
  "residual",
  "jumping",
  "readout",
  "headLayers",
];

const activations = { relu, elu, gelu };

/**
 * Attention along edges, then a read-out: the graph classifier and regressor that graph attention layers are compared with,
 *
 *     x   = dropout(activation(norm(attention(x))))      for each layer
 *     out = network(readout(x)),   or with `jumping: "sum"`   network(sum over layers of readout(x))
 *
 * from graphs with features `[nodes, inputs]` to `[graphs, outputs]`. The network of the head is a multi-layer perceptron as wide inside as the nodes.
 * With `norm: "batch"` a batch of a single node cannot be trained on.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, or `heads-do-not-divide` when `hidden` is no multiple of `heads`; `forward` throws ShapeError
 * `shapes-differ` or `too-few-rows`, OptionError `missing-input` or `unexpected-input` for edge features that do not agree with `edgeDim`, DataError
 * `index-out-of-range` for a graph that is not there.
 */
export class GraphNetwork extends Module implements GraphModel {
  /** Width of the features of nodes. */
  readonly inputs: number;
  readonly outputs: number;
  /** Width of the features of edges; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** In the order in which they are applied. */
  readonly layers: readonly AttentionLayer[];
  /** One after each of `layers`; none with `norm: "none"`. */
  readonly norms: readonly (BatchNorm | LayerNorm)[];
  /** From nodes to outputs of graphs. */
  readonly head: GraphHead;
  /** After each of `layers`. */
  readonly dropout: Dropout;
  readonly #activation: (x: Tensor) => Tensor;

  constructor(inputs: number, outputs: number, options: GraphNetworkOptions) {
    super();
    checkOptionNames("GraphNetwork", options, optionNames);
    const { random, engine, registry, layer = "gatv2", layers = 3, heads = 4, hidden = 64, edgeDim } = options;
    const { norm = "batch", activation = "relu", residual = false, jumping = "last" } = options;
    const { readout = "mean", headLayers = 2, dropout = 0, attentionDropout = 0 } = options;
    checkCounts("GraphNetwork", { inputs, outputs, layers, heads, hidden, edgeDim: edgeDim ?? 1, headLayers });
    checkHeads("GraphNetwork", "hidden", hidden, heads);
    checkNorm("GraphNetwork", norm);
    checkChoice("GraphNetwork", "activation", activation, Object.keys(activations));
    checkChoice("GraphNetwork", "jumping", jumping, ["last", "sum"]);
    checkDropout("GraphNetwork", dropout);
    checkDropout("GraphNetwork", attentionDropout);
    this.inputs = inputs;
    this.outputs = outputs;
    this.edgeDim = edgeDim;
    const shared = {
      random,
      engine,
      heads,
      residual,
      concat: true,
      outputs: hidden,
      dropout: attentionDropout,
      ...(edgeDim !== undefined && { edgeDim }),
    };
    this.layers = Array.from({ length: layers }, (_, k) =>
      makeLayer("GraphNetwork", { ...options, layer }, { ...shared, inputs: k === 0 ? inputs : hidden }),
    );
    this.norms = normsByName(norm, layers, hidden, { engine });
    const reads = jumping === "sum" ? layers : 1;
    this.head = new GraphHead(hidden, outputs, reads, { random, engine, registry, readout, headLayers, dropout });
    this.dropout = new Dropout(dropout);
    this.#activation = activations[activation];
    recordArchitecture(this, GraphNetwork, graphIdentity, "graph-network", { inputs, outputs, ...options });
  }

  forward(graphs: GraphInputs, context: GraphModelContext = {}): Tensor {
    const { neighborhood } = graphs;
    const read = this.#walk(graphs, context, (layer, x) =>
      layer.forward(x, neighborhood, this.#reads(graphs, context)),
    );
    return this.head.forward(read, graphs, context);
  }

  /** {@link forward}, with the weights of the last read-out and the attention of the last layer. */
  detailed(
    graphs: GraphInputs,
    context: GraphModelContext = {},
  ): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const { neighborhood } = graphs;
    let edges: LayerAttention | undefined;
    const read = this.#walk(graphs, context, (layer, x) => {
      if (layer !== this.layers.at(-1)) return layer.forward(x, neighborhood, this.#reads(graphs, context));
      const { output, attention } = layer.detailed(x, neighborhood, this.#reads(graphs, context));
      edges = attention;
      return output;
    });
    const { output, nodes } = this.head.detailed(read, graphs, context);
    return { output, attention: { nodes, edges } };
  }

  /** `[nodes, hidden]` after each layer that is read out. */
  #walk(
    graphs: GraphInputs,
    { training }: GraphModelContext,
    attend: (layer: AttentionLayer, x: NodeFeatureTensor) => Tensor,
  ): readonly Tensor[] {
    checkGraphInputs("GraphNetwork", graphs, this.inputs, this.edgeDim);
    const after: Tensor[] = [];
    for (const [k, layer] of this.layers.entries()) {
      const attended = attend(layer, after[k - 1] ?? graphs.x);
      const normalized = this.norms[k]?.forward(attended, { training }) ?? attended;
      after.push(this.dropout.forward(this.#activation(normalized), { training }));
    }
    return after.slice(-this.head.readouts.length);
  }

  #reads({ edgeFeatures }: GraphInputs, { training }: GraphModelContext) {
    return { edgeFeatures, training };
  }
}
