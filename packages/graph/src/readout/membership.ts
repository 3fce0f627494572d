import {
  DataError,
  type Grouping,
  gatherRows,
  multiply,
  OptionError,
  ShapeError,
  type SparseNeighborhood,
  segments,
  type Tensor,
  tensor,
} from "@vicinal/core";

/** Which graph each node of a batch belongs to. A `GraphBatch` says so of its nodes. */
export interface GraphMembership {
  /** Count of graphs, those without nodes included. */
  readonly graphs: number;
  /** `[nodes]`: the graph of each node, in any order. Must not be written to, because engines keep a copy. */
  readonly graphOf: Uint32Array;
}

/** The nodes of each graph, as read-outs walk them. */
export interface NodesOfGraphs {
  /** Each graph, a receiver, attends to its nodes, the senders. */
  readonly neighborhood: SparseNeighborhood;
  /** The same, as sums walk it. */
  readonly grouping: Grouping;
  /** Count of nodes of each graph. */
  readonly counts: Uint32Array;
  /** Whether some graph has no nodes. */
  readonly hasEmpty: boolean;
}

/** Kept by the array of graph numbers, because several read-outs, and all of their steps, walk the same batch. */
const known = new WeakMap<Uint32Array, NodesOfGraphs>();

/**
 * The nodes of each graph.
 *
 * @throws DataError `index-out-of-range` for a graph that is not below the count of graphs; OptionError `out-of-range` for a count that is no
 * whole number.
 */
function nodesOfGraphs(where: string, { graphs, graphOf }: GraphMembership): NodesOfGraphs {
  const kept = known.get(graphOf);
  if (kept !== undefined && kept.counts.length === graphs) return kept;
  checkMembership(where, { graphs, graphOf });
  const neighborhood = segments(graphOf, graphs).sparse();
  const { offsets, senderOf } = neighborhood;
  const counts = new Uint32Array(graphs).map((_, g) => offsets[g + 1]! - offsets[g]!);
  const inOrder = senderOf.every((node, position) => node === position);
  const made: NodesOfGraphs = {
    neighborhood,
    grouping: { offsets, permutation: inOrder ? undefined : senderOf },
    counts,
    hasEmpty: counts.includes(0),
  };
  known.set(graphOf, made);
  return made;
}

/** What nodes have, at the positions of the neighborhood: the nodes of one graph after those of the other. */
export function atPositions(x: Tensor, { grouping }: NodesOfGraphs): Tensor {
  return grouping.permutation === undefined ? x : gatherRows(x, grouping.permutation);
}

/** `[graphs, width]` with zeros in the rows of graphs that have no nodes. */
export function zerosWithoutNodes(x: Tensor, { counts, hasEmpty }: NodesOfGraphs): Tensor {
  if (!hasEmpty) return x;
  const present = counts.map((count) => Math.min(1, count));
  return multiply(x, tensor(present, [counts.length, 1], { engine: x.engine }));
}

/**
 * {@link nodesOfGraphs}, after a look at whether `x` is `[nodes, width]`; any width without `width`.
 *
 * @throws ShapeError `shapes-differ`, and as {@link nodesOfGraphs}.
 */
export function checkedNodes(where: string, x: Tensor, membership: GraphMembership, width?: number): NodesOfGraphs {
  const nodes = membership.graphOf.length;
  if (x.shape.length !== 2 || x.shape[0] !== nodes || (width !== undefined && x.shape[1] !== width)) {
    throw new ShapeError(
      "shapes-differ",
      `${where}: got node features of shape [${x.shape.join(", ")}]; expected [${nodes}, ${width ?? "width"}], one row for each of the ` +
        `${nodes} nodes whose graph is given.`,
    );
  }
  return nodesOfGraphs(where, membership);
}

function checkMembership(where: string, { graphs, graphOf }: GraphMembership): void {
  if (!(Number.isSafeInteger(graphs) && graphs >= 0)) {
    throw new OptionError("out-of-range", `${where}: got ${graphs} graphs; expected a whole number from 0.`);
  }
  for (let node = 0; node < graphOf.length; node++) {
    if (graphOf[node]! < graphs) continue;
    throw new DataError(
      "index-out-of-range",
      `${where}: node ${node} is of graph ${graphOf[node]}; expected numbers below ${graphs}, the count of graphs.`,
    );
  }
}
