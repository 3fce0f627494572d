import type { Module, SparseNeighborhood, SparseTensor, Tensor, Training } from "@vicinal/core";

/** Features of nodes: `[nodes, width]`, dense or sparse. */
export type NodeFeatureTensor = Tensor | SparseTensor;

/**
 * Features of the two sides of a layer: one tensor when senders and receivers are the same nodes; else those of the senders, and those of
 * the receivers or undefined where a layer can do without.
 */
export type LayerInput =
  | NodeFeatureTensor
  | readonly [senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined];

/** What a layer may read beside the nodes. */
export interface LayerContext {
  /** Features of the edges, `[edges, edgeDim]`, in the order of the edge list that the neighborhood was made from. */
  readonly edgeFeatures?: Tensor | undefined;
  /** Present while training: dropout draws from it. */
  readonly training?: Training | undefined;
}

/** What a layer over weighted edges may read beside the nodes. */
export interface WeightedLayerContext extends LayerContext {
  /** How much each edge counts, `[edges]`, in the order of the edge list that the neighborhood was made from. Default: 1 each. */
  readonly edgeWeights?: Tensor | undefined;
}

/** The attention of a layer, edge by edge. */
export interface LayerAttention {
  /** The edges attended over: those given, with self-loops if the layer adds them. */
  readonly neighborhood: SparseNeighborhood;
  /**
   * `[positions]`: for each position of `neighborhood` the number that the edge had in the edge list given; -1 for a self-loop that the layer
   * added and that was not in the list.
   */
  readonly edgeOf: Int32Array;
  /** `[edges, heads]` in the order of `neighborhood`'s positions, before dropout. */
  readonly weights: Tensor;
}

/** A layer that turns the features of nodes into others by looking at neighbors. */
export interface GraphLayer extends Module {
  /** Width of the output. */
  readonly outputs: number;
  /** From `[senders, width]` to `[receivers, outputs]`. */
  forward(x: LayerInput, neighborhood: SparseNeighborhood, context?: LayerContext): Tensor;
}

/** A {@link GraphLayer} whose weights can be looked at. */
export interface AttentionLayer extends GraphLayer {
  /** `forward`, with the attention. */
  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context?: LayerContext,
  ): { readonly output: Tensor; readonly attention: LayerAttention };
}
