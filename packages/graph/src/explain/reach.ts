import type { SparseNeighborhood } from "@vicinal/core";

/** What can come to some nodes in a number of steps along edges. */
export interface Reach {
  /** The nodes that something can come from, those that it comes to included and first. */
  readonly nodes: Uint32Array;
  /** The first so many of `nodes` are less than all steps away: the edges at which they receive are within reach. */
  readonly receivers: number;
}

/** Walks against the edges. */
export function reachOf({ offsets, senderOf }: SparseNeighborhood, targets: Iterable<number>, steps: number): Reach {
  // A set is walked in the order in which it was filled, also while it grows.
  const seen = new Set(targets);
  let receivers = 0;
  const walk = seen.values();
  for (let step = 0; step < steps; step++) {
    const end = seen.size;
    for (; receivers < end; receivers++) {
      const receiver = walk.next().value!;
      for (let p = offsets[receiver]!; p < offsets[receiver + 1]!; p++) seen.add(senderOf[p]!);
    }
  }
  return { nodes: Uint32Array.from(seen), receivers };
}

/**
 * The numbers of the edges, ascending, along which something can come to one of `targets` in so many steps.
 *
 * @param withLoops Whether self-loops are among them: layers that add self-loops do so whether the graph has any or not.
 */
export function edgesInto(
  neighborhood: SparseNeighborhood,
  targets: Iterable<number>,
  steps: number,
  withLoops: boolean,
): Uint32Array {
  const { offsets, senderOf, edgeOf } = neighborhood;
  const { nodes, receivers } = reachOf(neighborhood, targets, steps);
  const found: number[] = [];
  for (const receiver of nodes.subarray(0, receivers)) {
    for (let p = offsets[receiver]!; p < offsets[receiver + 1]!; p++) {
      if (withLoops || senderOf[p] !== receiver) found.push(edgeOf[p]!);
    }
  }
  return Uint32Array.from(found).sort();
}
