import { DataError } from "@vicinal/core";
import fc from "fast-check";
import { DirectedGraph, MultiGraph, UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { motleyGraph } from "../testing/graphs.ts";
import { relationText } from "./relation.ts";
import { type TypedGraph, typedNeighborhoodOf } from "./typed-graph.ts";

/** "edge: source -type-> target" of each message, by the graph's own keys. */
function messagesOf({ neighborhood, nodes, edgeKeys }: TypedGraph): string[] {
  return neighborhood.relations.flatMap(({ source, type, target, neighborhood: own }, r) =>
    Array.from(
      own.edgeOf,
      (edge, p) =>
        `${edgeKeys[r]![edge]}: ${nodes.get(source)![own.senderOf[p]!]} -${type}-> ${nodes.get(target)![own.receiverOf[p]!]}`,
    ),
  );
}

function books(): UndirectedGraph {
  const graph = new UndirectedGraph();
  graph.addNode("Ada", { type: "reader" });
  graph.addNode("Emma", { type: "book" });
  graph.addNode("Ben", { type: "reader" });
  graph.addEdgeWithKey("a", "Ada", "Emma", { type: "likes" });
  graph.addEdgeWithKey("b", "Emma", "Ben", { type: "likes" });
  graph.addEdgeWithKey("c", "Ada", "Ben", { type: "knows" });
  return graph;
}

describe("typedNeighborhoodOf", () => {
  it("makes an undirected edge a message of each direction's relation", () => {
    const typed = typedNeighborhoodOf(books());
    expect(typed.neighborhood.relations.map(relationText)).toEqual([
      '"book" - "likes" - "reader"',
      '"reader" - "knows" - "reader"',
      '"reader" - "likes" - "book"',
    ]);
    expect(messagesOf(typed).sort()).toEqual([
      "a: Ada -likes-> Emma",
      "a: Emma -likes-> Ada",
      "b: Ben -likes-> Emma",
      "b: Emma -likes-> Ben",
      "c: Ada -knows-> Ben",
      "c: Ben -knows-> Ada",
    ]);
  });

  it("makes a directed edge one message, of its target's relation", () => {
    const graph = new DirectedGraph();
    graph.addNode("p", { type: "paper" });
    graph.addNode("q", { type: "paper" });
    graph.addDirectedEdgeWithKey("e", "p", "q", { type: "cites" });
    const typed = typedNeighborhoodOf(graph);
    expect(messagesOf(typed)).toEqual(["e: p -cites-> q"]);
    expect([...typed.neighborhood.relations[0]!.neighborhood.offsets]).toEqual([0, 0, 1]);
  });

  it("numbers the nodes of a type in the graph's order, and gives the keys back", () => {
    const { nodes, indexOf } = typedNeighborhoodOf(books());
    expect(nodes.get("reader")).toEqual(["Ada", "Ben"]);
    expect(nodes.get("book")).toEqual(["Emma"]);
    expect(indexOf.get("Ben")).toEqual({ type: "reader", index: 1 });
  });

  it("reads types with getters that see the node, or the edge and its ends", () => {
    const graph = motleyGraph();
    const typed = typedNeighborhoodOf(graph, {
      nodeType: (node) => (node < "b" ? "early" : "late"),
      edgeType: (edge, _attributes, source, target) => (source === target ? "loop" : edge.includes("-") ? "un" : "di"),
    });
    expect(messagesOf(typed).sort()).toEqual(
      [
        "a to b: a -di-> b",
        "a to b again: a -di-> b",
        "b to a: b -di-> a",
        "b - c: b -un-> c",
        "b - c: c -un-> b",
        "b - c again: b -un-> c",
        "b - c again: c -un-> b",
        "c - c: c -loop-> c",
        "d to d: d -loop-> d",
        "d to d again: d -loop-> d",
        "d to a: d -di-> a",
      ].sort(),
    );
  });

  it("agrees with the definition on random graphs, whatever the order in which types first appear", () => {
    const edge = fc.record({
      source: fc.nat(6),
      target: fc.nat(6),
      undirected: fc.boolean(),
      type: fc.constantFrom("x", "y"),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("red", "blue", "green"), { minLength: 7, maxLength: 7 }),
        fc.array(edge, { maxLength: 20 }),
        (colors, edges) => {
          const graph = new MultiGraph();
          for (const [i, color] of colors.entries()) graph.addNode(`n${i}`, { color });
          for (const { source, target, undirected, type } of edges) {
            const [from, to] = [`n${source}`, `n${target}`];
            if (undirected) graph.addUndirectedEdge(from, to, { kind: type });
            else graph.addDirectedEdge(from, to, { kind: type });
          }
          const before = JSON.stringify(graph.export());
          const typed = typedNeighborhoodOf(graph, { nodeType: "color", edgeType: "kind" });
          const expected = graph.edges().flatMap((key) => {
            const [source, target] = graph.extremities(key);
            const type = graph.getEdgeAttribute(key, "kind");
            const there = `${key}: ${source} -${type}-> ${target}`;
            const back = `${key}: ${target} -${type}-> ${source}`;
            return graph.isUndirected(key) && source !== target ? [there, back] : [there];
          });
          expect(messagesOf(typed).sort()).toEqual(expected.sort());
          expect(typed.neighborhood.nodeTypes).toEqual([...new Set(colors)].sort());
          expect(JSON.stringify(graph.export())).toBe(before);
        },
      ),
    );
  });

  it("takes a graph without edges, and one without nodes", () => {
    expect(typedNeighborhoodOf(new UndirectedGraph()).neighborhood.nodeTypes).toEqual([]);
    const graph = new UndirectedGraph();
    graph.addNode("alone", { type: "hermit" });
    expect(typedNeighborhoodOf(graph).neighborhood.relations).toEqual([]);
  });

  describe("refuses", () => {
    const withNode = (type: unknown) => {
      const graph = books();
      graph.mergeNode("Cleo", { type });
      return () => typedNeighborhoodOf(graph);
    };
    it.each([
      ["missing-type", undefined],
      ["missing-type", null],
      ["missing-type", ""],
      ["wrong-type", 3],
    ])("a node with %s: %s, and names it", (code, type) => {
      expect(withNode(type)).toThrow(DataError);
      expect(withNode(type)).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining('the node "Cleo"') }),
      );
    });

    it("an edge without a type, and names it with its ends", () => {
      const graph = books();
      graph.setEdgeAttribute("b", "type", undefined);
      expect(() => typedNeighborhoodOf(graph)).toThrow(
        expect.objectContaining({
          code: "missing-type",
          message: expect.stringContaining('the edge "b" from "Emma" to "Ben" lacks the attribute "type"'),
        }),
      );
    });

    it("a getter that gives none", () => {
      const call = () => Reflect.apply(typedNeighborhoodOf, undefined, [books(), { edgeType: () => undefined }]);
      expect(call).toThrow(expect.objectContaining({ code: "missing-type" }));
    });

    it("what is not a graph, and an unknown option", () => {
      expect(() => Reflect.apply(typedNeighborhoodOf, undefined, [{}])).toThrow(
        expect.objectContaining({ code: "not-a-graph" }),
      );
      expect(() => Reflect.apply(typedNeighborhoodOf, undefined, [books(), { nodetype: "type" }])).toThrow(
        expect.objectContaining({ code: "unknown-option" }),
      );
    });
  });
});
