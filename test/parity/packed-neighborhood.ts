import { type Neighborhood, SparseNeighborhood, sequences } from "@vicinal/core";

/** `[receivers][senders]`, true where the receiver attends to the sender. */
export type Mask = readonly (readonly boolean[])[];

/** Who attends to whom in packed sequences. */
export interface PackedOptions {
  /** The lengths of the sequences that are attended to. Default: the same elements. */
  readonly senders?: readonly number[];
  /** Whether an element attends to itself and those before it only. Default false. */
  readonly causal?: boolean;
  /** One for each sequence. Default: no pair is masked. */
  readonly masks?: readonly Mask[] | null;
}

/** Each element attends within its sequence, or to the sequence of the same number on the other side. */
export function packedNeighborhood(
  lengths: readonly number[],
  { senders = lengths, causal = false, masks = null }: PackedOptions,
): Neighborhood {
  const neighborhood = sequences(lengths, { senders, causal });
  return masks === null ? neighborhood : withoutMasked(neighborhood.sparse(), masks.flat());
}

/** `rows` has the mask of each receiver over the senders of its own sequence. */
function withoutMasked(pairs: SparseNeighborhood, rows: Mask): SparseNeighborhood {
  const { offsets, senderOf, receiverOf, senders, receivers } = pairs;
  const kept = senderOf.map((_, p) => p).filter((p) => rows[receiverOf[p]!]![p - offsets[receiverOf[p]!]!]);
  return SparseNeighborhood.fromEdgeList({
    senders: kept.map((p) => senderOf[p]!),
    receivers: kept.map((p) => receiverOf[p]!),
    senderCount: senders,
    receiverCount: receivers,
  });
}
