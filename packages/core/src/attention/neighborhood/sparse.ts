import { DataError } from "../../errors.ts";
import { groupBy } from "../../tensor/group-by.ts";
import type { Neighborhood } from "./neighborhood.ts";

/** The same edges, grouped by sender: what the gradients of keys and values walk. */
export interface TransposedEdges {
  /** `senders + 1` row starts. */
  readonly offsets: Uint32Array;
  /** The receiver of each edge, grouped by sender, receivers ascending. */
  readonly receivers: Uint32Array;
  /** The position of each of these edges in the order by receiver. */
  readonly permutation: Uint32Array;
}

/** Edges as they are usually at hand: edge `e` carries a message from `senders[e]` to `receivers[e]`. */
export interface EdgeList {
  /** The number of the sender of each edge. */
  readonly senders: Uint32Array;
  /** The number of the receiver of each edge. */
  readonly receivers: Uint32Array;
  /** Count of senders, those without edges included; senders are numbered from 0. */
  readonly senderCount: number;
  /** Count of receivers, those without edges included; receivers are numbered from 0. */
  readonly receiverCount: number;
}

/**
 * Any set of edges, repeated ones and loops included, in compressed rows by receiver: receiver `i` attends to
 * `senderOf[p]` for the positions `p` from `offsets[i]` to `offsets[i + 1] - 1`. A receiver without edges has an empty row and gets
 * zeros.
 *
 * Immutable: the arrays must not be written to, because engines keep a copy.
 */
export class SparseNeighborhood implements Neighborhood {
  readonly kind = "sparse";
  /** Count of elements that attend. */
  readonly receivers: number;
  /** Count of elements that are attended to. */
  readonly senders: number;
  readonly edges: number;
  /** `receivers + 1` row starts. */
  readonly offsets: Uint32Array;
  /** The sender of the edge at each position. */
  readonly senderOf: Uint32Array;
  /** The number that the edge at each position had in the edge list, so that edge values can be aligned. */
  readonly edgeOf: Uint32Array;

  #receiverOf: Uint32Array | undefined;
  #transposed: TransposedEdges | undefined;

  private constructor(senders: number, offsets: Uint32Array, senderOf: Uint32Array, edgeOf: Uint32Array) {
    this.receivers = offsets.length - 1;
    this.senders = senders;
    this.edges = senderOf.length;
    this.offsets = offsets;
    this.senderOf = senderOf;
    this.edgeOf = edgeOf;
  }

  /**
   * Groups an edge list by receiver. The order of a receiver's edges is their order in the list.
   *
   * @throws DataError `index-out-of-range` for an edge whose end is not below the count of nodes, `wrong-length` when the two
   * ends are not equally many.
   */
  static fromEdgeList(list: EdgeList): SparseNeighborhood {
    const { senders, receivers, senderCount, receiverCount } = list;
    checkEdgeList(list);
    const { offsets, order } = groupBy(receivers, receiverCount);
    const senderOf = new Uint32Array(order.length);
    for (let p = 0; p < order.length; p++) senderOf[p] = senders[order[p]!]!;
    return new SparseNeighborhood(senderCount, offsets, senderOf, order);
  }

  /** The receiver of the edge at each position. */
  get receiverOf(): Uint32Array {
    if (this.#receiverOf === undefined) {
      this.#receiverOf = new Uint32Array(this.edges);
      for (let i = 0; i < this.receivers; i++) this.#receiverOf.fill(i, this.offsets[i], this.offsets[i + 1]);
    }
    return this.#receiverOf;
  }

  /** The edges grouped by sender, made when first asked for. */
  get transposed(): TransposedEdges {
    if (this.#transposed === undefined) {
      const { offsets, order } = groupBy(this.senderOf, this.senders);
      const receivers = new Uint32Array(order.length);
      const { receiverOf } = this;
      for (let p = 0; p < order.length; p++) receivers[p] = receiverOf[order[p]!]!;
      this.#transposed = { offsets, receivers, permutation: order };
    }
    return this.#transposed;
  }

  sparse(): SparseNeighborhood {
    return this;
  }
}

function checkEdgeList({ senders, receivers, senderCount, receiverCount }: EdgeList): void {
  if (senders.length !== receivers.length) {
    throw new DataError(
      "wrong-length",
      `SparseNeighborhood: got ${senders.length} senders and ${receivers.length} receivers; expected one of each an edge.`,
    );
  }
  for (let e = 0; e < senders.length; e++) {
    if (senders[e]! < senderCount && receivers[e]! < receiverCount) continue;
    throw new DataError(
      "index-out-of-range",
      `SparseNeighborhood: edge ${e} goes from ${senders[e]} to ${receivers[e]}; expected senders below ${senderCount} ` +
        `and receivers below ${receiverCount}. Number the nodes from 0 and drop edges to unknown nodes.`,
    );
  }
}
