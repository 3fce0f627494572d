import { describe, expect, it } from "vitest";
import type { NodeNetworkOptions } from "./node-classifier-options.ts";
import { chooseRecipe, type DataSummary } from "./recipe.ts";

const cora: DataSummary = { nodes: 2708, classes: 7, train: 140, validation: 500, features: "sparse" };
const plentiful: DataSummary = { nodes: 10_000, classes: 2, train: 6000, validation: 2000, features: "dense" };
const karate: DataSummary = { nodes: 34, classes: 2, train: 2, validation: 0, features: "identity" };

describe("chooseRecipe", () => {
  it.each([
    ["few labels", cora],
    ["many labels", plentiful],
    ["nothing held out", karate],
  ])("says of every option what it chose, and why: %s", (_what, data) => {
    const { options, choices } = chooseRecipe(data, {});
    expect(Object.fromEntries(choices.map(({ option, value }) => [option, value]))).toEqual(options);
    for (const { reason } of choices) expect(reason.length).toBeGreaterThan(10);
  });

  it("takes the GAT paper's for a data set like the paper's", () => {
    expect(chooseRecipe(cora, {}).options).toEqual({
      model: "gat",
      layer: "gat",
      layers: 2,
      heads: 8,
      hidden: 64,
      outputHeads: 1,
      dropout: 0.6,
      residual: false,
      normalize: false,
      normalizeFeatures: true,
      learningRate: 0.005,
      schedule: "constant",
      weightDecay: 5e-4,
      epochs: 1000,
      patience: 100,
    });
  });

  it("chooses otherwise where labels are plentiful", () => {
    expect(chooseRecipe(plentiful, {}).options).not.toEqual(chooseRecipe({ ...plentiful, train: 20 }, {}).options);
  });

  it("takes blocks with shortcuts where labels are plentiful and features dense, unless options ask for a GAT", () => {
    const model = (data: DataSummary, given: NodeNetworkOptions = {}) => chooseRecipe(data, given).options.model;
    expect(model(plentiful)).toBe("graph-transformer");
    expect(model(plentiful, { model: "gat" })).toBe("gat");
    expect(model(plentiful, { residual: false })).toBe("gat");
    expect(model({ ...plentiful, features: "sparse" })).toBe("gat");
    expect(model({ ...plentiful, train: 20 })).toBe("gat");
    expect(model(cora, { model: "graph-transformer" })).toBe("graph-transformer");
  });

  it("gives every head its width when only heads are given", () => {
    expect(chooseRecipe(cora, { heads: 3 }).options).toMatchObject({ heads: 3, hidden: 24 });
  });

  it("leaves the question of residual to a trial only with few labels, features, and enough to decide by", () => {
    const isOpen = (data: DataSummary, given: NodeNetworkOptions = {}): boolean => chooseRecipe(data, given).isOpen;
    expect(isOpen(cora)).toBe(true);
    expect(isOpen(plentiful)).toBe(false);
    expect(isOpen(karate)).toBe(false);
    expect(isOpen({ ...cora, features: "identity" })).toBe(false);
    expect(isOpen({ ...cora, validation: 99 })).toBe(false);
    expect(isOpen(cora, { residual: true })).toBe(false);
  });

  it("takes fewer epochs where each has several steps, and a layer for each hop that neighbors are drawn over", () => {
    const optionsOf = (more: Partial<DataSummary>, given: NodeNetworkOptions = {}) =>
      chooseRecipe({ ...plentiful, ...more }, given).options;
    const { epochs, layers } = optionsOf({});
    expect(optionsOf({ stepsPerEpoch: 4 })).toMatchObject({ epochs: epochs / 2, patience: epochs / 2 });
    expect(optionsOf({ stepsPerEpoch: 1e6 }).epochs).toBe(20);
    expect(optionsOf({ stepsPerEpoch: 4 }, { epochs: 7 }).epochs).toBe(7);
    expect(optionsOf({ hops: layers + 1 }).layers).toBe(layers + 1);
    expect(optionsOf({ hops: 3 }, { layers: 2 }).layers).toBe(2);
  });

  it("leaves alone what was given, and says so", () => {
    const given = {
      model: "gat",
      layer: "gatv2",
      layers: 3,
      heads: 4,
      hidden: 32,
      outputHeads: 2,
      dropout: 0,
      residual: true,
      normalize: true,
      normalizeFeatures: false,
      learningRate: 0.1,
      schedule: "cosine",
      weightDecay: 0,
      epochs: 7,
      patience: 3,
    } as const satisfies NodeNetworkOptions;
    const { options, choices } = chooseRecipe(cora, given);
    expect(options).toEqual(given);
    expect(new Set(choices.map(({ reason }) => reason))).toEqual(new Set(["given"]));
  });
});
