import { AttentionConv } from "../layers/attention-conv.ts";
import { TransformerConv } from "../layers/transformer.ts";
import { GAT } from "../models/gat.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import type { NodeModel } from "../models/node-model.ts";

/** Whether every layer of a model hands each node past its attention; false for models that are not known. */
export function hasShortcut(model: NodeModel): boolean {
  if (model instanceof GraphTransformer) return true;
  if (!(model instanceof GAT)) return false;
  return model.layers.every(
    (layer) =>
      (layer instanceof AttentionConv && layer.residual !== undefined) ||
      (layer instanceof TransformerConv && layer.linearSkip !== undefined),
  );
}
