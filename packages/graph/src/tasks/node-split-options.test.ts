import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import type { NodeSplitOptions } from "./label-nodes-options.ts";
import { readSplit } from "./node-split.ts";

/** Nodes 0 to n - 1, all labelled, with the attribute `joined`. */
function dated(times: readonly unknown[]): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (const [node, joined] of times.entries()) graph.addNode(node, { joined });
  return graph;
}

function split(
  graph: UndirectedGraph,
  options: NodeSplitOptions,
  labels = graph.mapNodes(() => "x"),
  hasClasses = true,
) {
  const parts = readSplit({ where: "labelNodes", graph, labels, split: options, seed: 3, hasClasses });
  return { train: [...parts.train], validation: [...parts.validation], test: [...parts.test] };
}

describe("a split by time", () => {
  it("trains on the earliest nodes, stops by those after them, tests on the latest", () => {
    const graph = dated([5, 1, 9, 3, 7, 0, 8, 2, 6, 4]);
    expect(split(graph, { byTime: "joined", testFraction: 0.2, validationFraction: 0.3 })).toEqual({
      train: [1, 3, 5, 7, 9],
      validation: [0, 4, 8],
      test: [2, 6],
    });
  });

  it("keeps nodes of equal time together, cutting where it comes closest to the shares", () => {
    const graph = dated([0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
    expect(split(graph, { byTime: "joined", testFraction: 0.2, validationFraction: 0.3 })).toEqual({
      train: [0, 1, 2, 3, 4, 5],
      validation: [6, 7, 8],
      test: [9],
    });
    expect(split(graph, { byTime: "joined", testFraction: 0.3, validationFraction: 0 }).test).toEqual([6, 7, 8, 9]);
  });

  it("leaves a moment to each part, however few there are", () => {
    const graph = dated([0, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect(split(graph, { byTime: "joined", testFraction: 0.9, validationFraction: 0.05 })).toEqual({
      train: [0],
      validation: [1, 2, 3, 4],
      test: [5, 6, 7, 8, 9],
    });
  });

  it("takes dates, and a getter; nodes without label need no time", () => {
    const day = (d: number) => new Date(2024, 0, d);
    const graph = dated([day(3), undefined, day(1), day(2)]);
    const labels = graph.mapNodes((node) => (node === "1" ? undefined : "x"));
    const expected = { train: [2], validation: [3], test: [0] };
    const fractions = { testFraction: 0.33, validationFraction: 0.33 };
    const byTime = (_node: string, { joined }: Readonly<Record<string, unknown>>) => Number(joined);
    for (const time of ["joined", byTime]) {
      const parts = readSplit({ where: "here", graph, labels, split: { byTime: time, ...fractions } });
      expect({ train: [...parts.train], validation: [...parts.validation], test: [...parts.test] }).toEqual(expected);
    }
  });

  it("holds out a fifth for testing by default, and a fifth for validation where there are enough", () => {
    const sizes = (nodes: number) => {
      const { train, validation, test } = split(dated(Array.from({ length: nodes }, (_, k) => k)), {
        byTime: "joined",
      });
      return [train.length, validation.length, test.length];
    };
    expect(sizes(100)).toEqual([60, 20, 20]);
    expect(sizes(40)).toEqual([32, 0, 8]);
  });

  it("does not depend on the seed", () => {
    const graph = dated([4, 4, 1, 2, 3, 3, 3, 0]);
    const run = (seed: number) =>
      readSplit({ where: "here", graph, labels: graph.mapNodes(() => "x"), split: { byTime: "joined" }, seed });
    expect(run(1)).toEqual(run(2));
  });
});

describe("a split that is drawn", () => {
  const graph = dated(new Array<undefined>(100).fill(undefined));
  const labels = graph.mapNodes((node) => (Number(node) < 80 ? "common" : "rare"));

  it("has the same share of each class", () => {
    const { train, validation, test } = split(graph, { testFraction: 0.25, validationFraction: 0.1 }, labels);
    const rare = (part: readonly number[]) => part.filter((node) => node >= 80).length;
    expect([train.length, validation.length, test.length]).toEqual([65, 10, 25]);
    expect([rare(train), rare(validation), rare(test)]).toEqual([13, 2, 5]);
    expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, k) => k));
  });

  it("has any share of a class where it is told so, and where nodes carry several labels", () => {
    const apart = split(graph, { testFraction: 0.3, stratified: false }, labels);
    expect(apart.test).toHaveLength(30);
    const rareOf = (seed: number): number => {
      const drawn = { testFraction: 0.3, stratified: false };
      const { test } = readSplit({ where: "here", graph, labels, split: drawn, seed });
      return test.filter((node) => node >= 80).length;
    };
    expect(new Set([1, 2, 3, 4, 5, 6].map(rareOf)).size).toBeGreaterThan(2);
    expect(split(graph, { testFraction: 0.3 }, labels, false)).toEqual(apart);
  });
});

describe("a split is refused", () => {
  const graph = dated([1, 2, 3, 4, 5, 6]);
  const times = (value: unknown) => dated([1, 2, value, 4]);

  it.each<[string, string, UndirectedGraph, object]>([
    ["an attribute that no node has", "unknown-attribute", graph, { byTime: "born" }],
    ["a missing time", "missing-time", times(undefined), { byTime: "joined" }],
    ["a time that is text", "wrong-type", times("today"), { byTime: "joined" }],
    ["a time that is NaN", "not-finite", times(Number.NaN), { byTime: "joined" }],
    ["a date that is none", "not-finite", times(new Date("never")), { byTime: "joined" }],
    ["one moment for all", "too-few-labels", dated([1, 1, 1]), { byTime: "joined" }],
    ["too few to draw from", "too-few-labels", graph, { testFraction: 0.01 }],
    ["a negative fraction", "out-of-range", graph, { testFraction: -0.1 }],
    ["fractions that leave nothing", "out-of-range", graph, { testFraction: 0.5, validationFraction: 0.5 }],
    ["a fraction that is none", "out-of-range", graph, { testFraction: Number.NaN }],
    ["an unknown option", "unknown-option", graph, { time: "joined" }],
    ["strata in time", "unused-option", graph, { byTime: "joined", stratified: true }],
  ])("%s", (_what, code, of, options) => {
    expect(() => split(of, options)).toThrow(expect.objectContaining({ code }));
  });

  it("with strata, of nodes with several labels", () => {
    expect(() => split(graph, { stratified: true }, undefined, false)).toThrow(
      expect.objectContaining({ code: "unknown-option" }),
    );
  });
});
