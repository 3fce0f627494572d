import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { sampleNodes } from "./sample.ts";

/** A ring of `length` nodes, with some nodes beside it that nobody knows. */
function ring(length: number, isolated = 0): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let node = 0; node < length; node++) graph.mergeEdge(node, (node + 1) % length);
  for (let node = 0; node < isolated; node++) graph.addNode(`alone ${node}`);
  return graph;
}

describe("sampleNodes", () => {
  it("takes a graph that is small enough as it is", () => {
    expect(sampleNodes(ring(10), 10, 0)).toEqual(ring(10).nodes());
  });

  it("takes as many nodes as asked for, and nodes that hang together", () => {
    const graph = ring(1000);
    const sample = new Set(sampleNodes(graph, 50, 0));
    expect(sample.size).toBe(50);
    const linked = [...sample].filter((node) => graph.neighbors(node).some((neighbor) => sample.has(neighbor)));
    expect(linked.length).toBeGreaterThan(45);
  });

  it("moves on where the walk finds nothing new", () => {
    expect(sampleNodes(ring(3, 40), 30, 0)).toHaveLength(30);
  });

  it("follows the seed", () => {
    expect(sampleNodes(ring(500), 20, 3)).toEqual(sampleNodes(ring(500), 20, 3));
    expect(sampleNodes(ring(500), 20, 3)).not.toEqual(sampleNodes(ring(500), 20, 4));
  });
});
