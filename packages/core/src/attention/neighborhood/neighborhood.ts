import type { SenderRuns } from "./sender-runs.ts";
import type { SparseNeighborhood } from "./sparse.ts";

/**
 * Who attends to whom: the first of the four choices. Receivers are the elements that attend (queries), senders the elements
 * that are attended to (keys and values).
 */
export interface Neighborhood {
  /** The name of the family, such as `"sparse"` or `"complete"`. */
  readonly kind: string;
  /** Count of elements that attend. */
  readonly receivers: number;
  /** Count of elements that are attended to. */
  readonly senders: number;
  /** Count of (receiver, sender) pairs, repeated ones counted. */
  readonly edges: number;
  /**
   * The pairs as runs of senders. Attention over a neighborhood that has runs is computed in tiles: nothing of the size of the pairs is
   * made, and the pairs are never listed.
   */
  readonly runs?: SenderRuns | undefined;
  /** All pairs in compressed rows: what every neighborhood can be brought to. */
  sparse(): SparseNeighborhood;
  /**
   * The pairs of the receivers from `first` to `last - 1` alone, with `last - first` receivers and all senders, without listing the others. A
   * neighborhood that leaves it out is stored as a whole: `sparse()` costs nothing that is not there already.
   */
  rows?(first: number, last: number): SparseNeighborhood;
}
