import type { AttentionKernels, AttentionPlan } from "../engine/attention-kernels.ts";
import type { Engine } from "../engine/engine.ts";
import type { DotForm } from "./dot-form.ts";
import type { SenderRuns } from "./neighborhood/sender-runs.ts";

/** In tiles of pairs, of which nothing is kept: for an inner product under softmax, over runs of senders. */
export interface TiledPath {
  readonly kind: "tiled";
  readonly form: DotForm;
  readonly runs: SenderRuns;
}

/** Over edges that are listed. */
export type EdgePath =
  /** By kernels that the engine made for the plan. */
  | { readonly kind: "fused"; readonly kernels: AttentionKernels }
  /** By general kernels, with tensors of the size of the pairs. */
  | { readonly kind: "segments"; readonly reason: string };

/** How attention is computed. */
export type AttentionPath = TiledPath | EdgePath;

/** How attention by this plan is computed on this engine over a neighborhood with these runs, or over stored edges if none are given. */
export function pathOf(plan: AttentionPlan, engine: Engine, runs: SenderRuns | undefined): AttentionPath {
  const form = plan.normalizer.name === "softmax" ? runs?.formOf(plan.score) : undefined;
  if (runs !== undefined && form !== undefined) return { kind: "tiled", form, runs };
  const kernels = engine.attention?.(plan) ?? { refused: `the engine "${engine.name}" has no fused attention` };
  return "refused" in kernels ? { kind: "segments", reason: kernels.refused } : { kind: "fused", kernels };
}
