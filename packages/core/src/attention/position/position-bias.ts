import { DataError, ShapeError } from "../../errors.ts";
import { isIndex } from "../../is-index.ts";
import { madeOnce } from "../../made-once.ts";
import { reshape } from "../../tensor/reshape.ts";
import { gatherRows } from "../../tensor/rows.ts";
import { sameShape } from "../../tensor/shapes.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { SparseNeighborhood } from "../neighborhood/sparse.ts";

/** What a {@link PositionBias} is made of. */
export interface PositionBiasDefinition {
  /** The name of the family, such as `"alibi"`, for errors. */
  readonly name: string;
  /** Count of rows of the table (a receiver, where the table depends on the receiver). */
  readonly buckets: number;
  /** Which row of the table the pair reads: a whole number from 0, below `buckets`. Receiver and sender are element numbers. */
  readonly bucketOf: (receiver: number, sender: number) => number;
  /**
   * `[buckets, heads]`, or `[receivers, buckets, heads]` where the term depends on the receiver's query. `query` is
   * `[receivers, heads, channels]`, of all receivers or of a block of them.
   */
  readonly table: (query: Tensor) => Tensor;
}

/** The rows that pairs read in a table, by the number of the element that receiver 0 is: the same in every training step. */
interface RowsOfPairs {
  /** The bucket of each pair. */
  readonly buckets: Uint32Array;
  /** The row of each pair in a table with a part for each receiver; made when first asked for. */
  ofReceivers?: Uint32Array;
}

/**
 * A term added to the logit of each pair, by where the two stand. The place of a pair is one of a few buckets, such as the clipped
 * distance, and the term is a row of a table: the table is what is learned, and it stays small however many pairs there are.
 *
 * A value is for one pair of element sets: it knows where receiver 0 and sender 0 stand. Buckets must not change once it has been used,
 * because the bucket of each pair of a neighborhood is kept. What computes the terms comes with it, so that a program without any is bundled without
 * that.
 */
export class PositionBias implements PositionBiasDefinition {
  readonly name: string;
  readonly buckets: number;
  readonly bucketOf: (receiver: number, sender: number) => number;
  readonly table: (query: Tensor) => Tensor;
  readonly #rows = new WeakMap<SparseNeighborhood, Map<number, RowsOfPairs>>();

  constructor({ name, buckets, bucketOf, table }: PositionBiasDefinition) {
    this.name = name;
    this.buckets = buckets;
    this.bucketOf = bucketOf;
    this.table = table;
  }

  /**
   * The term of each pair, `[edges, heads]` in the order of the neighborhood's positions: the row of the table that the pair's bucket
   * names. Gradients flow to the table, and through it to the query where it depends on that. Which row a pair reads is computed once for a
   * neighborhood, and kept as long as that is.
   *
   * @param query `[receivers, heads, channels]`, of the neighborhood's receivers.
   * @param neighborhood Of all receivers, or of a block of them.
   * @param firstReceiver The element number of the neighborhood's receiver 0. Default 0.
   * @throws ShapeError `shapes-differ` for a table that does not fit; DataError `index-out-of-range` for a bucket that is no whole number
   * below the bias' count of buckets, and what the bias throws for an element whose position it does not know.
   */
  terms(query: Tensor, neighborhood: SparseNeighborhood, firstReceiver = 0): Tensor {
    const table = this.table(query);
    const { buckets } = this;
    const [, heads = 0] = query.shape;
    if (sameShape(table.shape, [buckets, heads])) {
      return gatherRows(table, this.#rowsOf(neighborhood, firstReceiver).buckets);
    }
    const { receivers } = neighborhood;
    if (!sameShape(table.shape, [receivers, buckets, heads])) {
      throw new ShapeError(
        "shapes-differ",
        `attend: got a table of shape [${table.shape.join(", ")}] from the position bias "${this.name}"; expected [${buckets}, ${heads}], or ` +
          `[${receivers}, ${buckets}, ${heads}]: buckets and heads of the query, before them the receivers if the table depends on them.`,
      );
    }
    const rows = this.#rowsOf(neighborhood, firstReceiver);
    rows.ofReceivers ??= rowsOfReceivers(rows.buckets, neighborhood, buckets);
    return gatherRows(reshape(table, [receivers * buckets, heads]), rows.ofReceivers);
  }

  #rowsOf(neighborhood: SparseNeighborhood, firstReceiver: number): RowsOfPairs {
    const known = madeOnce(this.#rows, neighborhood, () => new Map<number, RowsOfPairs>());
    return madeOnce(known, firstReceiver, () => ({ buckets: this.#bucketsOf(neighborhood, firstReceiver) }));
  }

  #bucketsOf({ edges, receiverOf, senderOf }: SparseNeighborhood, firstReceiver: number): Uint32Array {
    const result = new Uint32Array(edges);
    for (let p = 0; p < edges; p++) {
      const [receiver, sender] = [firstReceiver + receiverOf[p]!, senderOf[p]!];
      const bucket = this.bucketOf(receiver, sender);
      if (!isIndex(bucket, this.buckets)) {
        throw new DataError(
          "index-out-of-range",
          `attend: the position bias "${this.name}" puts receiver ${receiver} and sender ${sender} into the bucket ` +
            `${bucket}; expected a whole number from 0, below its ${this.buckets} buckets.`,
        );
      }
      result[p] = bucket;
    }
    return result;
  }
}

/** In a table with a part of as many rows as there are buckets for each receiver. */
function rowsOfReceivers(
  bucketOf: Uint32Array,
  { edges, receiverOf }: SparseNeighborhood,
  buckets: number,
): Uint32Array {
  const rows = new Uint32Array(edges);
  for (let p = 0; p < edges; p++) rows[p] = receiverOf[p]! * buckets + bucketOf[p]!;
  return rows;
}
