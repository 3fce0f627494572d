import { MultiUndirectedGraph } from "graphology";
import type { DrawnGraph } from "./protocol.ts";
import { startingPlaces } from "./starting-places.ts";

/** As many are added at once as take a few milliseconds: the page goes on in between. */
const addedAtOnce = 4000;

/**
 * A graph for sigma: nodes and edges have their numbers as keys, so that no name of a file is ever a key. The page gets its turn while a large one is made.
 *
 * @returns undefined if it was aborted.
 */
export async function drawingOf(
  { names, edges }: DrawnGraph,
  signal: AbortSignal,
): Promise<MultiUndirectedGraph | undefined> {
  const graph = new MultiUndirectedGraph();
  const places = startingPlaces(names.length);
  const size = nodeSize(names.length);
  let added = 0;
  const turn = async () => {
    added += 1;
    if (added % addedAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
  };
  for (const [i, label] of names.entries()) {
    graph.addNode(String(i), { x: places[2 * i], y: places[2 * i + 1], size, label: label.slice(0, 60) });
    await turn();
    if (signal.aborted) return undefined;
  }
  for (let e = 0; 2 * e < edges.length; e++) {
    graph.addEdgeWithKey(String(e), String(edges[2 * e]), String(edges[2 * e + 1]));
    await turn();
    if (signal.aborted) return undefined;
  }
  return graph;
}

/** The radius of a node, in pixels: the more nodes, the smaller. */
export function nodeSize(nodes: number): number {
  return Math.max(1.6, Math.min(9, 60 / Math.sqrt(Math.max(1, nodes))));
}
