import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { neighborhoodOf, numbers, reference } from "../testing/layer-examples.ts";
import { GraphLayerNorm } from "./graph-layer-norm.ts";
import { packedGraphs } from "./packed-graphs.ts";

const lengths = [3, 0, 1, 2];
const graphs = packedGraphs("test", lengths, neighborhoodOf([], 6));

describe("GraphLayerNorm", () => {
  it("normalizes all numbers of a graph by one mean and one variance", () => {
    const norm = new GraphLayerNorm(2, { engine: reference, epsilon: 1e-3 });
    norm.weight.set([2, -1]);
    norm.bias.set([0.5, 1]);
    const x = numbers([6, 2], 1);
    const got = norm.forward(x, graphs).dataSync();
    const values = Array.from(x.dataSync());
    let first = 0;
    for (const length of lengths) {
      const own = values.slice(2 * first, 2 * (first + length));
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      const variance = own.reduce((total, value) => total + (value - mean) ** 2, 0) / own.length;
      for (const [k, value] of own.entries()) {
        const scaled = ((value - mean) / Math.sqrt(variance + 1e-3)) * [2, -1][k % 2]! + [0.5, 1][k % 2]!;
        expect(got[2 * first + k]).toBeCloseTo(scaled, 12);
      }
      first += length;
    }
  });

  it("has gradients that agree with finite differences", () => {
    const norm = new GraphLayerNorm(2, { engine: reference });
    norm.weight.set([2, -1]);
    const x = numbers([6, 2], 1);
    const leaves = { x, weight: norm.weight, bias: norm.bias };
    const checks = checkGradients(() => unevenSum(norm.forward(x, graphs)), leaves, 1e-4);
    for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
  });

  it("refuses other counts of nodes and columns", () => {
    const norm = new GraphLayerNorm(2, { engine: reference });
    for (const shape of [
      [5, 2],
      [6, 3],
    ]) {
      expect(() => norm.forward(numbers(shape, 1), graphs)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
    }
    expect(() => new GraphLayerNorm(0)).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });
});

describe("packedGraphs", () => {
  it("numbers the nodes of one graph after those of the other", () => {
    expect([...graphs.graphOf]).toEqual([0, 0, 0, 2, 3, 3]);
    expect([...graphs.nodesOf.offsets]).toEqual([0, 3, 3, 4, 6]);
    const { senderOf, receiverOf } = graphs.everyPair.sparse();
    expect(
      Array.from(senderOf, (sender, p) => graphs.graphOf[sender] === graphs.graphOf[receiverOf[p]!]),
    ).not.toContain(false);
    expect(graphs.everyPair.edges).toBe(9 + 1 + 4);
  });

  it("is made once for the same lengths, or for the nodes of a neighborhood", () => {
    const edges = neighborhoodOf([], 6);
    expect(packedGraphs("test", lengths, edges)).toBe(graphs);
    expect(packedGraphs("test", undefined, edges)).toBe(packedGraphs("test", undefined, edges));
    expect(packedGraphs("test", undefined, edges).lengths).toEqual([6]);
  });

  it("refuses lengths that are not those of the nodes", () => {
    const edges = neighborhoodOf([], 6);
    expect(() => packedGraphs("test", [3, 2], edges)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
    expect(() => packedGraphs("test", [3.5, 2.5], edges)).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });
});
