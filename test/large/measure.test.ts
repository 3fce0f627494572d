import { describe, expect, it } from "vitest";
import { type LargeGraphProgress, measure } from "./measure.ts";
import { rmatEdges } from "./rmat.ts";
import { syntheticNodes } from "./synthetic-data.ts";

describe("rmatEdges", () => {
  it("draws as many edges as asked for, among the nodes there are, the same from the same seed", () => {
    const { sources, targets } = rmatEdges(1000, 5000, 1);
    expect([sources.length, targets.length]).toEqual([5000, 5000]);
    for (const end of [...sources, ...targets]) expect(end).toBeLessThan(1000);
    expect(rmatEdges(1000, 5000, 1)).toEqual({ sources, targets });
    expect(rmatEdges(1000, 5000, 2)).not.toEqual({ sources, targets });
  });

  it("has a few hubs, wherever they are numbered, and many nodes of low degree", () => {
    const nodes = 4096;
    const { targets } = rmatEdges(nodes, 16 * nodes, 3);
    const degrees = new Array<number>(nodes).fill(0);
    for (const target of targets) degrees[target]!++;
    const sorted = degrees.toSorted((a, b) => b - a);
    const ofHubs = sorted.slice(0, nodes / 100).reduce((a, b) => a + b);
    // One node in a hundred: with equal chances it would have 1 % of the edges.
    expect(ofHubs).toBeGreaterThan(0.1 * targets.length);
    expect(sorted[nodes / 2]).toBeLessThan(16 / 2);
    expect(degrees.indexOf(sorted[0]!)).toBeGreaterThan(0);
  });
});

describe("syntheticNodes", () => {
  it("gives nodes with equal features equal classes, and every class some nodes", () => {
    const { features, labels } = syntheticNodes(2000, 8, 4, 1);
    expect([features.rows, features.columns, features.values.length]).toEqual([2000, 8, 16_000]);
    expect(new Set(labels).size).toBe(4);
    expect(syntheticNodes(2000, 8, 4, 1)).toEqual({ features, labels });
    const mean = features.values.reduce((a, b) => a + b, 0) / features.values.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
  });
});

describe("the large-graph measurement, on a small graph", () => {
  it("trains over every node once and says what it took", () => {
    const settings = {
      nodes: 3000,
      edges: 20_000,
      width: 16,
      classes: 4,
      hidden: 32,
      fanOut: [5, 5],
      batchSize: 64,
      seed: 1,
    };
    const told: LargeGraphProgress[] = [];
    const report = measure(settings, (progress) => told.push(progress));
    expect(report.batches).toBe(Math.ceil(3000 / 64));
    expect(told.map(({ batch }) => batch)).toEqual(Array.from({ length: report.batches }, (_, k) => k + 1));
    expect(report.nodes).toBe(3000);
    // Both directions of each edge, repeated ones once.
    expect(report.messages).toBeGreaterThan(20_000);
    expect(report.messages).toBeLessThanOrEqual(40_000);
    expect(report.graphBytes).toBe(4 * (3001 + report.messages + 3000 * 16 + 3000));
    expect(report.peakBytes).toBeGreaterThanOrEqual(report.builtBytes);
    expect(report.beyondGraphBytes).toBe(report.peakBytes - report.graphBytes);
    expect(report.sampledEdges).toBeGreaterThan(report.batches);
    expect(report.loss[1]).toBeLessThan(report.loss[0]);
    expect(report.accuracy[1]).toBeGreaterThan(0.5);
  });
});
