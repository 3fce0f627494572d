import { checkCounts, checkOptionNames, Module, recordArchitecture, type Tensor } from "@vicinal/core";
import { graphIdentity } from "../plugin/graph-identity.ts";
import type { AnyReadoutName } from "../readout/readout-by-name.ts";
import { checkGraphInputs } from "./check-graph-inputs.ts";
import { type GPSModelContext, type GPSOptions, GPSStack, gpsOptionNames } from "./gps-stack.ts";
import { GraphHead } from "./graph-head.ts";
import type { GraphInputs, GraphModel, GraphModelAttention, GraphModelContext } from "./graph-model.ts";
import { lengthsOfGraphs } from "./lengths-of-graphs.ts";

/** Options of {@link GraphGPS}. */
export interface GraphGPSOptions extends GPSOptions {
  /** What makes one row of numbers of the nodes of a graph. Default `"mean"`. */
  readonly readout?: AnyReadoutName;
  /** Count of projections from what was read out to the outputs, with ReLUs between them. Default 2. */
  readonly headLayers?: number;
}

/** What {@link GraphGPS} reads. The nodes come one graph after the other, as a `GraphBatch` has them. */
export interface GraphGPSInputs extends GraphInputs {
  /** Where the nodes stand, `[nodes, encodingDim]`, such as Laplacian or random-walk encodings. */
  readonly encodings?: Tensor | undefined;
}

/**
 * {@link GPS} for answers about graphs: its layers, a read-out, and a multi-layer perceptron as wide inside as the nodes. From graphs with features
 * `[nodes, inputs]` to `[graphs, outputs]`.
 *
 * @throws As {@link GPS}; `forward` also throws DataError `not-grouped` for nodes that do not come one graph after the other, `index-out-of-range` for a
 * graph that is not there.
 */
export class GraphGPS extends Module implements GraphModel {
  readonly outputs: number;
  /** From features to what nodes are after the last layer. */
  readonly stack: GPSStack;
  /** From nodes to outputs of graphs. */
  readonly head: GraphHead;

  constructor(inputs: number, outputs: number, options: GraphGPSOptions) {
    super();
    checkOptionNames("GraphGPS", options, [...gpsOptionNames, "readout", "headLayers"]);
    const { random, engine, registry, readout = "mean", headLayers = 2, dropout = 0 } = options;
    checkCounts("GraphGPS", { outputs, headLayers });
    this.outputs = outputs;
    this.stack = new GPSStack("GraphGPS", inputs, options);
    this.head = new GraphHead(this.stack.hidden, outputs, 1, {
      random,
      engine,
      registry,
      readout,
      headLayers,
      dropout,
    });
    recordArchitecture(this, GraphGPS, graphIdentity, "graph-gps", { inputs, outputs, ...options });
  }

  forward(graphs: GraphGPSInputs, context: GraphModelContext = {}): Tensor {
    const nodes = this.stack.forward(graphs.x, graphs.neighborhood, this.#read(graphs, context));
    return this.head.forward([nodes], graphs, context);
  }

  /**
   * {@link forward}, with the weights of the read-out and the attention of the last layer among all nodes of each graph, as `edges`: no pair stands
   * for an edge, `edgeOf` is -1 everywhere. Takes memory of pairs x heads.
   */
  detailed(
    graphs: GraphGPSInputs,
    context: GraphModelContext = {},
  ): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const last = this.stack.detailed(graphs.x, graphs.neighborhood, this.#read(graphs, context));
    const { output, nodes } = this.head.detailed([last.output], graphs, context);
    return { output, attention: { nodes, edges: last.attention } };
  }

  #read(graphs: GraphGPSInputs, { training }: GraphModelContext): GPSModelContext {
    checkGraphInputs("GraphGPS", graphs, this.stack.inputs, this.stack.edgeDim);
    const { edgeFeatures, encodings } = graphs;
    return { edgeFeatures, encodings, lengths: lengthsOfGraphs("GraphGPS", graphs), training };
  }
}
