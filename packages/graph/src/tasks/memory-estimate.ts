import type { PreparedNodeData } from "./node-targets.ts";
import type { SettledOptions } from "./recipe.ts";

/** A step on the whole graph is not tried above this estimate: a WebAssembly engine can hold 4 GiB, and an estimate may be too low. */
export const largestStepBytes = 3 * 2 ** 30;

/**
 * About how many bytes an engine of 32-bit numbers holds at the peak of a step on the whole graph: what the backward pass keeps, and its
 * gradients. A rule that was fitted to measured peaks, of which it is between 0.9 and 1.4 times in the tests: nodes times widths, because fused
 * attention keeps nothing for each edge, unless edges have features; the backward pass of GAT has a number for each edge and head while it runs.
 */
export function estimatedStepBytes(data: PreparedNodeData, outputs: number, settled: SettledOptions): number {
  const { neighborhood, features, edgeFeatures } = data;
  const { receivers: nodes, edges } = neighborhood;
  const { layers, hidden, heads } = settled;
  // Dropped features beside the features; the first weight with its gradient, two moments and a transposed copy.
  const input =
    features.kind === "dense"
      ? 2 * nodes * features.columns
      : 4 * features.indices.length + 6 * features.columns * hidden;
  const attentions = settled.model === "graph-transformer" ? layers : layers - 1;
  const ofEdges =
    edges * (3 + (settled.layer === "gat" ? heads : 0) + (edgeFeatures === undefined ? 0 : 5 * hidden * attentions));
  return 4 * (input + nodes * floatsOfNode(outputs, settled) + ofEdges);
}

/** Numbers of one node beside its features. */
function floatsOfNode(outputs: number, settled: SettledOptions): number {
  const { model, layer, layers, hidden, outputHeads, residual, normalize } = settled;
  if (model === "graph-transformer") return (17 + 19 * layers) * hidden + 5 * outputs;
  const ofLayer = (layer === "gat" ? 4 : 12) + (normalize ? 6 : 0) + (residual ? 2 : 0);
  return ofLayer * hidden * (layers - 1) + 5 * outputs * outputHeads + 150;
}
