import type { GraphCollection } from "../../batch/graph-collection.ts";
import type { GraphPrediction } from "./graph-prediction.ts";
import type { AttendedGraphAnswers } from "./graph-predictor.ts";
import type { GraphTargets } from "./read-graph-targets.ts";

/** Brings a predictor's answers, in numbers, back to the names of targets and classes and the keys of nodes. */
export function predictionsOf(
  { values, uncertainty, width, attention }: AttendedGraphAnswers,
  collection: GraphCollection,
  { task, classes, names, isList }: Omit<GraphTargets, "values">,
): readonly GraphPrediction[] {
  const { nodeKeys } = collection.batch();
  const isAlone = task === "regression" && !isList;
  const byName = (row: Float64Array): number | Readonly<Record<string, number>> =>
    isAlone ? row[0]! : Object.fromEntries(names.map((name, k) => [name, row[k]!]));
  return Array.from({ length: values.length / width }, (_, graph): GraphPrediction => {
    const rowOf = (all: Float64Array): Float64Array => all.subarray(graph * width, (graph + 1) * width);
    const row = rowOf(values);
    const deviations = uncertainty && rowOf(uncertainty);
    const weights = attention?.[graph];
    const attended = weights && Object.fromEntries(nodeKeys?.[graph]?.map((key, node) => [key, weights[node]!]) ?? []);
    if (task !== "classification") {
      return {
        value: byName(row),
        probabilities: undefined,
        uncertainty: deviations && byName(deviations),
        attention: attended,
      };
    }
    const best = row.indexOf(Math.max(...row));
    return {
      value: classes[best]!,
      probabilities: Object.fromEntries(classes.map((name, c) => [name, row[c]!])),
      uncertainty: deviations?.[best],
      attention: attended,
    };
  });
}
