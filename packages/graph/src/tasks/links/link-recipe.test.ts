import { describe, expect, it } from "vitest";
import type { LinkPredictorOptions } from "./link-predictor-options.ts";
import { chooseLinkRecipe, type LinkDataSummary } from "./link-recipe.ts";

const social: LinkDataSummary = { validation: 1390, features: "none" };

describe("chooseLinkRecipe", () => {
  it.each<[string, LinkDataSummary]>([
    ["structure alone", social],
    ["sparse features", { validation: 10, features: "csr" }],
    ["nothing held out", { validation: 0, features: "dense" }],
  ])("says of every option what it chose, and why: %s", (_what, data) => {
    const { options, choices } = chooseLinkRecipe(data, {});
    expect(Object.fromEntries(choices.map(({ option, value }) => [option, value]))).toEqual(options);
    for (const { reason } of choices) expect(reason.length).toBeGreaterThan(5);
  });

  it("divides sparse features by their sum, and runs shorter where nothing says when to stop", () => {
    expect(chooseLinkRecipe({ ...social, features: "csr" }, {}).options.normalizeFeatures).toBe(true);
    expect(chooseLinkRecipe({ ...social, features: "dense" }, {}).options.normalizeFeatures).toBe(false);
    expect(chooseLinkRecipe(social, {}).options.epochs).toBe(200);
    expect(chooseLinkRecipe({ ...social, validation: 0 }, {}).options.epochs).toBe(100);
  });

  it("gives every head its width when only heads are given", () => {
    expect(chooseLinkRecipe(social, { heads: 3 }).options).toMatchObject({ heads: 3, hidden: 48 });
  });

  it("leaves alone what was given, and says so", () => {
    const given = {
      dimensions: 8,
      decoder: "network",
      layer: "gatv2",
      layers: 3,
      heads: 2,
      hidden: 8,
      dropout: 0,
      residual: true,
      normalize: true,
      nodeVectors: false,
      normalizeFeatures: true,
      negatives: 1,
      disjointTrainRatio: 0,
      learningRate: 0.1,
      weightDecay: 1e-4,
      epochs: 7,
      patience: 3,
    } as const satisfies LinkPredictorOptions;
    const { options, choices } = chooseLinkRecipe(social, given);
    expect(options).toEqual(given);
    expect(new Set(choices.map(({ reason }) => reason))).toEqual(new Set(["given"]));
  });
});
