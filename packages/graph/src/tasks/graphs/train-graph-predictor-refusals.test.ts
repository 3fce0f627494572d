import { describe, expect, it } from "vitest";
import {
  collection,
  counts,
  isRich,
  missing,
  quick,
  splitOf,
  weights,
} from "../../testing/graph-predictor-examples.ts";
import type { GraphPredictionData } from "./graph-prediction-data.ts";
import type { GraphPredictorOptions } from "./graph-predictor-options.ts";
import { trainGraphPredictor } from "./train-graph-predictor.ts";

describe("trainGraphPredictor refuses", () => {
  const all = [...counts.keys()];
  const good = { collection, targets: weights };
  const withFirst = (first: number, targets: Float32Array = weights) => ({
    collection,
    targets: Float32Array.from([first, ...targets.slice(1)]),
  });

  it.each<[string, string, GraphPredictionData, GraphPredictorOptions]>([
    ["targets that are no whole rows", "wrong-length", { collection, targets: [1, 2, 3] }, {}],
    [
      "two classes a graph",
      "wrong-length",
      { collection, targets: [...isRich, ...isRich] },
      { task: "classification" },
    ],
    ["an infinite number", "not-finite", withFirst(Number.POSITIVE_INFINITY), {}],
    ["half a class", "label-out-of-range", withFirst(0.5, isRich), { task: "classification" }],
    [
      "a class beyond the last",
      "label-out-of-range",
      { ...withFirst(2, isRich), classes: 2 },
      { task: "classification" },
    ],
    ["an answer that is neither yes nor no", "label-out-of-range", withFirst(2, isRich), { task: "multi-task" }],
    ["no target at all", "no-targets", { collection, targets: weights.map(() => missing) }, {}],
    [
      "a target that no training graph has",
      "no-targets",
      {
        ...good,
        targets: weights.map((w, g) => (g < 10 ? missing : w)),
        split: splitOf(all.slice(0, 10), all.slice(10)),
      },
      {},
    ],
    ["no training graphs", "no-targets", { ...good, split: splitOf([], all) }, {}],
    ["one class only", "one-class", { collection, targets: weights.map(() => 0) }, { task: "classification" }],
    ["a graph in two parts", "in-two-parts", { ...good, split: splitOf(all, [3]) }, {}],
    ["a graph that is not there", "index-out-of-range", { ...good, split: splitOf([...all, 80]) }, {}],
    ["a share beside a split", "unused-option", { ...good, split: splitOf(all) }, { testFraction: 0.1 }],
    ["a share that leaves nothing", "out-of-range", good, { testFraction: 1 }],
    ["an ensemble of none", "out-of-range", good, { ensemble: 0 }],
    ["heads for a network that has none", "does-not-apply", good, { model: "gin", heads: 2 }],
    ["a width for a network of one's own", "does-not-apply", good, { hidden: 8 }],
    ["class weights for numbers", "does-not-apply", good, { classWeights: [1] }],
    [
      "class weights of another count",
      "shapes-differ",
      { collection, targets: isRich },
      { task: "classification", classWeights: [1, 1, 1] },
    ],
    ["a batch of no graphs", "out-of-range", good, { batchSize: 0 }],
    ["no epochs", "out-of-range", good, { epochs: 0 }],
    ["a negative dropout", "out-of-range", good, { model: "attentive-fp", dropout: -1 }],
  ])("%s", async (_what, code, data, options) => {
    await expect(trainGraphPredictor(data, { ...quick, ...options })).rejects.toThrow(
      expect.objectContaining({ code }),
    );
  });

  it("names that it does not know", async () => {
    // @ts-expect-error: the network is none.
    await expect(trainGraphPredictor(good, { model: "gnn" })).rejects.toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    // @ts-expect-error: the task is none.
    await expect(trainGraphPredictor(good, { task: "ranking" })).rejects.toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    // @ts-expect-error: the schedule is none.
    await expect(trainGraphPredictor(good, { schedule: "step" })).rejects.toThrow(
      expect.objectContaining({ code: "out-of-range" }),
    );
    // @ts-expect-error: the option is not one.
    await expect(trainGraphPredictor(good, { depth: 2 })).rejects.toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});
