import { describe, expect, it } from "vitest";
import type { GraphPredictorOptions } from "./graph-predictor-options.ts";
import { chooseGraphRecipe } from "./graph-recipe.ts";

const many = { train: 3360, validation: 420 };
const settle = (train: number, given: GraphPredictorOptions = {}) =>
  chooseGraphRecipe({ train, validation: Math.round(train / 10) }, given);

describe("chooseGraphRecipe", () => {
  it("trains AttentiveFP as it trains on molecules", () => {
    expect(chooseGraphRecipe(many, {}).options).toEqual({
      task: "regression",
      model: "attentive-fp",
      hidden: 64,
      layers: 2,
      heads: 1,
      dropout: 0.2,
      learningRate: 2e-3,
      schedule: "cosine",
      weightDecay: 1e-5,
      batchSize: 64,
      epochs: 120,
      patience: 120,
      select: "last",
      metric: "accuracy",
    });
  });

  it("gives fewer graphs smaller batches and more epochs, up to a limit", () => {
    const shapes = [1000, 300, 100, 20].map((train) => settle(train).options);
    expect(shapes.map(({ batchSize }) => batchSize)).toEqual([64, 32, 16, 16]);
    expect(shapes.map(({ epochs }) => epochs)).toEqual([120, 150, 215, 300]);
  });

  it("counts steps in batches of the size that is given", () => {
    expect(settle(1000, { batchSize: 200 }).options.epochs).toBe(300);
  });

  it("shrinks steps over the epochs that are given, and stops no earlier", () => {
    expect(settle(1000, { epochs: 40 }).options).toMatchObject({ epochs: 40, patience: 40 });
  });

  it("makes AttentiveFP wider for few graphs", () => {
    expect(settle(1999).options.hidden).toBe(128);
    expect(settle(2000).options.hidden).toBe(64);
    expect(settle(100, { hidden: 32 }).options.hidden).toBe(32);
    expect(settle(100, { model: "gatv2" }).options.hidden).toBe(64);
  });

  it("keeps the last epoch of numbers, the best in the error where training may stop early, and the best in the metric of classes", () => {
    expect(settle(100).options.select).toBe("last");
    expect(settle(100, { patience: 20 }).options.select).toBe("loss");
    expect(settle(100, { schedule: "constant" }).options.select).toBe("loss");
    expect(settle(100, { task: "classification" }).options).toMatchObject({ select: "metric", metric: "accuracy" });
    expect(settle(100, { task: "multi-task" }).options).toMatchObject({ select: "metric", metric: "roc-auc" });
  });

  it("shapes other networks in their own way", () => {
    expect(settle(100, { model: "gatv2" }).options).toMatchObject({ layers: 3, heads: 4, learningRate: 2e-3 });
    expect(settle(100, { model: "gin" }).options).toMatchObject({ layers: 4, learningRate: 0.01 });
  });

  it("says each choice with its reason, and nothing of what the network does not read", () => {
    const { choices } = settle(100, { dropout: 0.5 });
    expect(choices.find(({ option }) => option === "dropout")).toEqual({
      option: "dropout",
      value: 0.5,
      reason: "given",
    });
    expect(choices.find(({ option }) => option === "epochs")?.reason).toBe("100 training graphs: about 1505 steps");
    expect(choices.map(({ option }) => option)).not.toContain("heads");
    expect(settle(100, { model: "gat" }).choices.map(({ option }) => option)).toContain("heads");
  });
});
