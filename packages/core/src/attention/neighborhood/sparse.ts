import { DataError, ShapeError } from "../../errors.ts";
import { groupByColumn, groupsOfPositions } from "../../tensor/group-by.ts";
import { checkBlock, checkCount } from "./check-counts.ts";

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

/** Edges that are grouped by receiver already. */
export interface SenderRows {
  /** `receivers + 1` row starts, ascending from 0 to the count of edges. */
  readonly offsets: Uint32Array;
  /** The sender of each edge, row after row, in any order within a row. */
  readonly senderOf: Uint32Array;
  /** Count of senders, those without edges included. */
  readonly senders: number;
  /**
   * Where the rows are a part of a whole: the number that the first edge has there, and the others from it on. Called when `edgeOf` is
   * first read. Default: 0.
   */
  readonly firstEdge?: (() => number) | undefined;
}

/**
 * Any set of edges, repeated ones and loops included, in compressed rows by receiver: receiver `i` attends to
 * `senderOf[p]` for the positions `p` from `offsets[i]` to `offsets[i + 1] - 1`. A receiver without edges has an empty row and gets
 * zeros.
 *
 * Immutable: the arrays must not be written to, because engines keep a copy.
 */
// A `Neighborhood`, which is not declared here because that tells of this class.
export class SparseNeighborhood {
  /** The name of the family. */
  readonly kind = "sparse";
  /** Count of elements that attend. */
  readonly receivers: number;
  /** Count of elements that are attended to. */
  readonly senders: number;
  /** Count of (receiver, sender) pairs, repeated ones counted. */
  readonly edges: number;
  /** `receivers + 1` row starts. */
  readonly offsets: Uint32Array;
  /** The sender of the edge at each position. */
  readonly senderOf: Uint32Array;

  readonly #firstEdge: () => number;
  #edgeOf: Uint32Array | undefined;
  #receiverOf: Uint32Array | undefined;
  #transposed: TransposedEdges | undefined;

  private constructor({ offsets, senderOf, senders, firstEdge = () => 0 }: SenderRows, edgeOf?: Uint32Array) {
    this.receivers = offsets.length - 1;
    this.senders = senders;
    this.edges = senderOf.length;
    this.offsets = offsets;
    this.senderOf = senderOf;
    this.#firstEdge = firstEdge;
    this.#edgeOf = edgeOf;
  }

  /**
   * Groups an edge list by receiver. The order of a receiver's edges is their order in the list.
   *
   * @throws DataError `index-out-of-range` for an edge whose end is not below the count of nodes, `wrong-length` when the two
   * ends are not equally many.
   * @throws OptionError `out-of-range` unless both counts are whole numbers that are not negative.
   */
  static fromEdgeList(list: EdgeList): SparseNeighborhood {
    const { senders, receivers, senderCount, receiverCount } = list;
    checkCount("SparseNeighborhood", "senderCount", senderCount);
    checkCount("SparseNeighborhood", "receiverCount", receiverCount);
    checkEdgeList(list);
    const { offsets, rows: senderOf, permutation } = groupByColumn(senders, receivers, receiverCount);
    return new SparseNeighborhood({ offsets, senderOf, senders: senderCount }, permutation);
  }

  /**
   * Takes edges that are grouped already. The arrays are kept, not copied.
   *
   * @throws DataError `wrong-length` for row starts that do not ascend from 0 to the count of edges, `index-out-of-range` for a sender
   * that is not below `senders`.
   * @throws OptionError `out-of-range` unless `senders` is a whole number that is not negative.
   */
  static fromRows(rows: SenderRows): SparseNeighborhood {
    checkRows(rows);
    return new SparseNeighborhood(rows);
  }

  /**
   * The number of the edge at each position, so that edge values can be aligned: in the edge list if the neighborhood was made from one; in a
   * block of rows the position in the whole; else the position itself. Made when first asked for.
   *
   * @throws ShapeError `too-many-pairs` in a block of rows whose positions in the whole do not fit 32 bits.
   */
  get edgeOf(): Uint32Array {
    if (this.#edgeOf === undefined) {
      const first = this.#firstEdge();
      if (this.edges > 0 && first + this.edges > 2 ** 32) {
        throw new ShapeError(
          "too-many-pairs",
          `SparseNeighborhood: got an edge numbered ${first + this.edges - 1}; expected numbers below 2^32. Align the values of edges by ` +
            "receiver and sender in neighborhoods of this size.",
        );
      }
      this.#edgeOf = new Uint32Array(this.edges);
      for (let p = 0; p < this.edges; p++) this.#edgeOf[p] = first + p;
    }
    return this.#edgeOf;
  }

  /** The receiver of the edge at each position. */
  get receiverOf(): Uint32Array {
    this.#receiverOf ??= groupsOfPositions(this.offsets);
    return this.#receiverOf;
  }

  /** The edges grouped by sender, made when first asked for. */
  get transposed(): TransposedEdges {
    if (this.#transposed === undefined) {
      const { offsets, rows: receivers, permutation } = groupByColumn(this.receiverOf, this.senderOf, this.senders);
      this.#transposed = { offsets, receivers, permutation };
    }
    return this.#transposed;
  }

  /** Itself. */
  sparse(): SparseNeighborhood {
    return this;
  }

  /**
   * The edges of the receivers from `first` to `last - 1` alone, with `last - first` receivers and all senders. Shares the senders with the
   * whole; `edgeOf` is the position in the whole.
   *
   * @throws ShapeError `out-of-range` unless `0 <= first <= last <= receivers`.
   */
  rows(first: number, last: number): SparseNeighborhood {
    checkBlock("SparseNeighborhood", first, last, this.receivers);
    const start = this.offsets[first]!;
    return new SparseNeighborhood({
      offsets: this.offsets.slice(first, last + 1).map((offset) => offset - start),
      senderOf: this.senderOf.subarray(start, this.offsets[last]),
      senders: this.senders,
      firstEdge: () => start,
    });
  }
}

function checkRows({ offsets, senderOf, senders }: SenderRows): void {
  checkCount("SparseNeighborhood", "senders", senders);
  let isAscending = offsets[0] === 0 && offsets.at(-1) === senderOf.length;
  for (let i = 1; i < offsets.length && isAscending; i++) isAscending = offsets[i - 1]! <= offsets[i]!;
  if (!isAscending) {
    throw new DataError(
      "wrong-length",
      `SparseNeighborhood: got ${offsets.length} row starts from ${offsets[0]} to ${offsets.at(-1)} for ${senderOf.length} edges; expected one ` +
        "more than receivers, ascending from 0 to the count of edges.",
    );
  }
  for (let p = 0; p < senderOf.length; p++) {
    if (senderOf[p]! < senders) continue;
    throw new DataError(
      "index-out-of-range",
      `SparseNeighborhood: got the sender ${senderOf[p]} at position ${p}; expected numbers below ${senders}.`,
    );
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
