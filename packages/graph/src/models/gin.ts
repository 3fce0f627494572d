import {
  add,
  checkCounts,
  checkOptionNames,
  Dropout,
  Linear,
  Module,
  type ParameterOptions,
  type Registry,
  recordArchitecture,
  relu,
  type Tensor,
} from "@vicinal/core";
import { checkDropout } from "../layers/check-options.ts";
import { GINConv, type IsomorphismConv } from "../layers/gin.ts";
import { GINEConv } from "../layers/gine.ts";
import { denseFeatures } from "../layers/layer-input.ts";
import { BatchNorm } from "../nn/batch-norm.ts";
import { graphIdentity } from "../plugin/graph-identity.ts";
import type { Readout } from "../readout/readout.ts";
import { type AnyReadoutName, chosenReadout } from "../readout/readout-by-name.ts";
import { checkGraphInputs } from "./check-graph-inputs.ts";
import type { GraphInputs, GraphModel, GraphModelAttention, GraphModelContext } from "./graph-model.ts";
import { NormalizedPerceptron } from "./normalized-perceptron.ts";
import { readLayers } from "./read-layers.ts";

/** Options of {@link GIN}. */
export interface GINOptions extends ParameterOptions {
  /** Count of layers: how many steps away a node can look. Default 4. */
  readonly layers?: number;
  /** Width of the nodes after each layer. Default 32. */
  readonly hidden?: number;
  /** Width of the features of edges. Default: none are read. */
  readonly edgeDim?: number;
  /** Whether by how much a node counts more than a neighbor is learned; else it is 0. Default false. */
  readonly trainEps?: boolean;
  /** What makes one row of numbers of the nodes of a graph, after each layer. Default `"sum"`. */
  readonly readout?: AnyReadoutName;
  /** Where names of read-outs are looked up first. Default: those built in are known. */
  readonly registry?: Registry | undefined;
  /** Probability with which a number of what each read-out says of the outputs is dropped while training. Default 0.5. */
  readonly dropout?: number;
}

const optionNames = ["random", "engine", "layers", "hidden", "edgeDim", "trainEps", "readout", "registry", "dropout"];

/**
 * The graph isomorphism network (Xu et al., "How Powerful are Graph Neural Networks?", ICLR 2019, section 4), which attends to nothing: the baseline
 * of graph classification. It tells apart whatever graphs the Weisfeiler-Lehman test tells apart.
 *
 *     x_0 = features
 *     x_k = relu(norm(network((1 + eps) x + sum over neighbors of x)))      with x = x_(k - 1), for each layer
 *     out = sum over k from 0 of dropout(W_k readout(x_k))
 *
 * with a network of two projections, batch norm and ReLU between them; with `edgeDim` each neighbor counts as `relu(x + W e)`, as in GINEConv. From
 * graphs with features `[nodes, inputs]`, which may not be sparse, to `[graphs, outputs]`. A batch of a single node cannot be trained on.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ` or `too-few-rows`, OptionError `missing-input` or
 * `unexpected-input` for edge features that do not agree with `edgeDim`, `sparse-features`, DataError `index-out-of-range` for a graph that is not there.
 */
export class GIN extends Module implements GraphModel {
  /** Width of the features of nodes. */
  readonly inputs: number;
  readonly outputs: number;
  /** Width of the features of edges; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** In the order in which they are applied. */
  readonly layers: readonly IsomorphismConv[];
  /** One after each of `layers`. */
  readonly norms: readonly BatchNorm[];
  /** Of the features, then one after each of `layers`. */
  readonly readouts: readonly Readout[];
  /** One for each of `readouts`, from what was read out to `outputs`. */
  readonly linears: readonly Linear[];
  /** After each of `linears`. */
  readonly dropout: Dropout;

  constructor(inputs: number, outputs: number, options: GINOptions) {
    super();
    checkOptionNames("GIN", options, optionNames);
    const { random, engine, layers = 4, hidden = 32, edgeDim, trainEps = false } = options;
    const { readout = "sum", dropout = 0.5 } = options;
    checkCounts("GIN", { inputs, outputs, layers, hidden, edgeDim: edgeDim ?? 1 });
    checkDropout("GIN", dropout);
    const drawn = { random, engine };
    this.inputs = inputs;
    this.outputs = outputs;
    this.edgeDim = edgeDim;
    const widths = [inputs, ...new Array<number>(layers).fill(hidden)];
    this.layers = widths.slice(0, -1).map((width) => {
      const network = new NormalizedPerceptron(width, hidden, drawn);
      return edgeDim === undefined
        ? new GINConv(network, { engine, trainEps })
        : new GINEConv(network, { ...drawn, trainEps, edgeDim });
    });
    this.norms = this.layers.map(() => new BatchNorm(hidden, { engine }));
    this.readouts = widths.map((width) => chosenReadout(readout, width, { ...drawn, registry: options.registry }));
    this.linears = this.readouts.map((each) => new Linear(each.outputs, outputs, drawn));
    this.dropout = new Dropout(dropout);
    recordArchitecture(this, GIN, graphIdentity, "gin", { inputs, outputs, ...options });
  }

  forward(graphs: GraphInputs, context: GraphModelContext = {}): Tensor {
    return this.#finish(readLayers(this.readouts, this.#walk(graphs, context), graphs, context), context);
  }

  /** {@link forward}, with the weights of the last read-out where it attends. No layer does. */
  detailed(
    graphs: GraphInputs,
    context: GraphModelContext = {},
  ): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const { read, nodes } = readLayers.detailed(this.readouts, this.#walk(graphs, context), graphs, context);
    return { output: this.#finish(read, context), attention: { nodes, edges: undefined } };
  }

  /** The features, and the nodes after each layer. */
  #walk(graphs: GraphInputs, { training }: GraphModelContext): readonly Tensor[] {
    checkGraphInputs("GIN", graphs, this.inputs, this.edgeDim);
    const { neighborhood, edgeFeatures } = graphs;
    let x = denseFeatures("GIN", graphs.x);
    const all = [x];
    for (const [k, layer] of this.layers.entries()) {
      x = relu(this.norms[k]!.forward(layer.forward(x, neighborhood, { edgeFeatures, training }), { training }));
      all.push(x);
    }
    return all;
  }

  #finish(read: readonly Tensor[], context: GraphModelContext): Tensor {
    const said = read.map((each, k) => this.dropout.forward(this.linears[k]!.forward(each), context));
    return said.reduce((sum, each) => add(sum, each));
  }
}
