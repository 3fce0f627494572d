import { GrowingIndices } from "./growing-indices.ts";

/**
 * Numbers the nodes of one part of a graph after the other, from 0 in the order in which they come. Begins anew at a cost that does not
 * depend on the size of the graph, because nothing is cleared: a node counts as numbered only if the list of the numbered agrees (Briggs and
 * Torczon, "An Efficient Representation for Sparse Sets", 1993). Takes 4 bytes for each node of the graph.
 */
export class NodeNumbers {
  readonly #numberOf: Uint32Array;
  readonly #nodes = new GrowingIndices();

  /** @param nodes Count of nodes in the graph. */
  constructor(nodes: number) {
    this.#numberOf = new Uint32Array(nodes);
  }

  /** Count of nodes that have a number. */
  get count(): number {
    return this.#nodes.length;
  }

  /** Forgets every number. */
  restart(): void {
    this.#nodes.clear();
  }

  /** The number of a node, or -1. */
  find(node: number): number {
    const number = this.#numberOf[node]!;
    return number < this.#nodes.length && this.#nodes.at(number) === node ? number : -1;
  }

  /** The number of a node, which gets the next one if it has none. */
  number(node: number): number {
    const known = this.find(node);
    if (known >= 0) return known;
    const next = this.#nodes.length;
    this.#numberOf[node] = next;
    this.#nodes.push(node);
    return next;
  }

  /** The node that has a number. */
  node(number: number): number {
    return this.#nodes.at(number);
  }

  /** A copy of the nodes in the order of their numbers. */
  nodes(): Uint32Array {
    return this.#nodes.toArray();
  }
}
