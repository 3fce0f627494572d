import type { NodeModel } from "../models/node-model.ts";
import { featureRows } from "../sample/feature-rows.ts";
import { partAmong } from "../sample/graph-part.ts";
import { isLayered, layersOf } from "../sample/network-layers.ts";
import { NodeNumbers } from "../sample/node-numbers.ts";
import type { LabelingInputs } from "./explainable-labeling.ts";
import { reachOf } from "./reach.ts";

/**
 * The part of a graph that the answer of a model for one node depends on, by keys as the whole; the whole where that is not known. A model that can
 * be cut into layers looks one step further with each, and at nothing else.
 */
export function inputsInReach(model: NodeModel, inputs: LabelingInputs, node: number): LabelingInputs {
  if (!isLayered(model)) return inputs;
  const { converted, features, edgeFeatures } = inputs;
  const { neighborhood: whole, weights } = converted;
  const { nodes } = reachOf(whole, [node], layersOf("explainNode", model).length);
  const { neighborhood, edges } = partAmong(whole, nodes, new NodeNumbers(whole.senders));
  const keys = Array.from(nodes, (i) => converted.nodes[i]!);
  return {
    converted: {
      neighborhood,
      nodes: keys,
      indexOf: new Map(keys.map((key, i) => [key, i])),
      edgeKeys: Array.from(edges, (edge) => converted.edgeKeys[edge]!),
      weights: weights && Float32Array.from(edges, (edge) => weights[edge]!),
    },
    features: featureRows(features, nodes),
    edgeFeatures: edgeFeatures && featureRows(edgeFeatures, edges),
  };
}
