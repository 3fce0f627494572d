import type { SparseNeighborhood } from "@vicinal/core";
import { type Edges, neighborhoodOfEdges } from "./edge-list.ts";

/**
 * The links of a graph: pairs of different nodes, each once however many edges join them. Self-loops are none. In a directed graph a link runs
 * from its source to its target; else `a, b` and `b, a` are one link.
 */
export class LinkIndex {
  /** Count of nodes. */
  readonly nodes: number;
  /** Whether a link has a direction. */
  readonly directed: boolean;
  /** Each node with those that it is linked from; where links have no direction, linked with. Rows ascend. */
  readonly partners: SparseNeighborhood;
  #links: Edges | undefined;

  /** @throws DataError `index-out-of-range` or `wrong-length` for edges that are none. */
  constructor(nodes: number, edges: Edges, directed: boolean) {
    this.nodes = nodes;
    this.directed = directed;
    this.partners = neighborhoodOfEdges(nodes, withoutLoops(edges), { directed });
  }

  /** Count of links. */
  get count(): number {
    return this.directed ? this.partners.edges : this.partners.edges / 2;
  }

  /** Count of pairs of different nodes without a link. */
  get free(): number {
    const ordered = this.nodes * (this.nodes - 1);
    return (this.directed ? ordered : ordered / 2) - this.count;
  }

  /** Every link once, by target and then by source, whatever the order of the edges was. Without direction the source is below the target. */
  get links(): Edges {
    if (this.#links === undefined) {
      const { senderOf, receiverOf } = this.partners;
      const kept = Uint32Array.from(senderOf.keys()).filter((p) => this.directed || senderOf[p]! < receiverOf[p]!);
      this.#links = { sources: kept.map((p) => senderOf[p]!), targets: kept.map((p) => receiverOf[p]!) };
    }
    return this.#links;
  }

  /** Whether there is a link from one node to another; without direction, between the two. */
  has(source: number, target: number): boolean {
    const { offsets, senderOf } = this.partners;
    let [low, high] = [offsets[target]!, offsets[target + 1]!];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (senderOf[middle]! < source) low = middle + 1;
      else high = middle;
    }
    return low < offsets[target + 1]! && senderOf[low] === source;
  }
}

/** The edges at some places of a list. */
export function edgesAt(edges: Edges, places: Uint32Array): Edges {
  return { sources: places.map((e) => edges.sources[e]!), targets: places.map((e) => edges.targets[e]!) };
}

/** The edges of two lists. */
export function bothLists(first: Edges, second: Edges): Edges {
  const joined = (a: Uint32Array, b: Uint32Array): Uint32Array => {
    const both = new Uint32Array(a.length + b.length);
    both.set(a);
    both.set(b, a.length);
    return both;
  };
  return { sources: joined(first.sources, second.sources), targets: joined(first.targets, second.targets) };
}

/** The edges of a list that pass a test. */
export function edgesWhere(edges: Edges, passes: (source: number, target: number) => boolean): Edges {
  const { sources, targets } = edges;
  return edgesAt(
    edges,
    Uint32Array.from(sources.keys()).filter((e) => passes(sources[e]!, targets[e]!)),
  );
}

function withoutLoops(edges: Edges): Edges {
  // Lists that do not belong together are refused where all edges are checked.
  if (edges.sources.length !== edges.targets.length) return edges;
  return edgesWhere(edges, (source, target) => source !== target);
}
