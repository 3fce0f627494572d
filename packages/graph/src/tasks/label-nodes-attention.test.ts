import fc from "fast-check";
import { MultiGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it } from "vitest";
import { motleyGraph } from "../testing/graphs.ts";
import { labelNodes } from "./label-nodes.ts";
import type { AttendedEdge } from "./node-labeling.ts";

const quick = { epochs: 1, heads: 2, hidden: 4 } as const;

const inWords = ({ edge, source, target }: Pick<AttendedEdge, "edge" | "source" | "target">): string =>
  `${edge ?? "no edge"}: ${source} > ${target}`;

/**
 * Who attends to whom by definition: targets to sources, both ends of an undirected edge to each other, and each node once to itself, by the first of
 * its self-loops if it has one.
 */
function attendedByDefinition(graph: AbstractGraph): string[] {
  const others = graph
    .filterEdges((edge) => !graph.isSelfLoop(edge))
    .flatMap((edge) => {
      const [source, target] = graph.extremities(edge);
      const there = inWords({ edge, source, target });
      return graph.isUndirected(edge) ? [there, inWords({ edge, source: target, target: source })] : [there];
    });
  const loops = graph.nodes().map((node) => {
    const edge = graph.edges().find((key) => graph.isSelfLoop(key) && graph.source(key) === node);
    return inWords({ edge, source: node, target: node });
  });
  return [...others, ...loops];
}

function expectSumsOfOne(attention: readonly AttendedEdge[]): void {
  const sums = new Map<string, number[]>();
  for (const { target, heads, weight } of attention) {
    const before = sums.get(target) ?? heads.map(() => 0);
    sums.set(
      target,
      heads.map((share, h) => share + before[h]!),
    );
    expect(weight).toBeCloseTo(heads.reduce((total, share) => total + share, 0) / heads.length, 10);
    expect(Math.min(...heads)).toBeGreaterThanOrEqual(0);
  }
  for (const sum of [...sums.values()].flat()) expect(sum).toBeCloseTo(1, 5);
}

describe("the attention of a labeling", () => {
  it("is keyed by the edges of the graph, whatever they are", async () => {
    const { attention } = await labelNodes.detailed(motleyGraph(), quick);
    expect(attention.map(inWords).sort()).toEqual(
      [
        "a to b: a > b",
        "a to b again: a > b",
        "b to a: b > a",
        "d to a: d > a",
        "b - c: b > c",
        "b - c: c > b",
        "b - c again: b > c",
        "b - c again: c > b",
        "no edge: a > a",
        "no edge: b > b",
        "c - c: c > c",
        "d to d: d > d",
        "no edge: alone > alone",
      ].sort(),
    );
    expectSumsOfOne(attention);
  });

  it("of an isolated node goes to itself", async () => {
    const { attention, labels } = await labelNodes.detailed(motleyGraph(), quick);
    expect(attention.filter(({ target }) => target === "alone")).toEqual([
      { edge: undefined, source: "alone", target: "alone", heads: [1], weight: 1 },
    ]);
    expect(["x", "y"]).toContain(labels["alone"]);
  });

  it("has every message of any graph once, and sums to one for each target and head", async () => {
    const edge = fc.record({ source: fc.nat(5), target: fc.nat(5), undirected: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(edge, { maxLength: 15 }), async (edges) => {
        const graph = new MultiGraph();
        for (let i = 0; i < 6; i++) graph.addNode(i, { label: ["x", "y"][i] });
        for (const { source, target, undirected } of edges) {
          if (undirected) graph.addUndirectedEdge(source, target, { weight: source - target });
          else graph.addDirectedEdge(source, target, { weight: source + target });
        }
        const { attention } = await labelNodes.detailed(graph, { ...quick, edgeWeight: "weight" });
        expect(attention.map(inWords).sort()).toEqual(attendedByDefinition(graph).sort());
        expectSumsOfOne(attention);
      }),
      { numRuns: 40 },
    );
  });
});
