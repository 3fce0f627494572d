import { Random, type SparseNeighborhood } from "@vicinal/core";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";

export type Pair = readonly [source: number, target: number];

/** A graph whose edges have no direction; repeated edges count once. */
export function undirected(nodes: number, pairs: readonly Pair[]): SparseNeighborhood {
  return neighborhoodOfEdges(nodes, edgesOf(pairs));
}

/** A graph of messages as they are listed. */
export function directed(nodes: number, pairs: readonly Pair[]): SparseNeighborhood {
  return neighborhoodOfEdges(nodes, edgesOf(pairs), { directed: true, coalesce: false });
}

export const path = (nodes: number): readonly Pair[] => Array.from({ length: nodes - 1 }, (_, i): Pair => [i, i + 1]);

export const cycle = (nodes: number): readonly Pair[] =>
  Array.from({ length: nodes }, (_, i): Pair => [i, (i + 1) % nodes]);

/** A grid whose sides are joined: node `r * columns + c`. */
export const torus = (rows: number, columns: number): readonly Pair[] =>
  Array.from({ length: rows * columns }, (_, i) => i).flatMap((i): Pair[] => {
    const [r, c] = [Math.floor(i / columns), i % columns];
    return [
      [i, r * columns + ((c + 1) % columns)],
      [i, ((r + 1) % rows) * columns + c],
    ];
  });

/** `count` pairs of different nodes, after a path through all nodes, which makes the graph connected. */
export function connectedPairs(nodes: number, count: number, seed: number): readonly Pair[] {
  const random = new Random(seed);
  const drawn = Array.from({ length: count }, (): Pair => {
    const source = random.integer(nodes);
    return [source, (source + 1 + random.integer(nodes - 1)) % nodes];
  });
  return [...path(nodes), ...drawn];
}

function edgesOf(pairs: readonly Pair[]) {
  return {
    sources: Uint32Array.from(pairs, ([source]) => source),
    targets: Uint32Array.from(pairs, ([, target]) => target),
  };
}
