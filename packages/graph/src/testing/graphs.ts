import { Random } from "@vicinal/core";
import { MultiGraph, UndirectedGraph } from "graphology";
import { karateClub as generateKarateClub } from "graphology-generators/social/index.js";
import type { Edges } from "../convert/edge-list.ts";

/** Zachary's karate club, with the attribute `club` on every member and `label` on the two leaders. */
export function karateClub(): UndirectedGraph {
  const graph = generateKarateClub(UndirectedGraph);
  for (const leader of ["0", "33"]) graph.setNodeAttribute(leader, "label", graph.getNodeAttribute(leader, "club"));
  return graph;
}

/** Edges among two communities of `size` nodes each, the first before the second: about `degree` a node, nine in ten of them into its own. */
export function plantedEdges(size: number, degree: number, seed: number): Edges {
  const random = new Random(seed);
  const pairs: (readonly [source: number, target: number])[] = [];
  for (let i = 0; i < 2 * size; i++) {
    for (let k = 0; k < degree / 2; k++) {
      const isOwn = random.uniform() < 0.9;
      const other = random.integer(size) + (i < size === isOwn ? 0 : size);
      if (other !== i) pairs.push([i, other]);
    }
  }
  return {
    sources: Uint32Array.from(pairs, ([source]) => source),
    targets: Uint32Array.from(pairs, ([, target]) => target),
  };
}

/** {@link plantedEdges} as a graph, with the attribute `community`, `"left"` or `"right"`. */
export function twoCommunities(size: number, degree: number, seed: number): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let i = 0; i < 2 * size; i++) graph.addNode(i, { community: i < size ? "left" : "right" });
  const { sources, targets } = plantedEdges(size, degree, seed);
  for (const [e, source] of sources.entries()) graph.mergeEdge(source, targets[e]);
  return graph;
}

/** A small graph with everything that a graphology graph can have: both directions, parallel edges, self-loops, an isolated node. */
export function motleyGraph(): MultiGraph {
  const graph = new MultiGraph();
  for (const node of ["a", "b", "c", "d", "alone"]) graph.addNode(node);
  graph.addDirectedEdgeWithKey("a to b", "a", "b");
  graph.addDirectedEdgeWithKey("a to b again", "a", "b");
  graph.addDirectedEdgeWithKey("b to a", "b", "a");
  graph.addUndirectedEdgeWithKey("b - c", "b", "c");
  graph.addUndirectedEdgeWithKey("b - c again", "b", "c");
  graph.addUndirectedEdgeWithKey("c - c", "c", "c");
  graph.addDirectedEdgeWithKey("d to d", "d", "d");
  graph.addDirectedEdgeWithKey("d to d again", "d", "d");
  graph.addDirectedEdgeWithKey("d to a", "d", "a");
  graph.mergeNodeAttributes("a", { label: "x" });
  graph.mergeNodeAttributes("c", { label: "y" });
  return graph;
}
