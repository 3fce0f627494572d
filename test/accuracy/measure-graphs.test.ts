import type { GraphDataset, SmallGraph } from "@vicinal/datasets";
import { describe, expect, it } from "vitest";
import { measureGraphs } from "./measure-graphs.ts";
import { table } from "./table.ts";

/** Rings of four to nine nodes; those of the second class have a node in the middle, of the other kind. */
function ringsAndWheels(count: number): GraphDataset {
  const graph = (g: number): SmallGraph => {
    const ring = 4 + (Math.floor(g / 2) % 6);
    const pairs = Array.from({ length: ring }, (_, i) => [i, (i + 1) % ring] as const);
    const spokes = g % 2 === 0 ? [] : Array.from({ length: ring }, (_, i) => [i, ring] as const);
    const both = [...pairs, ...spokes].flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
    const nodes = ring + (g % 2);
    const values = new Float32Array(2 * nodes);
    for (let i = 0; i < nodes; i++) values[2 * i + (i === ring ? 1 : 0)] = 1;
    return {
      nodes,
      edges: { sources: Uint32Array.from(both, ([a]) => a), targets: Uint32Array.from(both, ([, b]) => b) },
      features: { kind: "dense", rows: nodes, columns: 2, values },
      edgeFeatures: undefined,
    };
  };
  const numbers = Array.from({ length: count }, (_, g) => g);
  const fold = (k: number) => ({
    train: Uint32Array.from(numbers.filter((g) => Math.floor(g / 2) % 3 !== k)),
    validation: new Uint32Array(0),
    test: Uint32Array.from(numbers.filter((g) => Math.floor(g / 2) % 3 === k)),
  });
  return {
    name: "wheels",
    title: "Rings and wheels",
    task: "graph classification",
    metric: "accuracy",
    graphs: numbers.map(graph),
    labels: Int32Array.from(numbers, (g) => g % 2),
    classNames: ["ring", "wheel"],
    nodeKinds: ["rim", "hub"],
    edgeKinds: [],
    splits: [fold(0), fold(1), fold(2)],
    splitsFrom: "collection",
    splitsHow: "every third pair",
    published: [{ model: "GIN", value: 99, std: 0.5, protocol: "none", source: "none" }],
    source: undefined,
    citation: [],
  };
}

describe("measureGraphs", () => {
  it.each(["gin", "gatv2"] as const)("trains %s for each fold and seed, and tests it on the fold", async (recipe) => {
    const seen: number[] = [];
    const row = await measureGraphs(
      ringsAndWheels(36),
      { recipe, seeds: [0, 1], splits: [0, 2], epochs: 40 },
      ({ run }) => seen.push(run),
    );
    expect(row).toMatchObject({ dataset: "wheels", metric: "accuracy", seeds: 2, splits: 2, epochs: 40 });
    expect(row.runs).toHaveLength(4);
    expect(row.mean).toBeGreaterThan(85);
    expect(row.mean).toBeCloseTo(row.runs.reduce((total, figure) => total + figure, 0) / 4, 10);
    expect([...new Set(seen)]).toEqual([0, 1, 2, 3]);
    expect(table([row])).toContain("GIN 99 ± 0.5");
  });

  it("gives the mean of the last ten epochs, not of the best", async () => {
    const accuracies: number[] = [];
    const row = await measureGraphs(
      ringsAndWheels(36),
      { recipe: "gin", seeds: [3], splits: [1], epochs: 14 },
      ({ validationMetric }) => accuracies.push(validationMetric ?? Number.NaN),
    );
    expect(accuracies).toHaveLength(14);
    expect(row.mean).toBeCloseTo(
      accuracies.slice(-10).reduce((total, value) => total + 10 * value, 0),
      10,
    );
  });

  it("refuses folds that are not there", async () => {
    const dataset = ringsAndWheels(6);
    const asked = { recipe: "gin", seeds: [0] } as const;
    await expect(measureGraphs(dataset, { ...asked, splits: [3] })).rejects.toMatchObject({ code: "no-such-split" });
    await expect(measureGraphs({ ...dataset, splits: [] }, asked)).rejects.toMatchObject({ code: "no-splits" });
  });
});
