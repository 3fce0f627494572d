import {
  add,
  checkCounts,
  checkOptionNames,
  gatherRows,
  Linear,
  type ParameterOptions,
  relu,
  type SparseNeighborhood,
  segmentSum,
  type Tensor,
} from "@vicinal/core";
import { type GINConvOptions, IsomorphismConv } from "./gin.ts";
import type { LayerContext } from "./graph-layer.ts";
import { requiredEdgeFeatures } from "./layer-input.ts";
import { ofSenders } from "./neighbor-sums.ts";
import type { NodeNetwork } from "./perceptron.ts";

/** Options of {@link GINEConv}; names and defaults are PyTorch Geometric's. */
export interface GINEConvOptions extends GINConvOptions, ParameterOptions {
  /** Width of the edge features, which are then projected to that of the nodes. Default: they have the width of the nodes. */
  readonly edgeDim?: number;
}

/**
 * {@link GINConv} with edge features (Hu et al., "Strategies for Pre-training Graph Neural Networks", ICLR 2020):
 *
 * ```math
 * \mathrm{out}_i = \operatorname{network}\Bigl((1 + \mathrm{eps})\, x_i + \sum_{j \in N(i)} \operatorname{relu}(x_j + e_{ij})\Bigr)
 * ```
 *
 * where `e_ij` is `W e_ij + b` with `edgeDim`. Takes memory of edges x inputs. From `[nodes, inputs]` to `[nodes, outputs]`, both widths being the
 * network's. Names and defaults are those of PyTorch Geometric's `GINEConv`.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` without edge
 * features, `sparse-features`.
 */
export class GINEConv extends IsomorphismConv {
  /** From edge features to the width of the nodes; undefined without `edgeDim`. */
  readonly linear: Linear | undefined;
  /** Width of the edge features. */
  readonly edgeDim: number;

  constructor(network: NodeNetwork, options: GINEConvOptions) {
    checkOptionNames("GINEConv", options, ["random", "engine", "eps", "trainEps", "edgeDim"]);
    const { random, engine, edgeDim } = options;
    checkCounts("GINEConv", { edgeDim: edgeDim ?? 1 });
    super("GINEConv", network, options);
    this.edgeDim = edgeDim ?? network.inputs;
    this.linear = edgeDim === undefined ? undefined : new Linear(edgeDim, network.inputs, { random, engine });
  }

  protected messages(senders: Tensor, neighborhood: SparseNeighborhood, context: LayerContext): Tensor {
    const { edges, edgeOf, offsets } = neighborhood;
    const features = requiredEdgeFeatures("GINEConv", context, edges, this.edgeDim);
    const ofEdges = gatherRows(this.linear?.forward(features) ?? features, edgeOf);
    return segmentSum(relu(add(ofSenders(senders, neighborhood), ofEdges)), { offsets, permutation: undefined });
  }
}
