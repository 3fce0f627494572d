import { checkOptionNames, DataError, scope, slice, type Tensor, withoutGradient } from "@vicinal/core";
import type { GraphInputs, GraphModel } from "../models/graph-model.ts";
import {
  type AttentionCheck,
  type AttentionCheckOptions,
  attentionCheckOptionNames,
  checkAttention,
  type EdgeAnswer,
} from "./check-attention.ts";

/** Options of {@link checkGraphAttention}. */
export interface CheckGraphAttentionOptions extends AttentionCheckOptions {
  /** The graph of the batch whose answer is looked at, by its place. Default 0. */
  readonly graph?: number | undefined;
}

/**
 * {@link checkNodeAttention} for the answer of a graph. By attention the answer came from the nodes as the read-out weighs them, or from all alike where it
 * does not attend, and to these along edges as the layers attend.
 *
 * @throws As {@link checkNodeAttention}; DataError `index-out-of-range` for a graph that is not in the batch, `no-nodes` for one without nodes.
 */
export async function checkGraphAttention(
  model: GraphModel,
  inputs: GraphInputs,
  { graph = 0, ...options }: CheckGraphAttentionOptions = {},
): Promise<AttentionCheck> {
  checkOptionNames("checkGraphAttention", options, attentionCheckOptionNames);
  checkGraphNumber(graph, inputs);
  const { neighborhood, edgeFeatures } = inputs;
  const outputs: EdgeAnswer["outputs"] = (edges, ofEdges): Tensor =>
    slice(model.forward({ ...inputs, neighborhood: edges, edgeFeatures: ofEdges }), 0, graph, graph + 1);
  const from = (): Promise<Float64Array> => nodesInAnswer(model, inputs, graph);
  return checkAttention("checkGraphAttention", { neighborhood, edgeFeatures, outputs, from }, options);
}

/** How much each node counts in the answer of a graph, `[nodes]`: the mean over the heads of the read-out, or the same for all nodes of the graph. */
async function nodesInAnswer(model: GraphModel, inputs: GraphInputs, graph: number): Promise<Float64Array> {
  const weights = withoutGradient(() => scope(() => model.detailed(inputs).attention.nodes));
  const isOwn = (node: number): boolean => inputs.graphOf[node] === graph;
  const counts = new Float64Array(inputs.graphOf.length);
  if (weights === undefined) return counts.map((_, node) => (isOwn(node) ? 1 : 0));
  const values = await weights.data();
  const heads = weights.shape[1] ?? 1;
  for (let node = 0; node < counts.length; node++) {
    if (isOwn(node)) for (let h = 0; h < heads; h++) counts[node]! += values[node * heads + h]! / heads;
  }
  return counts;
}

function checkGraphNumber(graph: number, { graphs, graphOf }: GraphInputs): void {
  if (!(Number.isInteger(graph) && graph >= 0 && graph < graphs)) {
    throw new DataError(
      "index-out-of-range",
      `checkGraphAttention: got the graph ${graph}; expected a whole number below ${graphs}, the count of graphs of the batch.`,
    );
  }
  if (!graphOf.includes(graph)) {
    throw new DataError(
      "no-nodes",
      `checkGraphAttention: got the graph ${graph}, which has no nodes; expected at least one.`,
    );
  }
}
