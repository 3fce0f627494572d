import type { DenseMatrix, FeatureMatrix, SparseNeighborhood, Tensor } from "@vicinal/core";

/** The nodes of a graph with their features, as typed arrays: what a network of nodes reads. */
export interface NodeInputs {
  /** Who attends to whom, with as many senders as receivers: all nodes. */
  readonly neighborhood: SparseNeighborhood;
  /** One row a node; undefined for nodes that are known by their edges alone. */
  readonly features: FeatureMatrix | undefined;
  /** Features of the edges in the order of the neighborhood's edge list: message `e` has row `e`. */
  readonly edgeFeatures?: DenseMatrix | undefined;
}

/** {@link NodeInputs} with the part that nodes play. */
export interface NodeData extends NodeInputs {
  /** Nodes that are trained on, any count of them. */
  readonly train: Uint32Array;
  /** Nodes that decide when to stop, and which epoch was best, any count of them. */
  readonly validation: Uint32Array;
}

/** {@link NodeData} that certainly has features. */
export type PreparedNodeData = NodeData & { readonly features: FeatureMatrix };

/** Scores a model's logits `[nodes, outputs]` on any count of the nodes. The larger the better. */
export type NodeMetric = (logits: ArrayLike<number>, nodes: Uint32Array) => number;

/**
 * What is learned of nodes: all in which learning one class a node differs from learning several labels a node.
 */
export interface NodeTargets {
  /** Width of the logits. */
  readonly outputs: number;
  /** Scores logits of all nodes, `[nodes, outputs]`. */
  readonly metric: NodeMetric;
  /**
   * The mean loss, one number.
   *
   * @param logits `[rows, outputs]`.
   * @param nodeOf `[rows]`: the node that each answers for; -1 for a row that does not count.
   */
  loss(logits: Tensor, nodeOf: ArrayLike<number>): Tensor;
  /** What logits `[rows, outputs]` say, from 0 to 1, of the same shape. */
  probabilities(logits: Float32Array | Float64Array): Float32Array | Float64Array;
}
