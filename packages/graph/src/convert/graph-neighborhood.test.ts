import { DataError, OptionError } from "@vicinal/core";
import fc from "fast-check";
import { DirectedGraph, MultiDirectedGraph, MultiGraph, MultiUndirectedGraph, UndirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import { describe, expect, it } from "vitest";
import { type GraphNeighborhood, neighborhoodOf } from "./graph-neighborhood.ts";

/** "edge: sender > receiver" of each message, position by position. */
function messagesOf({ neighborhood, nodes, edgeKeys }: GraphNeighborhood): string[] {
  const { edgeOf, receiverOf, senderOf } = neighborhood;
  return Array.from(senderOf, (s, p) => `${edgeKeys[edgeOf[p]!]}: ${nodes[s]} > ${nodes[receiverOf[p]!]}`);
}

/** The definition, without numbers: one string a message. */
function messagesByDefinition(graph: AbstractGraph): string[] {
  return graph.edges().flatMap((edge) => {
    const [source, target] = graph.extremities(edge);
    const there = `${edge}: ${source} > ${target}`;
    const back = `${edge}: ${target} > ${source}`;
    return graph.isUndirected(edge) && !graph.isSelfLoop(edge) ? [there, back] : [there];
  });
}

describe("neighborhoodOf", () => {
  it("makes a directed edge one message from source to target", () => {
    const graph = new DirectedGraph();
    graph.mergeEdgeWithKey("e", "a", "b");
    const { neighborhood, nodes } = neighborhoodOf(graph);
    expect(nodes).toEqual(["a", "b"]);
    expect([...neighborhood.offsets]).toEqual([0, 0, 1]);
    expect([...neighborhood.senderOf]).toEqual([0]);
  });

  it("makes an undirected edge two messages that both have its key", () => {
    const graph = new UndirectedGraph();
    graph.mergeEdgeWithKey("e", "a", "b");
    const converted = neighborhoodOf(graph);
    expect(messagesOf(converted).sort()).toEqual(["e: a > b", "e: b > a"]);
    expect(converted.edgeKeys).toEqual(["e", "e"]);
  });

  it("makes a self-loop one message, directed or not", () => {
    const graph = new MultiGraph();
    graph.addNode("a");
    graph.addUndirectedEdgeWithKey("u", "a", "a");
    graph.addDirectedEdgeWithKey("d", "a", "a");
    expect(messagesOf(neighborhoodOf(graph)).sort()).toEqual(["d: a > a", "u: a > a"]);
  });

  it("keeps parallel edges parallel", () => {
    const graph = new MultiUndirectedGraph();
    graph.mergeEdgeWithKey("e", "a", "b");
    graph.mergeEdgeWithKey("f", "b", "a");
    expect(messagesOf(neighborhoodOf(graph)).sort()).toEqual(["e: a > b", "e: b > a", "f: a > b", "f: b > a"]);
  });

  it("leaves the row of an isolated node empty, and an empty graph without rows", () => {
    const graph = new UndirectedGraph();
    expect(neighborhoodOf(graph).neighborhood.receivers).toBe(0);
    graph.addNode("alone");
    expect([...neighborhoodOf(graph).neighborhood.offsets]).toEqual([0, 0]);
  });

  it("agrees with the definition on random graphs of every type, and leaves them as they were", () => {
    const types = [
      () => new DirectedGraph(),
      () => new UndirectedGraph(),
      () => new MultiDirectedGraph(),
      () => new MultiUndirectedGraph(),
      () => new MultiGraph(),
      // The types of graphology name no class for a mixed graph without parallel edges.
      () => new MultiGraph().nullCopy({ multi: false }),
    ];
    const edge = fc.record({ source: fc.nat(7), target: fc.nat(7), undirected: fc.boolean(), weight: fc.integer() });
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.array(edge, { maxLength: 40 }), (newGraph, edges) => {
        const graph = newGraph();
        for (let node = 7; node >= 0; node--) graph.addNode(`node ${node}`);
        for (const { source, target, undirected, weight } of edges) {
          const [from, to] = [`node ${source}`, `node ${target}`];
          const direction = graph.type === "mixed" ? (undirected ? "undirected" : "directed") : graph.type;
          const taken =
            direction === "undirected" ? graph.hasUndirectedEdge(from, to) : graph.hasDirectedEdge(from, to);
          if (taken && !graph.multi) continue;
          if (direction === "undirected") graph.addUndirectedEdge(from, to, { weight });
          else graph.addDirectedEdge(from, to, { weight });
        }
        const before = JSON.stringify(graph.export());

        const converted = neighborhoodOf(graph, { weight: "weight" });
        expect(messagesOf(converted).sort()).toEqual(messagesByDefinition(graph).sort());
        expect(converted.nodes).toEqual(graph.nodes());
        expect([...converted.indexOf]).toEqual(graph.nodes().map((node, i) => [node, i]));
        const weightOf = (key: string) => Math.fround(graph.getEdgeAttribute(key, "weight"));
        expect([...converted.weights!]).toEqual(converted.edgeKeys.map(weightOf));
        expect(JSON.stringify(graph.export())).toBe(before);
      }),
    );
  });

  it("reads weights with a getter that sees the edge and its ends", () => {
    const graph = new DirectedGraph();
    graph.mergeEdgeWithKey("e", "a", "b", { strength: 3 });
    const weight = (edge: string, { strength }: Readonly<Record<string, unknown>>, source: string, target: string) =>
      edge + source + target === "eab" ? Number(strength) / 2 : 0;
    expect([...neighborhoodOf(graph, { weight }).weights!]).toEqual([1.5]);
    expect(neighborhoodOf(graph).weights).toBeUndefined();
  });

  describe("refuses", () => {
    const codeOf = (run: () => unknown): unknown => {
      try {
        run();
      } catch (error) {
        if (error instanceof DataError || error instanceof OptionError) return error;
        throw error;
      }
      return undefined;
    };
    const weighted = (weight: unknown) => {
      const graph = new UndirectedGraph();
      graph.mergeEdgeWithKey("good", "a", "b", { weight: 1 });
      graph.mergeEdgeWithKey("bad", "b", "c", { weight });
      return () => neighborhoodOf(graph, { weight: "weight" });
    };

    it.each([
      ["missing-weight", undefined],
      ["missing-weight", null],
      ["wrong-type", "1.5"],
      ["not-finite", Number.NaN],
      ["not-finite", Number.NEGATIVE_INFINITY],
      ["not-finite", 1e300],
    ])("a weight with %s: %s, and names the edge", (code, weight) => {
      expect(codeOf(weighted(weight))).toMatchObject({
        code,
        message: expect.stringContaining('"bad" from "b" to "c"'),
      });
    });

    it.each([[null], [undefined], [{}], ["graph"], [{ order: 1, size: 0, nodes: [] }]])(
      "what is not a graph: %j",
      (value) => {
        expect(codeOf(() => Reflect.apply(neighborhoodOf, undefined, [value]))).toMatchObject({ code: "not-a-graph" });
      },
    );

    it("an unknown option", () => {
      const options = { weights: "weight" };
      expect(codeOf(() => Reflect.apply(neighborhoodOf, undefined, [new UndirectedGraph(), options]))).toMatchObject({
        code: "unknown-option",
      });
    });
  });
});
