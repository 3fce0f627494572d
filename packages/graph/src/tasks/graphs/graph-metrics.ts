import { labelingMetrics } from "../../metrics/labeling-metrics.ts";
import { type MultiTaskMetrics, multiTaskMetrics } from "../../metrics/multi-task-metrics.ts";
import { predictedClasses } from "../../metrics/predicted-classes.ts";
import { type RegressionMetrics, regressionMetrics } from "../../metrics/regression-metrics.ts";
import type { LabelingMetrics } from "../node-labeling.ts";
import type { GraphTaskKind } from "./graph-answers.ts";

/** How well classes of graphs are predicted. */
export type GraphClassificationMetrics = Omit<LabelingMetrics, "nodes">;

/** How well graphs of one part are predicted, in the unit of the targets. */
export type GraphMetrics = {
  /** Count of graphs of which something is known. */
  readonly graphs: number;
} & (
  | ({ readonly task: "regression" } & RegressionMetrics)
  | ({ readonly task: "classification" } & GraphClassificationMetrics)
  | ({ readonly task: "multi-task" } & MultiTaskMetrics)
);

/**
 * Measures answers against what is known.
 *
 * @param targets `[graphs * targets]`, NaN where unknown.
 * @param answers `[graphs * width]`: numbers, probabilities of classes, or the probability of each yes.
 * @param width Count of targets, or of classes.
 * @returns Undefined where nothing is known.
 */
export function graphMetrics(
  task: GraphTaskKind,
  targets: ArrayLike<number>,
  answers: Float64Array,
  width: number,
): GraphMetrics | undefined {
  const perGraph = task === "classification" ? 1 : width;
  const rows = Array.from({ length: targets.length / perGraph }, (_, graph) => graph);
  const known = rows.filter((row) =>
    Array.from({ length: perGraph }, (_, k) => targets[row * perGraph + k]!).some((value) => !Number.isNaN(value)),
  );
  const graphs = known.length;
  if (graphs === 0) return undefined;
  switch (task) {
    case "regression":
      return { task, graphs, ...regressionMetrics(targets, answers, { targets: width }) };
    case "classification": {
      const labels = Int32Array.from(targets, (value) => (Number.isNaN(value) ? -1 : value));
      const { nodes: _, ...metrics } = labelingMetrics(labels, predictedClasses(answers, width), answers, known, width);
      return { task, graphs, ...metrics };
    }
    case "multi-task":
      return { task, graphs, ...multiTaskMetrics(targets, answers, { targets: width }) };
  }
}
