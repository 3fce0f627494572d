import {
  type Grouping,
  gatherRows,
  maximum,
  minimum,
  multiply,
  type SparseNeighborhood,
  segmentSum,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { foldRows } from "./fold-rows.ts";

/** How the features of neighbors become one row. Where there are no neighbors, all of them give zeros. */
export type NeighborAggregation = "mean" | "sum" | "max" | "min";

/** What belongs to a neighborhood, made once for it. */
interface Made {
  /** The senders of each receiver. */
  readonly senders: Grouping;
  /** `1 / count` of the senders of each receiver; 0 where there are none. */
  readonly shares: Float64Array;
}

const made = new WeakMap<SparseNeighborhood, Made>();

function madeFor(neighborhood: SparseNeighborhood): Made {
  let result = made.get(neighborhood);
  if (result === undefined) {
    const { offsets, senderOf, receivers } = neighborhood;
    const shares = Float64Array.from({ length: receivers }, (_, i) => {
      const count = offsets[i + 1]! - offsets[i]!;
      return count === 0 ? 0 : 1 / count;
    });
    result = { senders: { offsets, permutation: senderOf }, shares };
    made.set(neighborhood, result);
  }
  return result;
}

/** `sum over j in N(i) of x_j`: `[senders, channels]` to `[receivers, channels]`. */
export function neighborSum(x: Tensor, neighborhood: SparseNeighborhood): Tensor {
  return segmentSum(x, madeFor(neighborhood).senders);
}

/** What each edge sees of its sender, in the order of positions: `[senders, channels]` to `[edges, channels]`. */
export function ofSenders(x: Tensor, { senderOf, transposed }: SparseNeighborhood): Tensor {
  return gatherRows(x, senderOf, { offsets: transposed.offsets, permutation: transposed.permutation });
}

/** What each edge sees of its receiver, in the order of positions: `[receivers, channels]` to `[edges, channels]`. */
export function ofReceivers(x: Tensor, { receiverOf, offsets }: SparseNeighborhood): Tensor {
  return gatherRows(x, receiverOf, { offsets, permutation: undefined });
}

/** One row a receiver from those of its senders: `[senders, channels]` to `[receivers, channels]`. */
export function aggregate(x: Tensor, neighborhood: SparseNeighborhood, how: NeighborAggregation): Tensor {
  switch (how) {
    case "sum":
      return neighborSum(x, neighborhood);
    case "mean": {
      const { shares } = madeFor(neighborhood);
      return multiply(neighborSum(x, neighborhood), tensor(shares, [shares.length, 1], { engine: x.engine }));
    }
    case "max":
      return foldRows(ofSenders(x, neighborhood), neighborhood.offsets, maximum, 0);
    case "min":
      return foldRows(ofSenders(x, neighborhood), neighborhood.offsets, minimum, 0);
  }
}
