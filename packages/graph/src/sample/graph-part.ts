import { SparseNeighborhood } from "@vicinal/core";
import { GrowingIndices } from "./growing-indices.ts";
import type { NodeNumbers } from "./node-numbers.ts";

/** A part of a graph, with the way back to the whole. */
export interface GraphPart {
  /** `[nodes]`: the node of the graph that each number stands for. */
  readonly nodes: Uint32Array;
  /** Who attends to whom, by the numbers of the part. Edges are numbered as in `edges`. */
  readonly neighborhood: SparseNeighborhood;
  /** The number that the edge at each position has in the edge list of the graph's neighborhood, for features of edges and for the way back. */
  readonly edges: Uint32Array;
}

/**
 * The nodes from `first` to `last - 1` as receivers, with all of their senders. The receivers are the first of the part's nodes; only in the
 * order of senders does a row differ from that of the whole graph.
 */
export function receiversWithSenders(
  whole: SparseNeighborhood,
  first: number,
  last: number,
  numbers: NodeNumbers,
): Omit<GraphPart, "edges"> {
  numbers.restart();
  for (let node = first; node < last; node++) numbers.number(node);
  const start = whole.offsets[first]!;
  const senderOf = whole.senderOf.subarray(start, whole.offsets[last]).map((sender) => numbers.number(sender));
  const offsets = whole.offsets.slice(first, last + 1).map((offset) => offset - start);
  const neighborhood = SparseNeighborhood.fromRows({ offsets, senderOf, senders: numbers.count });
  return { nodes: numbers.nodes(), neighborhood };
}

/** Some nodes, each named once, with the edges among them. */
export function partAmong(whole: SparseNeighborhood, nodes: Uint32Array, numbers: NodeNumbers): GraphPart {
  numbers.restart();
  for (const node of nodes) numbers.number(node);
  const offsets = new Uint32Array(nodes.length + 1);
  const senderOf = new GrowingIndices();
  const positions = new GrowingIndices();
  for (const [number, node] of nodes.entries()) {
    for (let position = whole.offsets[node]!; position < whole.offsets[node + 1]!; position++) {
      const sender = numbers.find(whole.senderOf[position]!);
      if (sender < 0) continue;
      senderOf.push(sender);
      positions.push(position);
    }
    offsets[number + 1] = senderOf.length;
  }
  const { edgeOf } = whole;
  return {
    nodes,
    neighborhood: SparseNeighborhood.fromRows({ offsets, senderOf: senderOf.toArray(), senders: nodes.length }),
    edges: positions.toArray().map((position) => edgeOf[position]!),
  };
}
