import type { Random } from "@vicinal/core";
import type { WeightedGraph } from "./weighted-graph.ts";

/** Bounds of {@link spreadLabels}. */
export interface SpreadBounds {
  /** The most that the nodes of one label stand for together. */
  readonly capacity: number;
  /** The most passes over the nodes. */
  readonly rounds: number;
  /** What the nodes of a label stand for together does not fall below it. */
  readonly least: number;
  /** The order of the nodes is drawn from it. */
  readonly random: Random;
}

/** When fewer than this share of the nodes moved in a round, another would gain little. */
const littleMovement = 0.005;

/**
 * Label propagation under a bound (Meyerhenke, Sanders and Schulz, "Partitioning Complex Networks via Size-Constrained Clustering", SEA 2014,
 * section 3): one node after the other takes the label to which most of its edges lead, among the labels that have room for it; among equals
 * it stays, or takes the one with less. Changes `labels`.
 *
 * @param labels A number below `count` for each node.
 */
export function spreadLabels(graph: WeightedGraph, labels: Uint32Array, count: number, bounds: SpreadBounds): void {
  const { capacity, least, rounds, random } = bounds;
  const { nodes, offsets, neighbors, weights, sizes } = graph;
  const loads = new Float64Array(count);
  for (let node = 0; node < nodes; node++) loads[labels[node]!]! += sizes[node]!;
  const order = random.shuffle(Uint32Array.from({ length: nodes }, (_, node) => node));
  const strength = new Float64Array(count);
  const touched = new Uint32Array(Math.min(count, longestRow(offsets)));
  for (let round = 0; round < rounds; round++) {
    let moved = 0;
    for (const node of order) {
      const own = labels[node]!;
      const size = sizes[node]!;
      if (loads[own]! - size < least) continue;
      let count = 0;
      for (let p = offsets[node]!; p < offsets[node + 1]!; p++) {
        const label = labels[neighbors[p]!]!;
        if (strength[label] === 0) touched[count++] = label;
        strength[label]! += weights?.[p] ?? 1;
      }
      let best = own;
      for (let k = 0; k < count; k++) {
        const label = touched[k]!;
        const gain = strength[label]! - strength[best]!;
        if (label === own || loads[label]! + size > capacity) continue;
        const isLighter = best === own ? loads[label]! + size < loads[own]! : loads[label]! < loads[best]!;
        if (gain > 0 || (gain === 0 && isLighter)) best = label;
      }
      for (let k = 0; k < count; k++) strength[touched[k]!] = 0;
      if (best === own) continue;
      labels[node] = best;
      loads[own]! -= size;
      loads[best]! += size;
      moved++;
    }
    if (moved < littleMovement * nodes) break;
  }
}

function longestRow(offsets: Uint32Array): number {
  let longest = 0;
  for (let i = 0; i + 1 < offsets.length; i++) longest = Math.max(longest, offsets[i + 1]! - offsets[i]!);
  return longest;
}
