import { type GraphPredictor, multiTaskMetrics, regressionMetrics } from "@vicinal/graph";
import type { HeldOutScores, Part } from "../protocol.ts";
import type { TrainingData } from "./training-data.ts";

/** How well molecules are predicted that were not learned from; where none were held out, those that were, which says little. */
export async function heldOutScores(predictor: GraphPredictor, data: TrainingData): Promise<HeldOutScores> {
  const { split, targets, collection, facts } = data;
  const part: Part = split.test.length > 0 ? "test" : "train";
  const members = split[part];
  const { values } = await predictor.predict(collection, { members });
  const actual = Float64Array.from(members, (molecule) => targets[molecule]!);
  const scores = { molecules: members.length, part };
  if (facts.task === "multi-task") {
    const { rocAuc } = multiTaskMetrics(actual, values);
    return { ...scores, rmse: undefined, mae: undefined, rSquared: undefined, rmseOfMean: undefined, rocAuc };
  }
  const { rmse, mae, rSquared } = regressionMetrics(actual, values);
  const mean = split.train.reduce((total, molecule) => total + targets[molecule]!, 0) / split.train.length;
  const rmseOfMean = regressionMetrics(
    actual,
    actual.map(() => mean),
  ).rmse;
  return { ...scores, rmse, mae, rSquared, rmseOfMean, rocAuc: undefined };
}
