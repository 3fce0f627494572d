import { Random } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import type { Edges } from "../convert/edge-list.ts";

/** Edges among communities of `size` nodes each, one after the other: about `degree` a node, nineteen in twenty of them into its own. */
export function communityEdges(communities: number, size: number, degree: number, seed: number): Edges {
  const random = new Random(seed);
  const nodes = communities * size;
  const pairs: (readonly [source: number, target: number])[] = [];
  for (let i = 0; i < nodes; i++) {
    const first = i - (i % size);
    for (let k = 0; k < degree / 2; k++) {
      const other = random.uniform() < 0.95 ? first + random.integer(size) : random.integer(nodes);
      if (other !== i) pairs.push([i, other]);
    }
  }
  return edgesOf(pairs);
}

/** {@link communityEdges} as a graph, with the attribute `community`. */
export function linkedCommunities(communities: number, size: number, degree: number, seed: number): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let i = 0; i < communities * size; i++) graph.addNode(i, { community: Math.floor(i / size) });
  const { sources, targets } = communityEdges(communities, size, degree, seed);
  for (const [e, source] of sources.entries()) graph.mergeEdge(source, targets[e]);
  return graph;
}

/**
 * Edges that say nothing of each other: the union of random perfect matchings, so that every node has about as many. No held-out edge
 * can be told from a pair without one by those that are left.
 */
export function matchingEdges(nodes: number, matchings: number, seed: number): Edges {
  const random = new Random(seed);
  const pairs: [source: number, target: number][] = [];
  for (let m = 0; m < matchings; m++) {
    const order = random.shuffle(Array.from({ length: nodes }, (_, i) => i));
    for (let k = 0; k + 1 < nodes; k += 2) pairs.push([order[k]!, order[k + 1]!]);
  }
  return edgesOf(pairs);
}

/** Edges from pairs. */
export function edgesOf(pairs: readonly (readonly [source: number, target: number])[]): Edges {
  return {
    sources: Uint32Array.from(pairs, ([source]) => source),
    targets: Uint32Array.from(pairs, ([, target]) => target),
  };
}

/** Pairs from edges. */
export function pairsOf({ sources, targets }: Edges): (readonly [source: number, target: number])[] {
  return Array.from(sources, (source, e) => [source, targets[e]!] as const);
}
