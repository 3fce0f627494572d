import { describe, expect, it } from "vitest";
import { dictionaryLookup } from "./dictionary-lookup.ts";

describe("looking up ten keys with one head (Brody et al., 2022, figure 3)", () => {
  const options = { count: 10, batch: 32, steps: 300, seed: 0 };

  it("is learned by GATv2, whose attention depends on who asks", () => {
    expect(dictionaryLookup("gatv2", options).accuracy).toBeGreaterThanOrEqual(0.99);
  });

  it("is not learned by GAT, whose queries all rank the keys alike", () => {
    expect(dictionaryLookup("gat", options).accuracy).toBeLessThanOrEqual(0.5);
  });
});
