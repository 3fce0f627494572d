import { compileBackward } from "../compiler/backward.ts";
import { compileForward } from "../compiler/forward.ts";
import { printModule } from "../compiler/print-module.ts";
import { operandNames } from "../compiler/symbols.ts";
import { formOf } from "../compiler/weight.ts";
import { defaultEngine } from "../engine/default-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { EngineError } from "../errors.ts";
import { symbolNode } from "../expression/expression.ts";
import { formula } from "../expression/formula.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import { pathOf } from "./path.ts";
import { type PlanShape, planFor } from "./plan.ts";
import type { Score } from "./score/score.ts";

/** A mechanism on some heads: all that decides how it is computed. */
export interface MechanismShape extends PlanShape {
  /** Default: the shared `wasm` engine. */
  readonly engine?: Engine;
  /** Default: stored edges. */
  readonly neighborhood?: Neighborhood;
}

/** How `attend` computes a mechanism. */
export interface PlanExplanation {
  /**
   * `"tiled"`: for an inner product under softmax over a neighborhood that has runs, in tiles of which nothing is kept; `"fused"`: the
   * engine's own kernels, made for this score and these heads; `"segments"`: general kernels, with tensors of the size of the edges.
   */
  readonly path: "tiled" | "fused" | "segments";
  /**
   * How many pairs are listed at once, if the neighborhood has too many to be listed together: blocks of receivers are then computed one
   * after the other, and again for the gradient. Undefined where all are listed or, as in tiles, none.
   */
  readonly pairsPerBlock: number | undefined;
  /** The name of the engine. */
  readonly engine: string;
  /** Why the path is `"segments"`; undefined when it is another. */
  readonly reason: string | undefined;
  /** The score in print. */
  readonly formula: string;
  /** Parts of the score that are computed once for each receiver, sender or edge instead of once for each edge, in print. */
  readonly hoisted: readonly string[];
}

/** Says how `attend` would compute a score on these heads, and why. Computes nothing else. */
export function explainPlan(score: Score, shape: MechanismShape): PlanExplanation {
  const { engine = defaultEngine(), neighborhood } = shape;
  const plan = planFor(score, shape);
  const path = pathOf(plan, engine, neighborhood?.runs);
  const hoisted = path.kind === "fused" ? [...path.kernels.hoisted.values()] : [];
  return {
    path: path.kind,
    engine: engine.name,
    reason: path.kind === "segments" ? path.reason : undefined,
    formula: formula(plan.score),
    hoisted: hoisted.map(formula),
    pairsPerBlock:
      path.kind === "tiled" ? undefined : neighborhood?.computed?.pairsPerBlock(path, plan, neighborhood.edges),
  };
}

/**
 * The kernels that the compiler generates for a score, in WebAssembly's text form: the forward module, then the backward one with every
 * gradient.
 *
 * @throws EngineError `not-compiled` for a score or a normalizer that the compiler does not take; {@link explainPlan} says the same as a value.
 */
export function printKernel(score: Score, shape: PlanShape): string {
  const plan = planFor(score, shape);
  const form = formOf(plan);
  if ("refused" in form) {
    throw new EngineError(
      "not-compiled",
      `printKernel: the score "${score.name}" is not compiled: ${form.refused}; attend computes it with segment kernels.`,
    );
  }
  const all = new Set<string>([operandNames.value, ...form.inputs.map((symbol) => symbolNode(symbol).name)]);
  const modules = [compileForward(plan, form), compileBackward(plan, form, all)];
  return modules.map(({ built }) => `${printModule(built)}\n`).join("");
}
