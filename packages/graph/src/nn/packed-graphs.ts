import { type Grouping, type Neighborhood, ShapeError, type SparseNeighborhood, sequences } from "@vicinal/core";

/** A batch of graphs without padding: the nodes of one after those of the other. */
export interface PackedGraphs {
  /** Count of nodes of each graph. */
  readonly lengths: ArrayLike<number>;
  /** Count of nodes of all. */
  readonly nodeCount: number;
  /** `[nodes]`, the graph of each node. */
  readonly graphOf: Uint32Array;
  /** The nodes of each graph. */
  readonly nodesOf: Grouping;
  /** Every node attends to all nodes of its own graph. */
  readonly everyPair: Neighborhood;
}

const packed = new WeakMap<ArrayLike<number>, PackedGraphs>();
const whole = new WeakMap<SparseNeighborhood, PackedGraphs>();

/**
 * Made once for an array of lengths, which must not be written to afterwards, or for the nodes of a neighborhood.
 *
 * @param lengths Count of nodes of each graph; undefined for one graph of all nodes.
 * @param edges Among all nodes.
 * @throws DataError `out-of-range` for a length that is no whole number; ShapeError `shapes-differ` unless the lengths sum to the count of nodes.
 */
export function packedGraphs(
  name: string,
  lengths: ArrayLike<number> | undefined,
  edges: SparseNeighborhood,
): PackedGraphs {
  const graphs = lengths === undefined ? cached(whole, edges, [edges.receivers]) : cached(packed, lengths, lengths);
  if (graphs.nodeCount === edges.receivers) return graphs;
  throw new ShapeError(
    "shapes-differ",
    `${name}: got lengths of ${graphs.lengths.length} graphs that sum to ${graphs.nodeCount}; expected a sum of ${edges.receivers}, the count of nodes.`,
  );
}

function cached<Key extends object>(
  made: WeakMap<Key, PackedGraphs>,
  key: Key,
  lengths: ArrayLike<number>,
): PackedGraphs {
  let graphs = made.get(key);
  if (graphs === undefined) {
    graphs = pack(lengths);
    made.set(key, graphs);
  }
  return graphs;
}

function pack(lengths: ArrayLike<number>): PackedGraphs {
  const everyPair = sequences(lengths);
  const nodeCount = everyPair.receivers;
  const offsets = new Uint32Array(lengths.length + 1);
  const graphOf = new Uint32Array(nodeCount);
  for (let g = 0; g < lengths.length; g++) {
    offsets[g + 1] = offsets[g]! + lengths[g]!;
    graphOf.fill(g, offsets[g], offsets[g + 1]);
  }
  return { lengths, nodeCount, graphOf, nodesOf: { offsets, permutation: undefined }, everyPair };
}
