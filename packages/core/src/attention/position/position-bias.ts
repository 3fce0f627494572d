import { DataError, ShapeError } from "../../errors.ts";
import { reshape } from "../../tensor/reshape.ts";
import { gatherRows } from "../../tensor/rows.ts";
import { sameShape } from "../../tensor/shapes.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { SparseNeighborhood } from "../neighborhood/sparse.ts";

/**
 * A term added to the logit of each pair, by where the two stand. The place of a pair is one of a few buckets, such as the clipped
 * distance, and the term is a row of a table: the table is what is learned, and it stays small however many pairs there are.
 *
 * A value is for one pair of element sets: it knows where receiver 0 and sender 0 stand. Buckets must not change once it has been used,
 * because the bucket of each pair of a neighborhood is kept.
 */
export interface PositionBias {
  /** The name of the family, such as `"alibi"`, for errors. */
  readonly name: string;
  /** Count of rows of the table (a receiver, where the table depends on the receiver). */
  readonly buckets: number;
  /** Which row of the table the pair reads: a whole number from 0, below `buckets`. Receiver and sender are element numbers. */
  bucketOf(receiver: number, sender: number): number;
  /**
   * `[buckets, heads]`, or `[receivers, buckets, heads]` where the term depends on the receiver's query. `query` is
   * `[receivers, heads, channels]`, of all receivers or of a block of them.
   */
  table(query: Tensor): Tensor;
}

/** The bucket of each pair, by the number of the element that receiver 0 is: the same in every training step. */
type BucketsOfPairs = Map<number, Uint32Array>;

const bucketsOfPairs = new WeakMap<SparseNeighborhood, WeakMap<PositionBias, BucketsOfPairs>>();

/** The rows that pairs read in a table with a part for each receiver, by the pairs' buckets. */
const rowsOfPairs = new WeakMap<Uint32Array, Uint32Array>();

/**
 * The term of each pair, `[edges, heads]` in the order of the neighborhood's positions: the row of the table that the pair's bucket
 * names. Gradients flow to the table, and through it to the query where it depends on that. Which row a pair reads is computed once for a
 * bias and a neighborhood, and kept as long as both are.
 *
 * @param query `[receivers, heads, channels]`, of the neighborhood's receivers.
 * @param neighborhood Of all receivers, or of a block of them.
 * @param firstReceiver The element number of the neighborhood's receiver 0. Default 0.
 * @throws ShapeError `shapes-differ` for a table that does not fit; DataError `index-out-of-range` for a bucket that is no whole number
 * below the bias' count of buckets, and what the bias throws for an element whose position it does not know.
 */
export function pairBias(
  bias: PositionBias,
  query: Tensor,
  neighborhood: SparseNeighborhood,
  firstReceiver = 0,
): Tensor {
  const table = bias.table(query);
  const { buckets } = bias;
  const [, heads = 0] = query.shape;
  if (sameShape(table.shape, [buckets, heads])) {
    return gatherRows(table, bucketsFor(bias, neighborhood, firstReceiver));
  }
  const { receivers } = neighborhood;
  if (!sameShape(table.shape, [receivers, buckets, heads])) {
    throw new ShapeError(
      "shapes-differ",
      `attend: got a table of shape [${table.shape.join(", ")}] from the position bias "${bias.name}"; expected [${buckets}, ${heads}], or ` +
        `[${receivers}, ${buckets}, ${heads}]: buckets and heads of the query, before them the receivers if the table depends on them.`,
    );
  }
  const rows = rowsFor(bucketsFor(bias, neighborhood, firstReceiver), neighborhood, buckets);
  return gatherRows(reshape(table, [receivers * buckets, heads]), rows);
}

function bucketsFor(bias: PositionBias, neighborhood: SparseNeighborhood, firstReceiver: number): Uint32Array {
  let ofNeighborhood = bucketsOfPairs.get(neighborhood);
  if (ofNeighborhood === undefined) {
    ofNeighborhood = new WeakMap();
    bucketsOfPairs.set(neighborhood, ofNeighborhood);
  }
  let ofBias = ofNeighborhood.get(bias);
  if (ofBias === undefined) {
    ofBias = new Map();
    ofNeighborhood.set(bias, ofBias);
  }
  let buckets = ofBias.get(firstReceiver);
  if (buckets === undefined) {
    buckets = computeBuckets(bias, neighborhood, firstReceiver);
    ofBias.set(firstReceiver, buckets);
  }
  return buckets;
}

function computeBuckets(bias: PositionBias, neighborhood: SparseNeighborhood, firstReceiver: number): Uint32Array {
  const { edges, offsets, receivers, senderOf } = neighborhood;
  const result = new Uint32Array(edges);
  for (let i = 0; i < receivers; i++) {
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) {
      const bucket = bias.bucketOf(firstReceiver + i, senderOf[p]!);
      if (!(Number.isInteger(bucket) && bucket >= 0 && bucket < bias.buckets)) {
        throw new DataError(
          "index-out-of-range",
          `attend: the position bias "${bias.name}" puts receiver ${firstReceiver + i} and sender ${senderOf[p]} into the bucket ` +
            `${bucket}; expected a whole number from 0, below its ${bias.buckets} buckets.`,
        );
      }
      result[p] = bucket;
    }
  }
  return result;
}

function rowsFor(bucketOf: Uint32Array, { offsets, receivers }: SparseNeighborhood, buckets: number): Uint32Array {
  let rows = rowsOfPairs.get(bucketOf);
  if (rows === undefined) {
    rows = new Uint32Array(bucketOf.length);
    for (let i = 0; i < receivers; i++) {
      for (let p = offsets[i]!; p < offsets[i + 1]!; p++) rows[p] = i * buckets + bucketOf[p]!;
    }
    rowsOfPairs.set(bucketOf, rows);
  }
  return rows;
}
