import type { Module, SparseNeighborhood, Tensor } from "@vicinal/core";
import type { LayerAttention, LayerContext, NodeFeatureTensor } from "../layers/graph-layer.ts";

/** A network from features of nodes, `[nodes, inputs]`, to outputs of nodes, `[nodes, outputs]`. */
export interface NodeModel extends Module {
  /** `[nodes, outputs]`. */
  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context?: LayerContext): Tensor;
  /** `forward`, with the attention of the last layer. */
  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context?: LayerContext,
  ): { readonly output: Tensor; readonly attention: LayerAttention };
}
