import {
  add,
  checkChoice,
  checkCounts,
  checkOptionNames,
  divide,
  full,
  Linear,
  Module,
  maximum,
  type ParameterOptions,
  relu,
  type SparseNeighborhood,
  SparseTensor,
  sqrt,
  square,
  sum,
  type Tensor,
} from "@vicinal/core";
import type { GraphLayer, LayerContext, LayerInput, NodeFeatureTensor } from "./graph-layer.ts";
import { checkedSides, denseFeatures, type InputWidths, refuseEdgeFeatures, widthsOf } from "./layer-input.ts";
import { aggregate, type NeighborAggregation } from "./neighbor-sums.ts";
import { product } from "./projection.ts";

/** Options of {@link SAGEConv}; names and defaults are PyTorch Geometric's. */
export interface SAGEConvOptions extends ParameterOptions {
  /** How the features of neighbors become one row. Default `"mean"`. */
  readonly aggr?: NeighborAggregation;
  /** Whether each row of the output is divided by its length. Default false. */
  readonly normalize?: boolean;
  /** Whether a projection of the receiver's own features is added. Default true. */
  readonly rootWeight?: boolean;
  /** Whether neighbors go through a layer with a ReLU before they are aggregated. Default false. */
  readonly project?: boolean;
  /** Whether a learned vector is added to the output. Default true. */
  readonly bias?: boolean;
}

const aggregations: readonly string[] = ["mean", "sum", "max", "min"] satisfies readonly NeighborAggregation[];

/** The length below which a row counts as zeros, that of PyTorch's `normalize`. */
const shortest = 1e-12;

/**
 * The GraphSAGE layer (Hamilton, Ying and Leskovec, "Inductive Representation Learning on Large Graphs", NeurIPS 2017, algorithm 1):
 *
 * ```math
 * \mathrm{out}_i = W_\mathrm{left} \operatorname{aggregate}_{j \in N(i)} x_j + W_\mathrm{right}\, x_i + \mathrm{bias}
 * ```
 *
 * with the mean, the sum, the largest or the smallest of each channel, and with `project` of `relu(W x_j + b)` in place of `x_j` (eq. 3). A node
 * without neighbors has an aggregate of zeros. From `[nodes, inputs]` to `[nodes, channels]`; with two input widths senders and receivers are
 * different nodes, and receivers may come without features. Names and defaults are those of PyTorch Geometric's `SAGEConv`, whose other
 * aggregations are not here.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `unexpected-input` for edge
 * features, `sparse-features` for the largest or smallest of features that are sparse.
 */
export class SAGEConv extends Module implements GraphLayer {
  readonly outputs: number;
  /** How the features of neighbors become one row. */
  readonly aggr: NeighborAggregation;
  /** Whether each row of the output is divided by its length. */
  readonly normalize: boolean;
  /** Of the senders, `[inputs, inputs]`; undefined unless `project`. */
  readonly linear: Linear | undefined;
  /** Of what was aggregated, `[channels, inputs]`. */
  readonly linearLeft: Linear;
  /** Of the receivers, `[channels, inputs]`, without bias; undefined without `rootWeight`. */
  readonly linearRight: Linear | undefined;

  constructor(inputs: InputWidths, channels: number, options: SAGEConvOptions) {
    super();
    checkOptionNames("SAGEConv", options, [
      ...["random", "engine", "aggr", "normalize", "rootWeight", "project", "bias"],
    ]);
    const { random, engine, aggr = "mean", normalize = false, rootWeight = true, project = false } = options;
    const [senders, receivers] = widthsOf(inputs);
    checkCounts("SAGEConv", { inputs: senders, "inputs of the receivers": receivers, channels });
    checkChoice("SAGEConv", "aggr", aggr, aggregations);
    this.outputs = channels;
    this.aggr = aggr;
    this.normalize = normalize;
    this.linear = project ? new Linear(senders, senders, { random, engine }) : undefined;
    this.linearLeft = new Linear(senders, channels, { random, engine, bias: options.bias ?? true });
    this.linearRight = rootWeight ? new Linear(receivers, channels, { random, engine, bias: false }) : undefined;
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    const [senders, receivers] = checkedSides("SAGEConv", x, neighborhood);
    refuseEdgeFeatures("SAGEConv", context);
    const projected = this.linear === undefined ? senders : relu(this.linear.forward(senders));
    const ofNeighbors = this.#ofNeighbors(projected, neighborhood);
    const both = this.linearRight && receivers ? add(ofNeighbors, this.linearRight.forward(receivers)) : ofNeighbors;
    return this.normalize ? unitRows(both) : both;
  }

  /** `W_left aggregate(x) + b`; sums commute with the projection, which comes first where it makes rows narrower. */
  #ofNeighbors(x: NodeFeatureTensor, neighborhood: SparseNeighborhood): Tensor {
    const { weight, bias, inputs, outputs } = this.linearLeft;
    const commutes = this.aggr === "mean" || this.aggr === "sum";
    if (!commutes || (outputs >= inputs && !(x instanceof SparseTensor))) {
      return this.linearLeft.forward(aggregate(denseFeatures("SAGEConv", x), neighborhood, this.aggr));
    }
    const summed = aggregate(product(x, weight), neighborhood, this.aggr);
    return bias === undefined ? summed : add(summed, bias);
  }
}

function unitRows(x: Tensor): Tensor {
  const lengths = sum(square(x), { axis: 1, keepDimension: true });
  // The maximum is taken before the root, whose slope at 0 is infinite.
  return divide(x, sqrt(maximum(lengths, full([1, 1], shortest ** 2, { engine: x.engine }))));
}
