import { checkOptionNames, DataError, type SparseNeighborhood, slice, type Tensor } from "@vicinal/core";
import type { NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { NodeModel } from "../models/node-model.ts";
import {
  type AttentionCheck,
  type AttentionCheckOptions,
  attentionCheckOptionNames,
  checkAttention,
} from "./check-attention.ts";

/** What a {@link NodeModel} reads. */
export interface NodeModelInputs {
  /** `[nodes, inputs]`. */
  readonly x: NodeFeatureTensor;
  /** Who attends to whom. */
  readonly neighborhood: SparseNeighborhood;
  /** `[edges, edgeDim]`, in the order of the edge list that the neighborhood was made from. */
  readonly edgeFeatures?: Tensor | undefined;
  /** What else the model reads and what stays as it is when edges are removed, such as the encodings that `GPS` reads. Default: nothing. */
  readonly context?: object | undefined;
}

/** Options of {@link checkNodeAttention}. */
export interface CheckNodeAttentionOptions extends AttentionCheckOptions {
  /** The number of the node whose answer is looked at. */
  readonly node: number;
}

/**
 * Checks whether the attention of a model says which edges its answer for a node rests on: removes the edges that most of the answer passed along by
 * {@link attentionRollout}, among all within reach, and asks the model again, as {@link checkImportance} does. Removed messages are removed from every
 * layer; of an undirected edge each direction is a message of its own. Self-loops are removed only where no layer gives every node one anyhow.
 *
 * The model runs `2 * draws + 7` times on the whole graph. On a large one, give the part that a node can be reached from: the `neighborhood` of a
 * `neighborSampler` with a fan-out of -1, and the rows of `nodes`.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, `no-attention` for a model that does not attend along these edges; DataError
 * `index-out-of-range` for a node that is not there; ShapeError `shapes-differ` for an importance of another length; as {@link attentionRollout},
 * {@link checkImportance} and the model.
 */
export async function checkNodeAttention(
  model: NodeModel,
  { x, neighborhood, edgeFeatures, context }: NodeModelInputs,
  { node, ...options }: CheckNodeAttentionOptions,
): Promise<AttentionCheck> {
  checkOptionNames("checkNodeAttention", options, attentionCheckOptionNames);
  if (!(Number.isInteger(node) && node >= 0 && node < neighborhood.receivers)) {
    throw new DataError(
      "index-out-of-range",
      `checkNodeAttention: got the node ${node}; expected a whole number below ${neighborhood.receivers}, the count of nodes.`,
    );
  }
  const outputs = (edges: SparseNeighborhood, ofEdges: Tensor | undefined): Tensor =>
    slice(model.forward(x, edges, { ...context, edgeFeatures: ofEdges }), 0, node, node + 1);
  const from = (): Float64Array => new Float64Array(neighborhood.receivers).fill(1, node, node + 1);
  return checkAttention("checkNodeAttention", { neighborhood, edgeFeatures, outputs, from }, options);
}
