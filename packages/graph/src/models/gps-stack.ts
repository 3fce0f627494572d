import { add, checkCounts, Linear, Module, OptionError, type SparseNeighborhood, type Tensor } from "@vicinal/core";
import { checkDropout, checkHeads } from "../layers/check-options.ts";
import { GINConv } from "../layers/gin.ts";
import { GINEConv } from "../layers/gine.ts";
import { type GlobalAttention, type GPSContext, GPSConv } from "../layers/gps.ts";
import type { GraphLayer, LayerAttention, NodeFeatureTensor } from "../layers/graph-layer.ts";
import { checkedEdgeFeatures, expectMatrix, oneSide } from "../layers/layer-input.ts";
import { Perceptron } from "../layers/perceptron.ts";
import { type LayerFactory, type LayerName, makeLayer } from "./attention-layer-by-name.ts";
import { type AttentionNetworkOptions, attentionNetworkOptionNames } from "./attention-network-options.ts";
import { checkNorm, type NormName } from "./norm-by-name.ts";

/** What {@link GPS} and {@link GraphGPS} share. */
export interface GPSOptions extends AttentionNetworkOptions {
  /**
   * What passes messages along the edges, beside the attention: `"gin"`, a GINConv, or with `edgeDim` a GINEConv, around a perceptron of two
   * projections; one of the layers that attend; or nothing. Default `"gin"`.
   */
  readonly layer?: "gin" | "none" | LayerName | LayerFactory;
  /** Count of layers. Default 3. */
  readonly layers?: number;
  /** Heads of the attention among all nodes, and of a layer that attends along the edges. Default 4. */
  readonly heads?: number;
  /** Width of encodings that say where nodes stand. Default: none are read. */
  readonly encodingDim?: number;
  /** What each part of a layer is normalized with. Default `"batch"`. */
  readonly norm?: NormName;
  /** Probability with which numbers are dropped while training. Default 0. */
  readonly dropout?: number;
}

/** The names of {@link GPSOptions}. */
export const gpsOptionNames: readonly string[] = [...attentionNetworkOptionNames, "encodingDim", "norm"];

/** What {@link GPS} reads beside the nodes. */
export interface GPSModelContext extends Pick<GPSContext, "edgeFeatures" | "lengths" | "training"> {
  /** Where the nodes stand, `[nodes, encodingDim]`, such as Laplacian or random-walk encodings. */
  readonly encodings?: Tensor | undefined;
}

const norms = { batch: "batch_norm", layer: "layer_norm", none: "none" } as const;

/**
 * Layers of message passing and attention among all nodes of a graph, after a projection of features and encodings,
 *
 *     x = W features [+ W_p encodings];   x = GPSConv(x) for each layer
 *
 * from `[nodes, inputs]` to `[nodes, hidden]`.
 *
 * @throws OptionError `out-of-range`, `heads-do-not-divide`; `unexpected-input` for edge features that nothing would read.
 */
export class GPSStack extends Module {
  /** Width of the features of nodes. */
  readonly inputs: number;
  /** Width of the nodes inside. */
  readonly hidden: number;
  /** Width of the features of edges; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** From features to `hidden`. */
  readonly input: Linear;
  /** From encodings to `hidden`; undefined when none are read. */
  readonly encoding: Linear | undefined;
  /** In the order in which they are applied. */
  readonly layers: readonly GPSConv[];
  readonly #name: string;

  /** @internal */
  constructor(name: string, inputs: number, options: GPSOptions) {
    super();
    const { random, engine, layer = "gin", layers = 3, heads = 4, hidden = 64, edgeDim, encodingDim } = options;
    const { norm = "batch", dropout = 0, attentionDropout = 0 } = options;
    checkCounts(name, { inputs, layers, heads, hidden, edgeDim: edgeDim ?? 1, encodingDim: encodingDim ?? 1 });
    checkHeads(name, "hidden", hidden, heads);
    checkNorm(name, norm);
    checkDropout(name, dropout);
    checkDropout(name, attentionDropout);
    if (layer === "none" && edgeDim !== undefined) {
      throw new OptionError(
        "unexpected-input",
        `${name}: got edgeDim ${edgeDim} with layer "none"; expected no edgeDim, because nothing would read the features of edges.`,
      );
    }
    this.#name = name;
    this.inputs = inputs;
    this.hidden = hidden;
    this.edgeDim = edgeDim;
    const drawn = { random, engine };
    const ofEdges = { ...drawn, ...(edgeDim !== undefined && { edgeDim }) };
    const newConv = (): GraphLayer | undefined => {
      if (layer === "none") return undefined;
      if (layer !== "gin") {
        const attention = { ...ofEdges, heads, dropout: attentionDropout, residual: false, concat: true };
        const choice = { ...options, layer };
        return makeLayer(name, choice, { ...attention, inputs: hidden, outputs: hidden });
      }
      const network = new Perceptron([hidden, hidden, hidden], drawn);
      return edgeDim === undefined ? new GINConv(network, { engine }) : new GINEConv(network, ofEdges);
    };
    this.input = new Linear(inputs, hidden, drawn);
    this.encoding = encodingDim === undefined ? undefined : new Linear(encodingDim, hidden, { ...drawn, bias: false });
    this.layers = Array.from(
      { length: layers },
      () =>
        new GPSConv(hidden, newConv(), {
          ...{ ...drawn, heads, dropout, attentionDropout, norm: norms[norm] },
          ...(norm === "layer" && { normMode: "node" }),
        }),
    );
  }

  /** From `[nodes, inputs]` to the states of the last layer, `[nodes, hidden]`. */
  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: GPSModelContext): Tensor {
    const [entered, read] = this.#enter(x, neighborhood, context);
    return this.layers.reduce((nodes, layer) => layer.forward(nodes, neighborhood, read), entered);
  }

  /** {@link forward}, with the attention of the last layer among all nodes of a graph. */
  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context: GPSModelContext,
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const [entered, read] = this.#enter(x, neighborhood, context);
    const before = this.layers.slice(0, -1).reduce((nodes, layer) => layer.forward(nodes, neighborhood, read), entered);
    const { output, attention } = this.layers[this.layers.length - 1]!.detailed(before, neighborhood, read);
    return { output, attention: overPairs(attention) };
  }

  #enter(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    { encodings, edgeFeatures, lengths, training }: GPSModelContext,
  ): readonly [entered: Tensor, read: GPSContext] {
    expectMatrix(this.#name, "features", oneSide(this.#name, x, neighborhood), neighborhood.receivers, this.inputs);
    checkedEdgeFeatures(this.#name, { edgeFeatures }, neighborhood.edges, this.edgeDim);
    const where = this.#checkedEncodings(encodings, neighborhood.receivers);
    const own = this.input.forward(x);
    const entered = where === undefined || this.encoding === undefined ? own : add(own, this.encoding.forward(where));
    return [entered, { edgeFeatures, lengths, training }];
  }

  #checkedEncodings(encodings: Tensor | undefined, nodes: number): Tensor | undefined {
    const width = this.encoding?.inputs;
    if (width === undefined) {
      if (encodings === undefined) return undefined;
      throw new OptionError(
        "unexpected-input",
        `${this.#name}: got encodings; expected none, because encodingDim was left out.`,
      );
    }
    if (encodings === undefined) {
      throw new OptionError(
        "missing-input",
        `${this.#name}: got no encodings; expected [${nodes}, ${width}], because encodingDim is ${width}.`,
      );
    }
    expectMatrix(this.#name, "encodings", encodings, nodes, width);
    return encodings;
  }
}

/** Attention among all nodes as that of a layer: no pair stands for an edge. */
function overPairs({ neighborhood, weights }: GlobalAttention): LayerAttention {
  return { neighborhood, weights, edgeOf: new Int32Array(neighborhood.edges).fill(-1) };
}
