import type { Module, SparseNeighborhood, Tensor, Training } from "@vicinal/core";
import type { GraphMembership } from "./membership.ts";

/** What a read-out may read beside the nodes. */
export interface ReadoutContext {
  /** Present while training: dropout draws from it. */
  readonly training?: Training | undefined;
}

/**
 * Makes one row of numbers out of the nodes of each graph. It does not depend on the order of the nodes; a graph without nodes gets zeros; and
 * what a graph gets does not depend on the others in the batch.
 */
export interface Readout extends Module {
  /** Width of the nodes' features. */
  readonly inputs: number;
  /** Width of what a graph gets. */
  readonly outputs: number;
  /** From `[nodes, inputs]` to `[graphs, outputs]`. A `GraphBatch` is a membership. */
  forward(x: Tensor, membership: GraphMembership, context?: ReadoutContext): Tensor;
}

/** What the nodes of each graph contributed. */
export interface ReadoutAttention {
  /** Each receiver attends to the nodes of its graph, the senders. Receivers are the graphs, or several seeds of each graph. */
  readonly neighborhood: SparseNeighborhood;
  /** `[positions, heads]`, at the positions of the neighborhood, before dropout. The weights of a receiver sum to 1 for each head. */
  readonly weights: Tensor;
}

/** What a read-out that attends gives, with its weights. */
export interface DetailedReadout {
  /** `[graphs, outputs]`. */
  readonly output: Tensor;
  /** Who contributed how much. */
  readonly attention: ReadoutAttention;
}

/** A {@link Readout} whose weights can be looked at. */
export interface AttentiveReadout extends Readout {
  /** `forward`, with the attention. */
  detailed(x: Tensor, membership: GraphMembership, context?: ReadoutContext): DetailedReadout;
}
