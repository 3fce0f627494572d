import { DataError, OptionError, type SparseNeighborhood } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Edges, neighborhoodOfEdges } from "./edge-list.ts";

const edgesOf = (pairs: readonly (readonly [number, number])[]): Edges => ({
  sources: Uint32Array.from(pairs, ([source]) => source),
  targets: Uint32Array.from(pairs, ([, target]) => target),
});

/** "sender > receiver" of each message, position by position. */
const messagesOf = ({ senderOf, receiverOf }: SparseNeighborhood): string[] =>
  Array.from(senderOf, (sender, p) => `${sender} > ${receiverOf[p]}`);

const graphs = fc
  .integer({ min: 1, max: 8 })
  .chain((nodes) =>
    fc.tuple(fc.constant(nodes), fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 30 })),
  );

/** The definition, without arrays. */
function messagesByDefinition(pairs: readonly (readonly [number, number])[], directed: boolean): string[] {
  return pairs.flatMap(([source, target]) => {
    const there = `${source} > ${target}`;
    return directed || source === target ? [there] : [there, `${target} > ${source}`];
  });
}

describe("neighborhoodOfEdges", () => {
  it("lets both ends of an edge attend to each other", () => {
    const neighborhood = neighborhoodOfEdges(4, edgesOf([[2, 0]]));
    expect(messagesOf(neighborhood)).toEqual(["2 > 0", "0 > 2"]);
    expect([...neighborhood.offsets]).toEqual([0, 1, 1, 2, 2]);
  });

  it("lets only the target of a directed edge attend", () => {
    expect(messagesOf(neighborhoodOfEdges(3, edgesOf([[2, 0]]), { directed: true }))).toEqual(["2 > 0"]);
  });

  it.each([true, false])("has each pair of an edge list once: directed %s", (directed) => {
    fc.assert(
      fc.property(graphs, ([nodes, pairs]) => {
        const neighborhood = neighborhoodOfEdges(nodes, edgesOf(pairs), { directed });
        const expected = [...new Set(messagesByDefinition(pairs, directed))];
        expect(messagesOf(neighborhood).sort()).toEqual(expected.sort());
        expect([neighborhood.receivers, neighborhood.senders]).toEqual([nodes, nodes]);
      }),
    );
  });

  it.each([true, false])("has each entry of an edge list when they are not to be merged: directed %s", (directed) => {
    fc.assert(
      fc.property(graphs, ([nodes, pairs]) => {
        const neighborhood = neighborhoodOfEdges(nodes, edgesOf(pairs), { directed, coalesce: false });
        expect(messagesOf(neighborhood).sort()).toEqual(messagesByDefinition(pairs, directed).sort());
      }),
    );
  });

  it("numbers merged messages by receiver and then by sender, whatever their order in the list", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), ([nodes, pairs], turn) => {
        const rotated = pairs.map((_, k) => pairs[(k + turn) % pairs.length]!);
        const neighborhood = neighborhoodOfEdges(nodes, edgesOf(pairs));
        expect([...neighborhood.edgeOf]).toEqual([...neighborhood.edgeOf.keys()]);
        expect(neighborhood.senderOf).toEqual(neighborhoodOfEdges(nodes, edgesOf(rotated)).senderOf);
        for (let i = 0; i < nodes; i++) {
          const row = neighborhood.senderOf.subarray(neighborhood.offsets[i], neighborhood.offsets[i + 1]);
          expect([...row]).toEqual([...row.slice().sort()]);
        }
      }),
    );
  });

  it("keeps the numbers of directed edges that are not merged, so that edge features can be aligned", () => {
    const pairs = [
      [1, 2],
      [0, 1],
      [1, 2],
    ] as const;
    const { edgeOf, receiverOf } = neighborhoodOfEdges(3, edgesOf(pairs), { directed: true, coalesce: false });
    for (const [p, edge] of edgeOf.entries()) expect(receiverOf[p]).toBe(pairs[edge]![1]);
  });

  it("leaves the arrays as they are", () => {
    const edges = edgesOf([
      [3, 1],
      [0, 2],
      [3, 1],
    ]);
    neighborhoodOfEdges(4, edges);
    expect(edges).toEqual(
      edgesOf([
        [3, 1],
        [0, 2],
        [3, 1],
      ]),
    );
  });

  it("takes no edges, and no nodes", () => {
    expect(neighborhoodOfEdges(3, edgesOf([]))).toMatchObject({ receivers: 3, edges: 0 });
    expect(neighborhoodOfEdges(0, edgesOf([]))).toMatchObject({ receivers: 0, edges: 0 });
  });

  it("refuses an edge to a node that is not there, and says which", () => {
    const edges = edgesOf([
      [0, 1],
      [1, 3],
    ]);
    expect(() => neighborhoodOfEdges(3, edges)).toThrow(DataError);
    expect(() => neighborhoodOfEdges(3, edges)).toThrow(
      expect.objectContaining({
        code: "index-out-of-range",
        message: expect.stringContaining("edge 1 joins the nodes 1 and 3"),
      }),
    );
  });

  it("refuses ends that are not equally many", () => {
    const edges = { sources: Uint32Array.of(0, 1), targets: Uint32Array.of(1) };
    expect(() => neighborhoodOfEdges(2, edges)).toThrow(expect.objectContaining({ code: "wrong-length" }));
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s nodes", (nodes) => {
    expect(() => neighborhoodOfEdges(nodes, edgesOf([]))).toThrow(OptionError);
    expect(() => neighborhoodOfEdges(nodes, edgesOf([]))).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });

  it("refuses an unknown option", () => {
    const options: object = { undirected: true };
    expect(() => neighborhoodOfEdges(2, edgesOf([]), options)).toThrow(
      expect.objectContaining({ code: "unknown-option", name: "OptionError" }),
    );
  });
});
