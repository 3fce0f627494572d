import type { SparseNeighborhood } from "@vicinal/core";
import { GrowingIndices } from "../growing-indices.ts";

/** An undirected graph whose nodes stand for several nodes of another, and whose edges for several edges. Without self-loops. */
export interface WeightedGraph {
  /** Count of nodes. */
  readonly nodes: number;
  /** `nodes + 1` row starts. */
  readonly offsets: Uint32Array;
  /** The neighbors of each node, row after row. */
  readonly neighbors: Uint32Array;
  /** How many edges each entry stands for; undefined where it is 1 everywhere. */
  readonly weights: Uint32Array | undefined;
  /** How many nodes each node stands for. */
  readonly sizes: Uint32Array;
}

/** Both directions of every edge, self-loops left out; parallel edges stay parallel. */
export function undirectedGraph({ receivers: nodes, offsets, senderOf }: SparseNeighborhood): WeightedGraph {
  const starts = new Uint32Array(nodes + 1);
  eachEdge((sender, receiver) => {
    starts[sender + 1]!++;
    starts[receiver + 1]!++;
  });
  for (let i = 0; i < nodes; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice(0, nodes);
  const neighbors = new Uint32Array(starts[nodes]!);
  eachEdge((sender, receiver) => {
    neighbors[next[sender]!++] = receiver;
    neighbors[next[receiver]!++] = sender;
  });
  return { nodes, offsets: starts, neighbors, weights: undefined, sizes: new Uint32Array(nodes).fill(1) };

  function eachEdge(visit: (sender: number, receiver: number) => void): void {
    for (let receiver = 0; receiver < nodes; receiver++) {
      for (let p = offsets[receiver]!; p < offsets[receiver + 1]!; p++) {
        if (senderOf[p] !== receiver) visit(senderOf[p]!, receiver);
      }
    }
  }
}

/** Makes one node of all nodes with the same label. The labels are numbers below `count`, each in use. */
export function contract(graph: WeightedGraph, labels: Uint32Array, count: number): WeightedGraph {
  const members = groupByLabel(labels, count);
  const sizes = new Uint32Array(count);
  const offsets = new Uint32Array(count + 1);
  const neighbors = new GrowingIndices();
  const weights = new GrowingIndices();
  // Where the entry for a neighbor is, if it is one of the row that is being made.
  const placeOf = new Uint32Array(count);
  for (let label = 0; label < count; label++) {
    const start = neighbors.length;
    for (let m = members.offsets[label]!; m < members.offsets[label + 1]!; m++) {
      const node = members.nodes[m]!;
      sizes[label]! += graph.sizes[node]!;
      for (let p = graph.offsets[node]!; p < graph.offsets[node + 1]!; p++) {
        const other = labels[graph.neighbors[p]!]!;
        if (other === label) continue;
        const weight = graph.weights?.[p] ?? 1;
        const place = placeOf[other]!;
        if (place >= start && place < neighbors.length && neighbors.at(place) === other) weights.add(place, weight);
        else {
          placeOf[other] = neighbors.length;
          neighbors.push(other);
          weights.push(weight);
        }
      }
    }
    offsets[label + 1] = neighbors.length;
  }
  return { nodes: count, offsets, neighbors: neighbors.toArray(), weights: weights.toArray(), sizes };
}

/** Node numbers grouped by label. */
export function groupByLabel(
  labels: Uint32Array,
  count: number,
): { readonly offsets: Uint32Array; readonly nodes: Uint32Array } {
  const offsets = new Uint32Array(count + 1);
  for (const label of labels) offsets[label + 1]!++;
  for (let label = 0; label < count; label++) offsets[label + 1]! += offsets[label]!;
  const next = offsets.slice(0, count);
  const nodes = new Uint32Array(labels.length);
  for (let node = 0; node < labels.length; node++) nodes[next[labels[node]!]!++] = node;
  return { offsets, nodes };
}
