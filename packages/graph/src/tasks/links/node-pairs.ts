import type { Edges } from "../../convert/edge-list.ts";

/** The pairs of different nodes that edges join, numbered in an order that is not that of the edges. */
export interface NodePairs {
  readonly count: number;
  /** The number of the pair that each edge joins; -1 for a self-loop. */
  readonly pairOf: Float64Array;
}

/** Which pair of nodes each edge joins, whatever its direction. */
export function nodePairs({ sources, targets }: Edges): NodePairs {
  let nodes = 0;
  for (let e = 0; e < sources.length; e++) nodes = Math.max(nodes, sources[e]! + 1, targets[e]! + 1);
  const keys = new Float64Array(sources.length);
  for (let e = 0; e < sources.length; e++) {
    const [a, b] = [sources[e]!, targets[e]!];
    keys[e] = a === b ? -1 : Math.min(a, b) * nodes + Math.max(a, b);
  }
  const distinct = keys
    .filter((key) => key >= 0)
    .sort()
    .filter((key, k, sorted) => k === 0 || key !== sorted[k - 1]);
  return { count: distinct.length, pairOf: keys.map((key) => (key < 0 ? -1 : placeOf(distinct, key))) };
}

/** Binary search for a key that is there. */
function placeOf(sorted: Float64Array, key: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
