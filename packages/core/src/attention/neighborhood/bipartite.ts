import { DataError } from "../../errors.ts";
import { isIndex } from "../../is-index.ts";
import { SparseNeighborhood } from "./sparse.ts";

/** Pairs of two sets: in pair `e`, element `receivers[e]` of the one set attends to element `senders[e]` of the other. */
export interface BipartiteEdges {
  /** The number of the sender of each pair. */
  readonly senders: ArrayLike<number>;
  /** The number of the receiver of each pair. */
  readonly receivers: ArrayLike<number>;
  /** Count of senders, those without pairs included. */
  readonly senderCount: number;
  /** Count of receivers, those without pairs included. */
  readonly receiverCount: number;
}

/**
 * Any pairs of two sets, numbered apart from each other: users and items, words and phrases, the two sides of an alignment. The
 * order of a receiver's senders is that of its pairs, and repeated pairs count as often as they are given. The edges of one set are the
 * case of equal counts. For all pairs of two sets take `complete(receivers, senders)`, which stores none.
 *
 * @throws DataError `index-out-of-range` for a number that is not whole or not below its count, `wrong-length` when there are not as many
 * senders as receivers.
 * @throws OptionError `out-of-range` unless both counts are whole numbers that are not negative.
 */
export function bipartite({ senders, receivers, senderCount, receiverCount }: BipartiteEdges): SparseNeighborhood {
  return SparseNeighborhood.fromEdgeList({
    senders: elementNumbers("sender", senders),
    receivers: elementNumbers("receiver", receivers),
    senderCount,
    receiverCount,
  });
}

/** Before they become unsigned integers: those would hide a fraction or a sign. */
function elementNumbers(what: string, numbers: ArrayLike<number>): Uint32Array {
  if (numbers instanceof Uint32Array) return numbers;
  for (let e = 0; e < numbers.length; e++) {
    const number = numbers[e]!;
    if (isIndex(number, 2 ** 32)) continue;
    throw new DataError(
      "index-out-of-range",
      `bipartite: got the ${what} ${number} in pair ${e}; expected whole numbers from 0, below the count of ${what}s.`,
    );
  }
  return Uint32Array.from(numbers);
}
