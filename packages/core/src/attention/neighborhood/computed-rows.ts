import type { AttentionPlan } from "../../engine/attention-kernels.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Mechanism } from "../attend-edges.ts";
import { attendInBlocks } from "../attend-in-blocks.ts";
import type { AttendInputs } from "../inputs.ts";
import type { EdgePath } from "../path.ts";
import type { Neighborhood } from "./neighborhood.ts";
import type { SparseNeighborhood } from "./sparse.ts";

/** Numbers that a block of receivers may take for its pairs: 16 MiB in float32. */
const NUMBERS_PER_BLOCK = 2 ** 22;

/** Numbers that fused kernels take for a pair: its sender, and receiver, sender and position in the order by sender. */
const INDICES_PER_PAIR = 4;

/**
 * Rows that are computed when they are asked for. Attention over more pairs than are listed at once is computed over them one block of
 * receivers after the other; what that takes comes with them, so that a program of stored edges is bundled without it.
 */
export class ComputedRows {
  /** The pairs of the receivers from `first` to `last - 1` alone, with `last - first` receivers and all senders, without listing the others. */
  readonly rows: (first: number, last: number) => SparseNeighborhood;

  constructor(rows: (first: number, last: number) => SparseNeighborhood) {
    this.rows = rows;
  }

  /**
   * How many pairs a block of receivers may have; undefined where all pairs are listed at once.
   *
   * @internal
   */
  pairsPerBlock({ kind }: EdgePath, { heads, channels }: AttentionPlan, pairs: number): number | undefined {
    const numbersPerPair = kind === "segments" ? heads * channels : INDICES_PER_PAIR;
    const most = Math.max(1, Math.floor(NUMBERS_PER_BLOCK / Math.max(1, numbersPerPair)));
    return pairs > most ? most : undefined;
  }

  /**
   * Attention in blocks over the neighborhood of these rows; undefined where all pairs are listed at once.
   *
   * @internal
   */
  attend(path: EdgePath, neighborhood: Neighborhood, inputs: AttendInputs, mechanism: Mechanism): Tensor | undefined {
    const pairs = this.pairsPerBlock(path, mechanism.plan, neighborhood.edges);
    return pairs === undefined ? undefined : attendInBlocks(path, neighborhood, inputs, mechanism, pairs);
  }
}
