import { type Grouping, SparseNeighborhood } from "@vicinal/core";

/** The nodes that take part in one relation. */
export interface RelationNodes {
  /** The relation's number. */
  readonly relation: number;
  /** `[nodes]`: those at either end of its edges, each once. */
  readonly nodes: Uint32Array;
}

/** The edges in one arrangement by receiver; the senders are pairs of a relation and a node. */
export interface ArrangedEdges {
  readonly neighborhood: SparseNeighborhood;
  /** `[edges]`: for each position the pair of the edge's relation and its receiver. */
  readonly receiverPairs: Uint32Array;
  /** `[edges]`: for each position the number of the edge in the edge list. */
  readonly edgeOf: Uint32Array;
}

/** The edges with a receiver for each node and each relation by which edges arrive at it. */
export interface EdgesWithinRelations extends ArrangedEdges {
  /** For each position of the neighborhood given the position here. */
  readonly positions: Uint32Array;
  /** The receivers that are one node's. */
  readonly ofNodes: Grouping;
}

/**
 * The edges of a graph whose edges have numbered relations, seen from pairs of a relation and a node: the projections of a node by the relations
 * that it takes part in, and by no others, are the rows of one matrix.
 */
export interface RelationalEdges {
  /** The relations that have edges, ascending. Their nodes, one relation after the other, are the pairs. */
  readonly relations: readonly RelationNodes[];
  /** In the positions of the neighborhood given: receivers are nodes. */
  readonly across: ArrangedEdges;
  /** Made when first asked for. */
  readonly within: EdgesWithinRelations;
  /** The pairs that send to each node. */
  readonly sending: Grouping;
}

const made = new WeakMap<SparseNeighborhood, WeakMap<Uint32Array, RelationalEdges>>();

/**
 * Made once for a neighborhood and the relations of its edges.
 *
 * @param edgeTypes The relation of each edge, by its number in the edge list.
 * @param relationCount All of `edgeTypes` are below it.
 */
export function relationalEdges(
  neighborhood: SparseNeighborhood,
  edgeTypes: Uint32Array,
  relationCount: number,
): RelationalEdges {
  let ofNeighborhood = made.get(neighborhood);
  if (ofNeighborhood === undefined) {
    ofNeighborhood = new WeakMap();
    made.set(neighborhood, ofNeighborhood);
  }
  let result = ofNeighborhood.get(edgeTypes);
  if (result === undefined) {
    result = pairUp(neighborhood, edgeTypes, relationCount);
    ofNeighborhood.set(edgeTypes, result);
  }
  return result;
}

function pairUp(
  { offsets, senderOf, receiverOf, edgeOf, edges, senders }: SparseNeighborhood,
  edgeTypes: Uint32Array,
  relationCount: number,
): RelationalEdges {
  const relationOf = edgeOf.map((e) => edgeTypes[e]!);
  const byRelation = positionsByRelation(relationOf, relationCount);
  const senderPairs = new Uint32Array(edges);
  const receiverPairs = new Uint32Array(edges);
  const relations: RelationNodes[] = [];
  /** The pair of each node in the relation at hand, where `seenIn` says that it has one. */
  const pairOf = new Uint32Array(senders);
  const seenIn = new Int32Array(senders).fill(-1);
  let pairs = 0;
  for (let relation = 0; relation < relationCount; relation++) {
    const nodes: number[] = [];
    const pair = (node: number): number => {
      if (seenIn[node] !== relation) {
        seenIn[node] = relation;
        pairOf[node] = pairs++;
        nodes.push(node);
      }
      return pairOf[node]!;
    };
    for (const p of byRelation.order.subarray(byRelation.offsets[relation], byRelation.offsets[relation + 1])) {
      senderPairs[p] = pair(senderOf[p]!);
      receiverPairs[p] = pair(receiverOf[p]!);
    }
    if (nodes.length > 0) relations.push({ relation, nodes: Uint32Array.from(nodes) });
  }
  const across: ArrangedEdges = {
    neighborhood: SparseNeighborhood.fromRows({ offsets, senderOf: senderPairs, senders: pairs }),
    receiverPairs,
    edgeOf,
  };
  let within: EdgesWithinRelations | undefined;
  return {
    relations,
    across,
    sending: { offsets, permutation: senderPairs },
    get within() {
      within ??= splitRows(across, relationOf);
      return within;
    },
  };
}

/** Positions grouped by relation, ascending within each. */
function positionsByRelation(
  relationOf: Uint32Array,
  relationCount: number,
): { readonly offsets: Uint32Array; readonly order: Uint32Array } {
  const offsets = new Uint32Array(relationCount + 1);
  for (const relation of relationOf) offsets[relation + 1]!++;
  for (let r = 0; r < relationCount; r++) offsets[r + 1]! += offsets[r]!;
  const next = offsets.slice(0, -1);
  const order = new Uint32Array(relationOf.length);
  for (const [p, relation] of relationOf.entries()) order[next[relation]!++] = p;
  return { offsets, order };
}

function splitRows(
  { neighborhood, receiverPairs, edgeOf }: ArrangedEdges,
  relationOf: Uint32Array,
): EdgesWithinRelations {
  const { offsets, senderOf, senders } = neighborhood;
  const order = Uint32Array.from(relationOf.keys());
  const rowStarts = [0];
  const nodeStarts = new Uint32Array(offsets.length);
  for (let i = 0; i + 1 < offsets.length; i++) {
    const row = order.subarray(offsets[i], offsets[i + 1]);
    row.sort((a, b) => relationOf[a]! - relationOf[b]! || a - b);
    for (const [k, p] of row.entries()) {
      const isLast = k === row.length - 1 || relationOf[row[k + 1]!] !== relationOf[p];
      if (isLast) rowStarts.push(offsets[i]! + k + 1);
    }
    nodeStarts[i + 1] = rowStarts.length - 1;
  }
  const positions = new Uint32Array(order.length);
  for (const [position, p] of order.entries()) positions[p] = position;
  return {
    neighborhood: SparseNeighborhood.fromRows({
      offsets: Uint32Array.from(rowStarts),
      senderOf: order.map((p) => senderOf[p]!),
      senders,
    }),
    receiverPairs: order.map((p) => receiverPairs[p]!),
    edgeOf: order.map((p) => edgeOf[p]!),
    positions,
    ofNodes: { offsets: nodeStarts, permutation: undefined },
  };
}
