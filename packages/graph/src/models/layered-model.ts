import type { Module, SparseNeighborhood, Tensor } from "@vicinal/core";
import type { LayerAttention, LayerContext, LayerInput, NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { NodeModel } from "./node-model.ts";

/**
 * One layer of a network with what comes before the next, such as an activation: every graph layer whose senders and receivers may differ,
 * or an object that calls one,
 *
 *     { forward: (x, neighborhood, context) => relu(sage.forward(x, neighborhood, context)) }
 *
 * `x` is the pair of the senders' and the receivers' features; the receivers are the first of the senders.
 */
export interface NetworkLayer {
  /** From `[senders, width]` to `[receivers, outputs]`. */
  forward(x: LayerInput, neighborhood: SparseNeighborhood, context?: LayerContext): Tensor;
}

/** A {@link NetworkLayer} whose weights can be looked at. */
export interface AttentiveNetworkLayer extends NetworkLayer {
  /** `forward`, with the attention. */
  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context?: LayerContext,
  ): { readonly output: Tensor; readonly attention: LayerAttention };
}

/** A model that can be cut into layers, each of which then runs over a neighborhood of its own: on samples, and in chunks. */
export interface LayeredModel extends NodeModel {
  /** What `forward` does one after the other, as many as the steps away that a node looks. */
  networkLayers(): readonly AttentiveNetworkLayer[];
}

/** The output of a model whose layers all run over one neighborhood, of as many senders as receivers. */
export function forwardThrough(
  model: LayeredModel,
  x: NodeFeatureTensor,
  neighborhood: SparseNeighborhood,
  context: LayerContext,
): Tensor {
  const { before, last } = cutBeforeLast(model, x, neighborhood, context);
  return last.forward(before, neighborhood, context);
}

/** {@link forwardThrough}, with the attention of the last layer. */
export function detailedThrough(
  model: LayeredModel,
  x: NodeFeatureTensor,
  neighborhood: SparseNeighborhood,
  context: LayerContext,
): { readonly output: Tensor; readonly attention: LayerAttention } {
  const { before, last } = cutBeforeLast(model, x, neighborhood, context);
  return last.detailed(before, neighborhood, context);
}

/** The last layer, and its input. */
function cutBeforeLast(
  model: LayeredModel,
  x: NodeFeatureTensor,
  neighborhood: SparseNeighborhood,
  context: LayerContext,
): { readonly before: NodeFeatureTensor; readonly last: AttentiveNetworkLayer } {
  const layers = model.networkLayers();
  let before = x;
  for (const layer of layers.slice(0, -1)) before = layer.forward(before, neighborhood, context);
  return { before, last: layers[layers.length - 1]! };
}

/** Whether a module is a {@link LayeredModel}. */
export function isLayered(model: Module): model is Module & LayeredModel {
  return "networkLayers" in model && "forward" in model && "detailed" in model;
}
