import type { Standardization } from "./standardization.ts";

/**
 * What is learned of graphs: numbers (`"regression"`), one of several classes (`"classification"`), or the answers to several questions with yes and no
 * (`"multi-task"`).
 */
export type GraphTaskKind = "regression" | "classification" | "multi-task";

/** The kinds of {@link GraphTaskKind}. */
export const graphTaskKinds = [
  "regression",
  "classification",
  "multi-task",
] as const satisfies readonly GraphTaskKind[];

/**
 * From what a model of graphs puts out to what its user is told: numbers in their unit, probabilities of classes, or the probability of each yes.
 *
 * @param outputs `[graphs * width]`.
 * @param standardization Of the targets, for regression.
 * @returns `[graphs * width]`.
 */
export function answersOf(
  task: GraphTaskKind,
  outputs: Float64Array,
  width: number,
  standardization: Standardization | undefined,
): Float64Array {
  switch (task) {
    case "regression": {
      if (standardization === undefined) return outputs;
      const { mean, deviation } = standardization;
      return outputs.map((output, k) => output * deviation[k % width]! + mean[k % width]!);
    }
    case "classification":
      return softmaxOfRows(outputs, width);
    case "multi-task":
      return outputs.map((output) => 1 / (1 + Math.exp(-output)));
  }
}

function softmaxOfRows(logits: Float64Array, width: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    const row = logits.subarray(start, start + width);
    const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const exponentials = row.map((logit) => Math.exp(logit - largest));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    result.set(
      exponentials.map((value) => value / total),
      start,
    );
  }
  return result;
}
