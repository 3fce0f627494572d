import {
  add,
  checkOptionNames,
  type Engine,
  full,
  keep,
  Module,
  multiply,
  parameter,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import { checkFinite } from "./check-options.ts";
import type { GraphLayer, LayerContext, LayerInput, NodeFeatureTensor } from "./graph-layer.ts";
import { checkedSides, denseFeatures, expectMatrix, refuseEdgeFeatures } from "./layer-input.ts";
import { neighborSum } from "./neighbor-sums.ts";
import type { NodeNetwork } from "./perceptron.ts";

/** Options of {@link GINConv}; names and defaults are PyTorch Geometric's. */
export interface GINConvOptions {
  /** That of the network. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** By how much a node counts more than a neighbor, at first. Default 0. */
  readonly eps?: number;
  /** Whether eps is learned. Default false. */
  readonly trainEps?: boolean;
}

/** What {@link GINConv} and {@link GINEConv} share: `out_i = network((1 + eps) x_i + sum over j in N(i) of message_ij)`. */
export abstract class IsomorphismConv extends Module implements GraphLayer {
  readonly outputs: number;
  /** What is applied to the sum. */
  readonly network: NodeNetwork;
  /** `[1]`: by how much a node counts more than a neighbor. */
  readonly eps: Tensor;
  readonly #name: string;

  protected constructor(name: string, network: NodeNetwork, { engine, eps = 0, trainEps = false }: GINConvOptions) {
    super();
    checkFinite(name, "eps", eps);
    this.#name = name;
    this.outputs = network.outputs;
    this.network = network;
    this.eps = trainEps ? parameter([eps], [1], { engine }) : keep(full([1], eps, { engine }));
  }

  /** The sum of what the neighbors of each node send, `[receivers, inputs]`. */
  protected abstract messages(senders: Tensor, neighborhood: SparseNeighborhood, context: LayerContext): Tensor;

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    const [senders, receivers] = checkedSides(this.#name, x, neighborhood);
    const ofNeighbors = this.messages(this.#checked(senders), neighborhood, context);
    const own = receivers && multiply(this.#checked(receivers), add(this.eps, 1));
    return this.network.forward(own === undefined ? ofNeighbors : add(ofNeighbors, own), {
      training: context.training,
    });
  }

  #checked(x: NodeFeatureTensor): Tensor {
    const features = denseFeatures(this.#name, x);
    expectMatrix(this.#name, "features", features, features.shape[0] ?? 0, this.network.inputs);
    return features;
  }
}

/**
 * The graph isomorphism layer (Xu et al., "How Powerful are Graph Neural Networks?", ICLR 2019, eq. 4.1):
 *
 * ```math
 * \mathrm{out}_i = \operatorname{network}\Bigl((1 + \mathrm{eps})\, x_i + \sum_{j \in N(i)} x_j\Bigr)
 * ```
 *
 * From `[nodes, inputs]` to `[nodes, outputs]`, both widths being the network's. Given features of two sides, senders and receivers are different
 * nodes, of the same width; receivers may come without features. Names and defaults are those of PyTorch Geometric's `GINConv`.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `unexpected-input` for edge
 * features, `sparse-features`.
 */
export class GINConv extends IsomorphismConv {
  constructor(network: NodeNetwork, options: GINConvOptions = {}) {
    checkOptionNames("GINConv", options, ["engine", "eps", "trainEps"]);
    super("GINConv", network, options);
  }

  protected messages(senders: Tensor, neighborhood: SparseNeighborhood, context: LayerContext): Tensor {
    refuseEdgeFeatures("GINConv", context);
    return neighborSum(senders, neighborhood);
  }
}
