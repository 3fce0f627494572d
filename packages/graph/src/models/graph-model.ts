import type { Module, SparseNeighborhood, Tensor, Training } from "@vicinal/core";
import type { LayerAttention, NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { GraphMembership } from "../readout/membership.ts";

/** What a {@link GraphModel} reads: many graphs as one, as a `GraphBatch` holds them, with their features as tensors. */
export interface GraphInputs extends GraphMembership {
  /** `[nodes, inputs]`. */
  readonly x: NodeFeatureTensor;
  /** Who attends to whom; no edge joins two graphs. */
  readonly neighborhood: SparseNeighborhood;
  /** Features of the edges, `[edges, edgeDim]`, in the order of the edge list that the neighborhood was made from. */
  readonly edgeFeatures?: Tensor | undefined;
}

/** What a {@link GraphModel} may read beside the graphs. */
export interface GraphModelContext {
  /** Present while training: dropout draws from it. */
  readonly training?: Training | undefined;
}

/** What a {@link GraphModel} attended to. */
export interface GraphModelAttention {
  /**
   * How much each node counted in the answer of its graph, `[nodes, heads]`, each head's weights of a graph summing to 1. Undefined where the
   * read-out does not attend.
   */
  readonly nodes: Tensor | undefined;
  /** Of the last layer over edges; undefined where it does not attend. */
  readonly edges: LayerAttention | undefined;
}

/** A network from graphs to outputs of graphs, `[graphs, outputs]`. */
export interface GraphModel extends Module {
  /** Width of the output. */
  readonly outputs: number;
  /** `[graphs, outputs]`. */
  forward(graphs: GraphInputs, context?: GraphModelContext): Tensor;
  /** `forward`, with what was attended to. */
  detailed(
    graphs: GraphInputs,
    context?: GraphModelContext,
  ): { readonly output: Tensor; readonly attention: GraphModelAttention };
}
