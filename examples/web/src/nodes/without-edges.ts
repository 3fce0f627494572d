import { SparseNeighborhood } from "@vicinal/core";
import type { GraphNeighborhood } from "@vicinal/graph";

/** A graph as a network reads it, without some of its edges: both messages of an undirected edge go. */
export function withoutEdges(converted: GraphNeighborhood, removed: ReadonlySet<string>): GraphNeighborhood {
  if (removed.size === 0) return converted;
  const { neighborhood, edgeKeys } = converted;
  const { edgeOf, senderOf, receiverOf } = neighborhood;
  const senders = new Uint32Array(edgeKeys.length);
  const receivers = new Uint32Array(edgeKeys.length);
  for (const [p, message] of edgeOf.entries()) {
    senders[message] = senderOf[p]!;
    receivers[message] = receiverOf[p]!;
  }
  const kept = [...edgeKeys.keys()].filter((message) => !removed.has(edgeKeys[message]!));
  return {
    ...converted,
    neighborhood: SparseNeighborhood.fromEdgeList({
      senders: Uint32Array.from(kept, (message) => senders[message]!),
      receivers: Uint32Array.from(kept, (message) => receivers[message]!),
      senderCount: neighborhood.senders,
      receiverCount: neighborhood.receivers,
    }),
    edgeKeys: kept.map((message) => edgeKeys[message]!),
  };
}
