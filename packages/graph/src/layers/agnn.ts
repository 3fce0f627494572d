import {
  attend,
  checkCounts,
  checkOptionNames,
  type Engine,
  full,
  keep,
  learnedCosine,
  Module,
  parameter,
  reshape,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import { isAttentionWanted, reportAttention } from "./attention-recorder.ts";
import type { AttentionLayer, LayerAttention, LayerContext, LayerInput } from "./graph-layer.ts";
import { denseFeatures, expectMatrix, oneSide, refuseEdgeFeatures } from "./layer-input.ts";
import { attendedEdges, attentionOver } from "./self-loops.ts";

/** Options of {@link AGNNConv}; names and defaults are PyTorch Geometric's. */
export interface AGNNConvOptions {
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** Whether beta is learned; otherwise it stays 1. Default true. */
  readonly requiresGrad?: boolean;
  /** Whether self-loops are removed and each node given one. Default true. */
  readonly addSelfLoops?: boolean;
}

/** The length that PyTorch's `normalize` divides shorter vectors by. */
const score = learnedCosine({ epsilon: 1e-12 });

/**
 * The propagation layer of AGNN (Thekumparampil et al., "Attention-based Graph Neural Network for Semi-supervised Learning", 2018):
 *
 * ```math
 * w_{ij} = \operatorname{softmax}_{j \in N(i)} \beta \cos(x_i, x_j), \qquad \mathrm{out}_i = \sum_{j \in N(i)} w_{ij} x_j
 * ```
 *
 * It has no weights but `beta`, one number that is 1 at first. `[nodes, inputs]` to `[nodes, inputs]`; senders and receivers are the same nodes.
 * Names and defaults are those of PyTorch Geometric's `AGNNConv`, which is given no width.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `unexpected-input` for edge
 * features or features of two sides, `sparse-features`.
 */
export class AGNNConv extends Module implements AttentionLayer {
  readonly outputs: number;
  /** Whether self-loops are removed and each node given one. */
  readonly addSelfLoops: boolean;
  /** `[1]`, the reciprocal of a temperature. */
  readonly beta: Tensor;

  constructor(inputs: number, options: AGNNConvOptions = {}) {
    super();
    checkOptionNames("AGNNConv", options, ["engine", "requiresGrad", "addSelfLoops"]);
    checkCounts("AGNNConv", { inputs });
    const { engine, requiresGrad = true, addSelfLoops = true } = options;
    this.outputs = inputs;
    this.addSelfLoops = addSelfLoops;
    this.beta = requiresGrad ? parameter([1], [1], { engine }) : keep(full([1], 1, { engine }));
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    if (isAttentionWanted(neighborhood)) return this.detailed(x, neighborhood, context).output;
    const { edges, inputs, options, shape } = this.#prepare(x, neighborhood, context);
    return reshape(attend(edges, inputs, options), shape);
  }

  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const { edges, inputs, options, shape } = this.#prepare(x, neighborhood, context);
    const { output, weights } = attend.detailed(edges, inputs, options);
    const attention = attentionOver(neighborhood, this.addSelfLoops, weights);
    reportAttention(neighborhood, attention);
    return { output: reshape(output, shape), attention };
  }

  #prepare(x: LayerInput, given: SparseNeighborhood, context: LayerContext) {
    const features = denseFeatures("AGNNConv", oneSide("AGNNConv", x, given));
    expectMatrix("AGNNConv", "features", features, given.senders, this.outputs);
    refuseEdgeFeatures("AGNNConv", context);
    const { shape } = features;
    const nodes = reshape(features, [given.senders, 1, this.outputs]);
    return {
      edges: attendedEdges(given, this.addSelfLoops),
      inputs: { query: nodes, key: nodes, value: nodes },
      options: { score, parameters: { beta: this.beta } },
      shape,
    };
  }
}
