import { DataError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../../convert/check-graph.ts";
import type { Edges } from "../../convert/edge-list.ts";

/** The edges of a graph as typed arrays, with the way back to its keys. */
export interface GraphLinks {
  /** The key of each node, in the graph's order. */
  readonly nodes: readonly string[];
  /** The number of each node key. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Every edge; where links have a direction, an edge without one is listed in both. */
  readonly edges: Edges;
  /** The key of each edge of the list. */
  readonly edgeKeys: readonly string[];
  /** Whether a link has a direction. */
  readonly directed: boolean;
}

/**
 * Reads the edges of a graph.
 *
 * @param directed Default: if the graph has a directed edge.
 * @param known The nodes that there must be, in the order in which they are numbered. Default: any, in the graph's order.
 * @throws DataError `not-a-graph`; `no-edges` when no edge joins two different nodes; `unknown-node` or `missing-node` for other nodes than those known.
 */
export function graphLinks(
  where: string,
  graph: AbstractGraph,
  directed: boolean | undefined,
  known?: readonly string[],
): GraphLinks {
  checkGraph(where, graph);
  const nodes = known ?? graph.mapNodes((node) => node);
  const indexOf = new Map(nodes.map((node, i) => [node, i]));
  if (known !== undefined) checkNodes(where, graph, indexOf);
  const isDirected = directed ?? hasDirectedEdge(graph);
  const sources: number[] = [];
  const targets: number[] = [];
  const edgeKeys: string[] = [];
  const push = (edge: string, source: number, target: number): void => {
    sources.push(source);
    targets.push(target);
    edgeKeys.push(edge);
  };
  let links = 0;
  graph.forEachEdge((edge, _attributes, source, target, _sourceAttributes, _targetAttributes, undirected) => {
    const [from, to] = [indexOf.get(source)!, indexOf.get(target)!];
    push(edge, from, to);
    if (from === to) return;
    links++;
    if (isDirected && undirected) push(edge, to, from);
  });
  if (links === 0) {
    throw new DataError(
      "no-edges",
      `${where}: got a graph with ${nodes.length} nodes, but no edge that joins two of them; expected links to learn from.`,
    );
  }
  return {
    nodes,
    indexOf,
    edges: { sources: Uint32Array.from(sources), targets: Uint32Array.from(targets) },
    edgeKeys,
    directed: isDirected,
  };
}

function checkNodes(where: string, graph: AbstractGraph, known: ReadonlyMap<string, number>): void {
  const advice = "It knows each node by what it learned of it: train again with the nodes that there are now.";
  const other = graph.findNode((node) => !known.has(node));
  if (other !== undefined) {
    throw new DataError(
      "unknown-node",
      `${where}: got the node "${other}"; expected those of the graph that the network learned alone. ${advice}`,
    );
  }
  for (const node of known.keys()) {
    if (graph.hasNode(node)) continue;
    throw new DataError(
      "missing-node",
      `${where}: got a graph without the node "${node}"; expected every node of the graph that the network learned. ${advice}`,
    );
  }
}

function hasDirectedEdge(graph: AbstractGraph): boolean {
  let found = false;
  graph.forEachEdge((_edge, _attributes, _source, _target, _sourceAttributes, _targetAttributes, undirected) => {
    found ||= !undirected;
  });
  return found;
}
