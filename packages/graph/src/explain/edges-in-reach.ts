import { OptionError, ShapeError, type SparseNeighborhood } from "@vicinal/core";
import { attentionRollout, type Rollout, type RolloutOptions } from "./attention-rollout.ts";
import { edgesInto } from "./reach.ts";
import type { AttentionRecord } from "./record-attention.ts";
import { checkReduction } from "./reduction.ts";

/** What is checked of a model, and how its attention becomes an importance of edges. */
export interface EdgesInReachOptions extends RolloutOptions {
  /**
   * How important each edge is said to be, `[edges]` in the order of the edge list. Default: how much of the answer passed along it by
   * {@link attentionRollout}.
   */
  readonly importance?: ArrayLike<number> | undefined;
  /** How many steps away an edge can be and still be removed. Default: the count of layers that attend along edges. */
  readonly hops?: number | undefined;
}

/** Edges that an answer can rest on, with what attention says of them. */
export interface EdgesInReach {
  readonly candidates: Uint32Array;
  readonly importance: Float64Array;
  readonly rollout: Rollout;
}

/**
 * @param from Whose answer it is: how much each node counts in it, `[nodes]`.
 * @throws OptionError `no-attention` for a model that attends along none of these edges; as {@link attentionRollout}.
 */
export function edgesInReach(
  where: string,
  neighborhood: SparseNeighborhood,
  layers: readonly AttentionRecord[],
  from: ArrayLike<number>,
  { importance, hops = layers.length, ...options }: EdgesInReachOptions,
): EdgesInReach {
  if (layers.length === 0) {
    throw new OptionError(
      "no-attention",
      `${where}: got a model of which no layer attends along the edges of the neighborhood; expected at least one.`,
    );
  }
  const rollout = attentionRollout(layers, from, options);
  const nodes = Array.from({ length: neighborhood.receivers }, (_, i) => i).filter((i) => from[i]! > 0);
  // A layer that gives every node a self-loop does so whether the graph has one or not.
  const withLoops = layers.every((layer) => layer.neighborhood === layer.given);
  const candidates = edgesInto(neighborhood, nodes, hops, withLoops);
  const read = (edge: number): number => importance?.[edge] ?? rollout.edges.get(edge) ?? 0;
  return { candidates, importance: Float64Array.from(candidates, read), rollout };
}

/** @throws OptionError `out-of-range`; ShapeError `shapes-differ` for an importance of another length. */
export function checkReach(
  where: string,
  { edges }: SparseNeighborhood,
  { importance, hops, heads }: EdgesInReachOptions,
): void {
  if (heads !== undefined) checkReduction(where, "heads", heads);
  if (hops !== undefined && !(Number.isInteger(hops) && hops > 0)) {
    throw new OptionError("out-of-range", `${where}: got ${hops} hops; expected a whole number above 0.`);
  }
  if (importance === undefined || importance.length === edges) return;
  throw new ShapeError(
    "shapes-differ",
    `${where}: got an importance of ${importance.length} edges; expected ${edges}, one number for each edge.`,
  );
}
