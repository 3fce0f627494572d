/** How much one node attended to another, along one edge, in every layer. */
export interface EdgeAttention {
  /** The key of the graph's edge; undefined for the attention of a node to itself that no edge of the graph stands for. */
  readonly edge: string | undefined;
  /** The node that was attended to. */
  readonly source: string;
  /** The node that attended. */
  readonly target: string;
  /** `layers[l][h]` is the weight in head `h` of layer `l`, the first layer first; 0 in a layer that did not attend along the edge. */
  readonly layers: readonly (readonly number[])[];
  /** All of them reduced, over heads and then over layers. */
  readonly weight: number;
}

/** The attention of a graph by its own keys. */
export interface AttentionByEdge {
  /**
   * By the key of every edge between two nodes: one entry, from its source to its target, for a directed edge; for an undirected one that entry and
   * then the one from its target to its source.
   */
  readonly edges: Readonly<Record<string, readonly EdgeAttention[]>>;
  /**
   * By the key of every node that attends to itself or has a self-loop: one entry for each of its self-loops, `edge` its key, or one without an edge
   * where a layer added the loop. Where a layer replaced several loops by one, the first stands for it and the others weigh 0.
   */
  readonly loops: Readonly<Record<string, readonly EdgeAttention[]>>;
}
