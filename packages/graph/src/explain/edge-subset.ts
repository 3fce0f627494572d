import { gatherRows, SparseNeighborhood, type Tensor } from "@vicinal/core";

/** A neighborhood without some of its edges, over the same nodes. */
export interface EdgeSubset {
  /** Its edge list is in the order of its positions. */
  readonly neighborhood: SparseNeighborhood;
  /** The number that each edge had in the edge list of the whole. */
  readonly edges: Uint32Array;
}

/** Leaves out edges, by their numbers in the edge list. */
export function withoutEdges(whole: SparseNeighborhood, removed: Uint32Array): EdgeSubset {
  const { offsets, senderOf, edgeOf, receivers, senders } = whole;
  const isRemoved = new Uint8Array(whole.edges);
  for (const edge of removed) isRemoved[edge] = 1;
  const kept: number[] = [];
  const starts = new Uint32Array(receivers + 1);
  for (let i = 0; i < receivers; i++) {
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) if (isRemoved[edgeOf[p]!] === 0) kept.push(p);
    starts[i + 1] = kept.length;
  }
  const positions = Uint32Array.from(kept);
  return {
    neighborhood: SparseNeighborhood.fromRows({
      offsets: starts,
      senderOf: positions.map((p) => senderOf[p]!),
      senders,
    }),
    edges: positions.map((p) => edgeOf[p]!),
  };
}

/** The features of the edges that are left, in their order. */
export function featuresOf(edgeFeatures: Tensor | undefined, { edges }: EdgeSubset): Tensor | undefined {
  return edgeFeatures && gatherRows(edgeFeatures, edges);
}
