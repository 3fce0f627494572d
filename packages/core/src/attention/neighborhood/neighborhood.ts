import type { AttentionPlan } from "../../engine/attention-kernels.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Mechanism } from "../attend-edges.ts";
import type { AttendInputs } from "../inputs.ts";
import type { EdgePath } from "../path.ts";
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
  /**
   * The pairs as rows that are computed when they are asked for, a {@link ComputedRows}. A neighborhood that leaves it out is stored as a whole: `sparse()` costs
   * nothing that is not there already.
   */
  readonly computed?:
    | {
        readonly rows: (first: number, last: number) => SparseNeighborhood;
        /** @internal */
        pairsPerBlock(path: EdgePath, plan: AttentionPlan, pairs: number): number | undefined;
        /** @internal */
        attend(
          path: EdgePath,
          neighborhood: Neighborhood,
          inputs: AttendInputs,
          mechanism: Mechanism,
        ): Tensor | undefined;
      }
    | undefined;
  /** All pairs in compressed rows: what every neighborhood can be brought to. */
  sparse(): SparseNeighborhood;
}
