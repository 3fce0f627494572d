import type { NodeLabeling } from "@vicinal/graph";
import { stringify } from "csv-stringify/browser/esm/sync";
import { knownLabel, type LabeledGraph, testLabel } from "../labeled-graph.ts";

/**
 * One line a node: its key, the label that was known, the one that was held back for testing, the predicted one, the confidence, and
 * the probability of each class. An empty field is an unknown label.
 */
export function predictionsCsv(input: LabeledGraph, labeling: NodeLabeling): string {
  const columns = ["node", "known_label", "test_label", "predicted_label", "confidence"];
  const probabilities = labeling.classes.map((name) => `probability:${name}`);
  const rows = input.graph.mapNodes((node) => [
    node,
    knownLabel(input, node) ?? "",
    testLabel(input, node) ?? "",
    labeling.predictions[node]!,
    labeling.confidences[node]!.toFixed(6),
    ...labeling.probabilities[node]!.map((probability) => probability.toFixed(6)),
  ]);
  return stringify([[...columns, ...probabilities], ...rows]);
}
