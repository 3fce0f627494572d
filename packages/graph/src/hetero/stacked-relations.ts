import type { SparseNeighborhood } from "@vicinal/core";
import { firstNumbers, joined, type RelationEdges, type TypedNeighborhood } from "./typed-neighborhood.ts";

/**
 * All relations of a graph as one neighborhood in which a sender is a pair of a relation and a node, so that each relation sees the node with
 * keys and values of its own while one softmax runs over all of them.
 */
export interface StackedRelations {
  /** Receivers are the nodes of all types, one type after the other; senders the source nodes of each of `relations`, one after the other. */
  readonly neighborhood: SparseNeighborhood;
  /** Those that have edges. */
  readonly relations: readonly RelationEdges[];
  /** `[nodeTypes + 1]`, of the graph's node types: where the receivers of each type begin. */
  readonly firstReceivers: Uint32Array;
  /** For each of `relations` the position in `neighborhood` of each position of its own. */
  readonly positions: readonly Uint32Array[];
}

const stacks = new WeakMap<TypedNeighborhood, StackedRelations>();

/** Made once for a graph. */
export function stackedRelations(graph: TypedNeighborhood): StackedRelations {
  let stack = stacks.get(graph);
  if (stack === undefined) {
    stack = stackOf(graph);
    stacks.set(graph, stack);
  }
  return stack;
}

function stackOf(graph: TypedNeighborhood): StackedRelations {
  const firstReceivers = firstNumbers(graph.nodeTypes.map((type) => graph.nodeCount(type)));
  const firstOf = new Map(graph.nodeTypes.map((type, t) => [type, firstReceivers[t]!]));
  const relations = graph.relations.filter(({ neighborhood }) => neighborhood.edges > 0);
  const firstSenders = firstNumbers(relations.map(({ neighborhood }) => neighborhood.senders));
  const parts = relations.map(({ target, neighborhood }, r) => ({
    neighborhood,
    firstSender: firstSenders[r]!,
    firstReceiver: firstOf.get(target)!,
  }));
  const neighborhood = joined(parts, firstSenders.at(-1) ?? 0, firstReceivers.at(-1) ?? 0);
  return { neighborhood, relations, firstReceivers, positions: positionsOf(neighborhood, relations) };
}

function positionsOf(whole: SparseNeighborhood, relations: readonly RelationEdges[]): Uint32Array[] {
  const positionOf = new Uint32Array(whole.edges);
  for (const [position, e] of whole.edgeOf.entries()) positionOf[e] = position;
  let first = 0;
  return relations.map(({ neighborhood }) => {
    const positions = neighborhood.edgeOf.map((e) => positionOf[first + e]!);
    first += neighborhood.edges;
    return positions;
  });
}
