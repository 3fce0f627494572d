import type { AttentionKernels, AttentionPlan } from "../engine/attention-kernels.ts";
import type { Engine } from "../engine/engine.ts";
import type { DotForm } from "./dot-form.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import type { SenderRuns } from "./neighborhood/sender-runs.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";

/** In tiles of pairs, of which nothing is kept: for an inner product under softmax, over runs of senders. */
export interface TiledPath {
  readonly kind: "tiled";
  readonly form: DotForm;
  readonly runs: SenderRuns;
}

/** How attention is computed. */
export type AttentionPath =
  | TiledPath
  /** By kernels that the engine made for the plan. */
  | { readonly kind: "fused"; readonly kernels: AttentionKernels }
  /** By general kernels, with tensors of the size of the pairs. */
  | { readonly kind: "segments"; readonly reason: string };

/** How attention by this plan is computed on this engine over this neighborhood, or over stored edges if none is given. */
export function pathOf(plan: AttentionPlan, engine: Engine, neighborhood?: Neighborhood): AttentionPath {
  const runs = neighborhood?.runs;
  const form = plan.normalizer.name === "softmax" ? runs?.formOf(plan.score) : undefined;
  if (runs !== undefined && form !== undefined) return { kind: "tiled", form, runs };
  const kernels = engine.attention?.(plan) ?? { refused: `the engine "${engine.name}" has no fused attention` };
  return "refused" in kernels ? { kind: "segments", reason: kernels.refused } : { kind: "fused", kernels };
}

/** Numbers that a block of receivers may take for its pairs: 16 MiB in float32. */
const NUMBERS_PER_BLOCK = 2 ** 22;

/** Numbers that fused kernels take for a pair: its sender, and receiver, sender and position in the order by sender. */
const INDICES_PER_PAIR = 4;

/**
 * How many pairs a block of receivers may have where a neighborhood has too many to be listed at once; undefined where it has not, or where it
 * is a list.
 */
export function blockSize(
  { kind }: AttentionPath,
  { heads, channels }: AttentionPlan,
  neighborhood: Neighborhood,
): number | undefined {
  if (neighborhood instanceof SparseNeighborhood || neighborhood.rows === undefined) return undefined;
  const numbersPerPair = kind === "segments" ? heads * channels : INDICES_PER_PAIR;
  const pairs = Math.max(1, Math.floor(NUMBERS_PER_BLOCK / Math.max(1, numbersPerPair)));
  return neighborhood.edges > pairs ? pairs : undefined;
}
