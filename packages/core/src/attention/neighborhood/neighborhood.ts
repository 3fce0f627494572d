import type { SparseNeighborhood } from "./sparse.ts";

/**
 * Who attends to whom: the first of the four choices. Receivers are the elements that attend (queries), senders the elements
 * that are attended to (keys and values).
 */
export interface Neighborhood {
  /** The name of the family, such as `"sparse"` or `"complete"`: engines with a special kernel look at it. */
  readonly kind: string;
  /** Count of elements that attend. */
  readonly receivers: number;
  /** Count of elements that are attended to. */
  readonly senders: number;
  /** Count of (receiver, sender) pairs, repeated ones counted. */
  readonly edges: number;
  /** The same pairs in compressed rows: what every neighborhood can be brought to. */
  sparse(): SparseNeighborhood;
}
