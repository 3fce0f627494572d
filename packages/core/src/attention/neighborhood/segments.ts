import type { Neighborhood } from "./neighborhood.ts";
import { SparseNeighborhood } from "./sparse.ts";

/**
 * Each element belongs to one segment, and each segment attends to its elements: nodes to their graph, tokens to their sequence.
 * `segmentOf[j]` is the segment of element `j`; a segment may be empty.
 *
 * @throws DataError `index-out-of-range` for a segment number that is not below `count`.
 * @throws OptionError `out-of-range` unless `count` is a whole number that is not negative.
 */
export function segments(segmentOf: Uint32Array, count: number): Neighborhood {
  const senders = Uint32Array.from(segmentOf.keys());
  const sparse = SparseNeighborhood.fromEdgeList({
    senders,
    receivers: segmentOf,
    senderCount: segmentOf.length,
    receiverCount: count,
  });
  return {
    kind: "segments",
    receivers: count,
    senders: segmentOf.length,
    edges: segmentOf.length,
    sparse: () => sparse,
  };
}
