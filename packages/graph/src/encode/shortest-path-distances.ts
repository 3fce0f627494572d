import { checkOptionNames, OptionError, ShapeError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import { assignRows, type GraphSource, squareNeighborhood } from "./graph-source.ts";

/** Options of {@link shortestPathDistances}. */
export interface ShortestPathOptions {
  /** Nodes that are farther apart count as this far apart. From 1 to 32767. Default 20. */
  readonly maximum?: number;
}

/** Options of {@link shortestPathDistances.assign}. */
export interface AssignShortestPathOptions extends ShortestPathOptions {
  /** The node attribute to write to. Default `"shortestPathDistances"`. */
  readonly nodeDistancesAttribute?: string;
}

/** How far the nodes of a graph are from each other. */
export interface ShortestPathDistances {
  /** Count of nodes. */
  readonly nodes: number;
  /** Distances are not larger than this: those of nodes that are farther apart are it, too. */
  readonly maximum: number;
  /**
   * `[nodes, nodes]`: at `receiver * nodes + sender` the count of edges on the shortest way from sender to receiver, 0 of a node to itself, -1
   * where there is no way.
   */
  readonly values: Int16Array;
}

/** A matrix of more nodes takes more than 2 GiB. */
const MOST_NODES = 32_768;
const LARGEST_MAXIMUM = 32_767;

/**
 * The length of the shortest way between any two nodes, by breadth-first search from each: what the spatial encoding of Graphormer reads (Ying et al.,
 * "Do Transformers Really Perform Bad for Graph Representation?", 2021, section 3.1.2). Where edges have a direction, ways follow it. Time
 * grows with nodes x (nodes + edges), memory takes 2 bytes for each pair.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`, `too-many-pairs` beyond 32,768 nodes; DataError `not-a-graph`.
 */
export function shortestPathDistances(of: GraphSource, options: ShortestPathOptions = {}): ShortestPathDistances {
  const where = "shortestPathDistances";
  checkOptionNames(where, options, ["maximum"]);
  const { maximum = 20 } = options;
  checkMaximum(where, maximum);
  const { receivers: nodes, offsets, senderOf } = squareNeighborhood(where, of);
  if (nodes > MOST_NODES) {
    throw new ShapeError(
      "too-many-pairs",
      `${where}: got ${nodes} nodes; expected at most ${MOST_NODES}, because the distance of each pair is kept.`,
    );
  }
  const values = new Int16Array(nodes * nodes).fill(-1);
  const queue = new Uint32Array(nodes);
  for (let receiver = 0; receiver < nodes; receiver++) {
    const distances = values.subarray(receiver * nodes, (receiver + 1) * nodes);
    distances[receiver] = 0;
    queue[0] = receiver;
    let [next, end] = [0, 1];
    while (next < end) {
      const node = queue[next++]!;
      // What is farther than the maximum is still searched: it is told from what no way leads to.
      const distance = Math.min(maximum, distances[node]! + 1);
      for (let p = offsets[node]!; p < offsets[node + 1]!; p++) {
        const sender = senderOf[p]!;
        if (distances[sender]! >= 0) continue;
        distances[sender] = distance;
        queue[end++] = sender;
      }
    }
  }
  return { nodes, maximum, values };
}

/** {@link shortestPathDistances}, writing to each node its distances from all nodes as an array, in the graph's order. */
shortestPathDistances.assign = (graph: AbstractGraph, options: AssignShortestPathOptions = {}): void => {
  const where = "shortestPathDistances.assign";
  checkGraph(where, graph);
  checkOptionNames(where, options, ["maximum", "nodeDistancesAttribute"]);
  const { nodeDistancesAttribute = "shortestPathDistances", ...rest } = options;
  const { nodes, values } = shortestPathDistances(graph, rest);
  assignRows(where, graph, nodeDistancesAttribute, { columns: nodes, values });
};

/** @throws OptionError `out-of-range` unless distances up to `maximum` fit 16 bits. */
export function checkMaximum(where: string, maximum: number): void {
  if (Number.isInteger(maximum) && maximum >= 1 && maximum <= LARGEST_MAXIMUM) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got the maximum ${maximum}; expected a whole number from 1 to ${LARGEST_MAXIMUM}.`,
  );
}
