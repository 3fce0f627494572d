import type { Random } from "@vicinal/core";
import type { WeightedGraph } from "./weighted-graph.ts";

/** The part of a node that has none yet. */
const none = 0xffff_ffff;

/**
 * Parts of about equal size that are grown one after the other, breadth first from a node at random, each until it has its share of what is
 * left. A node that fits nowhere then goes to the smallest part.
 *
 * @returns The part of each node, a number below `parts`. None holds more than `capacity`, if no node is larger than what `capacity` is
 * above an equal share.
 */
export function growParts(graph: WeightedGraph, parts: number, capacity: number, random: Random): Uint32Array {
  const { nodes, sizes } = graph;
  const partOf = new Uint32Array(nodes).fill(none);
  const loads = new Float64Array(parts);
  const starts = random.shuffle(Uint32Array.from({ length: nodes }, (_, node) => node)).values();
  let left = sizes.reduce((total, size) => total + size, 0);
  for (let part = 0; part < parts; part++) {
    const share = left / (parts - part);
    loads[part] = growPart(graph, part, partOf, share, capacity, starts);
    left -= loads[part]!;
  }
  for (let node = 0; node < nodes; node++) {
    if (partOf[node] !== none) continue;
    const smallest = loads.indexOf(loads.reduce((a, b) => Math.min(a, b)));
    partOf[node] = smallest;
    loads[smallest]! += sizes[node]!;
  }
  return partOf;
}

/** Grows one part to at least `share`, if there are nodes that fit. Returns its size. */
function growPart(
  { offsets, neighbors, sizes }: WeightedGraph,
  part: number,
  partOf: Uint32Array,
  share: number,
  capacity: number,
  starts: ArrayIterator<number>,
): number {
  const queue: number[] = [];
  const queued = new Set<number>();
  let load = 0;
  for (let head = 0; load < share; head++) {
    const node = queue[head] ?? starts.next().value;
    if (node === undefined) break;
    const size = sizes[node]!;
    if (partOf[node] !== none || load + size > capacity) continue;
    partOf[node] = part;
    load += size;
    for (let p = offsets[node]!; p < offsets[node + 1]!; p++) {
      const neighbor = neighbors[p]!;
      if (partOf[neighbor] !== none || queued.has(neighbor)) continue;
      queued.add(neighbor);
      queue.push(neighbor);
    }
  }
  return load;
}
