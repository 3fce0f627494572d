import { compileBackward, compileForward, operandNames } from "../compiler/compile.ts";
import { scoreForm } from "../compiler/score-form.ts";
import { defaultEngine } from "../engine/default-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { EngineError } from "../errors.ts";
import { symbolNode } from "../expression/expression.ts";
import { formula } from "../expression/formula.ts";
import { type PlanShape, planFor } from "./plan.ts";
import type { Score } from "./score/score.ts";

/** A mechanism on some heads: all that decides how it is computed. */
export interface MechanismShape extends PlanShape {
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine;
}

/** How `attend` computes a mechanism. */
export interface PlanExplanation {
  /**
   * `"fused"`: the engine's own kernels, made for this score and these heads; `"segments"`: general kernels, with tensors of the size of
   * the edges.
   */
  readonly path: "fused" | "segments";
  /** The name of the engine. */
  readonly engine: string;
  /** Why the path is not `"fused"`; undefined when it is. */
  readonly reason: string | undefined;
  /** The score in print. */
  readonly formula: string;
  /** Parts of the score that are computed once for each receiver, sender or edge instead of once for each edge, in print. */
  readonly hoisted: readonly string[];
}

/** Says how `attend` would compute a score on these heads, and why. Computes nothing else. */
export function explainPlan(score: Score, shape: MechanismShape): PlanExplanation {
  const { engine = defaultEngine() } = shape;
  const plan = planFor(score, shape);
  const kernels = engine.attention?.(plan) ?? { refused: `the engine "${engine.name}" has no fused attention` };
  const isRefused = "refused" in kernels;
  return {
    path: isRefused ? "segments" : "fused",
    engine: engine.name,
    reason: isRefused ? kernels.refused : undefined,
    formula: formula(plan.score),
    hoisted: isRefused ? [] : [...kernels.hoisted.values()].map(formula),
  };
}

/**
 * The kernels that the compiler generates for a score, in WebAssembly's text form: the forward module, then the backward one with every
 * gradient.
 *
 * @throws EngineError `not-compiled` for a score that the compiler does not take; {@link explainPlan} says the same as a value.
 */
export function printKernel(score: Score, shape: PlanShape): string {
  const plan = planFor(score, shape);
  const form = scoreForm(plan.score);
  if ("refused" in form) {
    throw new EngineError(
      "not-compiled",
      `printKernel: the score "${score.name}" is not compiled: ${form.refused}; attend computes it with segment kernels.`,
    );
  }
  const all = new Set<string>([operandNames.value, ...form.inputs.map((symbol) => symbolNode(symbol).name)]);
  return `${compileForward(plan, form).print()}\n${compileBackward(plan, form, all).print()}\n`;
}
