import { csrFromLists, Random } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { GAT } from "../models/gat.ts";
import { NodeClassification, type NodeClassificationData } from "./node-classification.ts";

const engine = createReferenceEngine();
const features = csrFromLists([[0], [1], [2], [0, 1], [1, 2]], 3);
const data: NodeClassificationData & { readonly features: typeof features } = {
  neighborhood: neighborhoodOfEdges(5, { sources: Uint32Array.of(0, 1, 2), targets: Uint32Array.of(1, 2, 3) }),
  features,
  labels: Int32Array.of(0, 1, 2, 1, -1),
  classes: 3,
  train: Uint32Array.of(0, 1),
  validation: Uint32Array.of(2, 3),
};
const model = new GAT(3, 3, { random: new Random(1), engine, heads: 2, hidden: 4 });
const metric = (_logits: ArrayLike<number>, nodes: Uint32Array) => nodes.length / 10;
const task = new NodeClassification(model, data, metric, engine);

/** Cross-entropy by definition: the mean of `-log softmax(logits)[label]` over some nodes. */
function crossEntropyOf(logits: ArrayLike<number>, nodes: readonly number[]): number {
  const losses = nodes.map((node) => {
    const row = [0, 1, 2].map((c) => Math.exp(logits[3 * node + c]!));
    return -Math.log(row[data.labels[node]!]! / row.reduce((a, b) => a + b));
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}

describe("NodeClassification", () => {
  it("learns from the training nodes alone, with dropout", () => {
    const training = () => ({ random: new Random(4) });
    const loss = task.trainingLoss(training()).item();
    expect(loss).toBeCloseTo(crossEntropyOf(task.logits(training()).dataSync(), [0, 1]), 12);
    expect(loss).not.toBeCloseTo(crossEntropyOf(task.logits().dataSync(), [0, 1]), 3);
  });

  it("validates on the validation nodes alone, without dropout", () => {
    const validation = task.validate();
    expect(validation?.loss).toBeCloseTo(crossEntropyOf(task.logits().dataSync(), [2, 3]), 12);
    expect(validation?.metric).toBe(0.2);
  });

  it("validates nothing where no node is held out", () => {
    const none = new NodeClassification(model, { ...data, validation: new Uint32Array(0) }, metric, engine);
    expect(none.validate()).toBeUndefined();
  });

  it("gives log-probabilities of all nodes", () => {
    const { logProbabilities } = task.detailed();
    expect(logProbabilities.shape).toEqual([5, 3]);
    const probabilities = Array.from(logProbabilities.dataSync(), Math.exp).slice(12);
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});
