import { neighborhoodOf } from "@vicinal/graph";
import fc from "fast-check";
import { MultiGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { withoutEdges } from "./without-edges.ts";

const graphs = fc.record({
  nodes: fc.integer({ min: 1, max: 6 }),
  edges: fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.boolean()), { maxLength: 12 }),
  removed: fc.array(fc.nat(11), { maxLength: 6 }),
});

describe("withoutEdges", () => {
  it("is the neighborhood of the graph from which the edges were dropped", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges, removed }) => {
        const graph = new MultiGraph();
        for (let i = 0; i < nodes; i++) graph.addNode(i);
        for (const [e, [a, b, isDirected]] of edges.entries()) {
          if (isDirected) graph.addDirectedEdgeWithKey(e, a % nodes, b % nodes);
          else graph.addUndirectedEdgeWithKey(e, a % nodes, b % nodes);
        }
        const converted = neighborhoodOf(graph);
        const keys = new Set(removed.map(String));
        const result = withoutEdges(converted, keys);
        for (const key of keys) if (graph.hasEdge(key)) graph.dropEdge(key);
        const expected = neighborhoodOf(graph);
        expect(result.edgeKeys).toEqual(expected.edgeKeys);
        expect([...result.neighborhood.offsets]).toEqual([...expected.neighborhood.offsets]);
        expect([...result.neighborhood.senderOf]).toEqual([...expected.neighborhood.senderOf]);
        expect([...result.neighborhood.edgeOf]).toEqual([...expected.neighborhood.edgeOf]);
      }),
    );
  });
});
