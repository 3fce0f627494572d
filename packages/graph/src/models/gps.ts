import {
  checkCounts,
  checkOptionNames,
  Linear,
  Module,
  recordArchitecture,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import type { LayerAttention, NodeFeatureTensor } from "../layers/graph-layer.ts";
import { graphIdentity } from "../plugin/graph-identity.ts";
import { type GPSModelContext, type GPSOptions, GPSStack, gpsOptionNames } from "./gps-stack.ts";
import type { NodeModel } from "./node-model.ts";

/**
 * The graph transformer of Rampášek et al., "Recipe for a General, Powerful, Scalable Graph Transformer", NeurIPS 2022, for answers about nodes:
 *
 *     x = W features [+ W_p encodings];   x = GPSConv(x) for each layer;   out = W_out x
 *
 * In each layer messages pass along the edges while every node attends to all nodes of its graph: the context's `lengths` say which these are, and
 * without them all nodes are of one graph. Encodings tell the attention, which knows no edges, where nodes stand. From `[nodes, inputs]` to
 * `[nodes, outputs]`. For answers about graphs see {@link GraphGPS}.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide` when `hidden` is no multiple of `heads`, `unexpected-input` for an
 * `edgeDim` that nothing reads; `forward` throws ShapeError `shapes-differ`, or `too-few-rows` for one node while training with batch norm; OptionError
 * `missing-input` or `unexpected-input` for encodings or edge features that do not agree with `encodingDim` or `edgeDim`.
 */
export class GPS extends Module implements NodeModel {
  /** Width of the output. */
  readonly outputs: number;
  /** From features to what nodes are after the last layer. */
  readonly stack: GPSStack;
  /** From `hidden` to `outputs`. */
  readonly output: Linear;

  constructor(inputs: number, outputs: number, options: GPSOptions) {
    super();
    checkOptionNames("GPS", options, gpsOptionNames);
    checkCounts("GPS", { outputs });
    const { random, engine } = options;
    this.outputs = outputs;
    this.stack = new GPSStack("GPS", inputs, options);
    this.output = new Linear(this.stack.hidden, outputs, { random, engine });
    recordArchitecture(this, GPS, graphIdentity, "gps", { inputs, outputs, ...options });
  }

  /** From `[nodes, inputs]` to `[nodes, outputs]`. */
  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: GPSModelContext = {}): Tensor {
    return this.output.forward(this.stack.forward(x, neighborhood, context));
  }

  /**
   * {@link forward}, with the attention of the last layer among all nodes of each graph. No pair stands for an edge: `edgeOf` is -1 everywhere.
   * Takes memory of pairs x heads.
   */
  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context: GPSModelContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { output, attention } = this.stack.detailed(x, neighborhood, context);
    return { output: this.output.forward(output), attention };
  }
}
