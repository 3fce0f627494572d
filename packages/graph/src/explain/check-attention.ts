import { type SparseNeighborhood, scope, type Tensor, withoutGradient } from "@vicinal/core";
import { type AnswerOptions, checkMeasure, settledMeasure } from "./answer.ts";
import type { Rollout } from "./attention-rollout.ts";
import {
  checkImportance,
  checkImportanceOptions,
  type ImportanceCheckOptions,
  importanceCheckOptionNames,
} from "./check-importance.ts";
import { featuresOf, withoutEdges } from "./edge-subset.ts";
import { checkReach, type EdgesInReachOptions, edgesInReach } from "./edges-in-reach.ts";
import type { ImportanceCheck } from "./importance-check.ts";
import { type AttentionRecord, recordAttention } from "./record-attention.ts";

/** Options that the checks of a node's and of a graph's answer share. */
export interface AttentionCheckOptions extends ImportanceCheckOptions, EdgesInReachOptions, AnswerOptions {}

/** The names of {@link AttentionCheckOptions}. */
export const attentionCheckOptionNames = [
  ...importanceCheckOptionNames,
  "importance",
  "hops",
  "residual",
  "heads",
  "target",
  "measure",
] as const satisfies readonly (keyof AttentionCheckOptions)[];

/** What a check of attention found. */
export interface AttentionCheck extends ImportanceCheck {
  /** The output that was looked at. */
  readonly target: number;
  /** `[outputs]`: those with all edges. */
  readonly outputs: readonly number[];
  /** The edges that could be removed, `[candidates]`, by their numbers in the edge list, and how important each was said to be, `[candidates]`. */
  readonly edges: { readonly numbers: Uint32Array; readonly importance: Float64Array };
  /** Where the answer came from if attention is believed. */
  readonly rollout: Rollout;
  /** What each layer attended to. */
  readonly layers: readonly AttentionRecord[];
}

/** One answer of a model, as a function of the edges. */
export interface EdgeAnswer {
  readonly neighborhood: SparseNeighborhood;
  readonly edgeFeatures: Tensor | undefined;
  /** The outputs, one row, over other edges between the same nodes. */
  readonly outputs: (neighborhood: SparseNeighborhood, edgeFeatures: Tensor | undefined) => Tensor;
  /** How much each node counts in the answer, `[nodes]`. */
  readonly from: () => ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** Runs the model with all edges, and then {@link checkImportance} of what it attended to. All options are checked before. */
export async function checkAttention(
  where: string,
  { neighborhood, edgeFeatures, outputs: outputsOver, from }: EdgeAnswer,
  options: AttentionCheckOptions,
): Promise<AttentionCheck> {
  const { importance, hops, residual, heads, target, measure, ...check } = options;
  const reach = { importance, hops, residual, heads };
  checkReach(where, neighborhood, reach);
  checkMeasure(where, measure);
  checkImportanceOptions(check);
  const { output, layers } = await recordAttention(() => outputsOver(neighborhood, edgeFeatures), {
    over: neighborhood,
  });
  const outputs = Array.from(output);
  const settled = settledMeasure(where, outputs, { target, measure });
  const attended = edgesInReach(where, neighborhood, layers, await from(), reach);
  const answerWithout = async (removed: Uint32Array): Promise<number> => {
    const part = withoutEdges(neighborhood, removed);
    const row = withoutGradient(() => scope(() => outputsOver(part.neighborhood, featuresOf(edgeFeatures, part))));
    return settled.read(Array.from(await row.data()));
  };
  return {
    ...(await checkImportance({ ...attended, answerWithout }, check)),
    target: settled.target,
    outputs,
    edges: { numbers: attended.candidates, importance: attended.importance },
    rollout: attended.rollout,
    layers,
  };
}
