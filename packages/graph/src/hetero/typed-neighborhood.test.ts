import { Random, SparseNeighborhood } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { neighborhoodOf } from "../testing/layer-examples.ts";
import { library, nodeCounts, relations, shuffledRecord, typedNeighborhood } from "../testing/typed-graphs.ts";
import { relationText } from "./relation.ts";
import { stackedRelations } from "./stacked-relations.ts";
import { TypedNeighborhood } from "./typed-neighborhood.ts";

describe("TypedNeighborhood", () => {
  it("sorts types by name and relations by source, type and target", () => {
    expect(library.nodeTypes).toEqual(["author", "paper", "venue"]);
    expect(library.relations.map(relationText)).toEqual([
      '"author" - "edits" - "paper"',
      '"author" - "writes" - "paper"',
      '"paper" - "cites" - "paper"',
      '"paper" - "writes" - "author"',
      '"venue" - "prints" - "paper"',
    ]);
    expect([library.nodeCount("author"), library.nodeCount("paper"), library.nodeCount("reader")]).toEqual([3, 4, 0]);
  });

  it("sorts by code units, whatever language the machine speaks", () => {
    const { nodeTypes } = new TypedNeighborhood({ nodes: { ä: 1, b: 1, Z: 1, a: 1, "10": 1, "9": 1 }, relations: [] });
    expect(nodeTypes).toEqual(["10", "9", "Z", "a", "b", "ä"]);
  });

  it("finds a relation by its three names", () => {
    const found = library.relation({ source: "venue", type: "prints", target: "paper" });
    expect(found?.neighborhood.edges).toBe(3);
    expect(library.relation({ source: "paper", type: "prints", target: "venue" })).toBeUndefined();
  });

  it("tells relations apart whose names run together alike", () => {
    const graph = new TypedNeighborhood({
      nodes: { a: 1, a__b: 1, c: 1 },
      relations: [
        { source: "a", type: "b__c", target: "c", neighborhood: neighborhoodOf([[0, 0]], 1, 1) },
        { source: "a__b", type: "c", target: "c", neighborhood: neighborhoodOf([], 1, 1) },
      ],
    });
    expect(graph.relation({ source: "a", type: "b__c", target: "c" })?.neighborhood.edges).toBe(1);
    expect(graph.relation({ source: "a__b", type: "c", target: "c" })?.neighborhood.edges).toBe(0);
  });

  it("takes a type called as what every object has", () => {
    const counts: Record<string, number> = Object.fromEntries([
      ["__proto__", 2],
      ["constructor", 1],
    ]);
    const graph = new TypedNeighborhood({ nodes: counts, relations: [] });
    expect(graph.nodeTypes).toEqual(["__proto__", "constructor"]);
    expect(graph.nodeCount("__proto__")).toBe(2);
    expect(graph.nodeCount("toString")).toBe(0);
  });

  it("has all nodes and edges in one neighborhood", () => {
    const { neighborhood, edgeTypes, firstNodes } = library.homogeneous;
    expect([...firstNodes]).toEqual([0, 3, 7, 9]);
    expect([neighborhood.senders, neighborhood.receivers]).toEqual([9, 9]);
    const nameOf = (node: number): string => {
      const t = firstNodes.findLastIndex((first) => first <= node);
      return `${library.nodeTypes[t]} ${node - firstNodes[t]!}`;
    };
    const { senderOf, receiverOf, edgeOf } = neighborhood;
    const found = Array.from(edgeOf, (edge, p) => {
      const { type } = library.relations[edgeTypes[edge]!]!;
      return `${nameOf(senderOf[p]!)} ${type} ${nameOf(receiverOf[p]!)}`;
    });
    const expected = relations.flatMap(({ source, type, target, pairs }) =>
      pairs.map(([sender, receiver]) => `${source} ${sender} ${type} ${target} ${receiver}`),
    );
    expect(found.sort()).toEqual(expected.sort());
    expect(library.homogeneous).toBe(library.homogeneous);
  });

  it("numbers the edges of the whole by relation and by their own numbers, so that features can be put one after the other", () => {
    const { neighborhood } = library.homogeneous;
    const receiverOf = new Map(Array.from(neighborhood.edgeOf, (edge, p) => [edge, neighborhood.receiverOf[p]!]));
    let first = 0;
    for (const { target, neighborhood: own } of library.relations) {
      const offset = library.homogeneous.firstNodes[library.nodeTypes.indexOf(target)]!;
      for (const [p, edge] of own.edgeOf.entries()) {
        expect(receiverOf.get(first + edge)).toBe(offset + own.receiverOf[p]!);
      }
      first += own.edges;
    }
  });

  it("gives everything the same number, whatever the order in which types and relations are named", () => {
    const arraysOf = ({ homogeneous: { neighborhood, edgeTypes, firstNodes } }: TypedNeighborhood) => {
      const { offsets, senderOf, edgeOf } = neighborhood;
      return { offsets, senderOf, edgeOf, edgeTypes, firstNodes };
    };
    for (let seed = 0; seed < 10; seed++) {
      const random = new Random(seed);
      const other = typedNeighborhood(shuffledRecord(nodeCounts, random), random.shuffle([...relations]));
      expect(other.relations.map(relationText)).toEqual(library.relations.map(relationText));
      expect(other.nodeTypes).toEqual(library.nodeTypes);
      expect(arraysOf(other)).toEqual(arraysOf(library));
    }
  });

  const one = neighborhoodOf([[0, 0]], 2, 3);
  const refusals: readonly (readonly [what: string, name: string, code: string, make: () => unknown])[] = [
    [
      "a relation given twice",
      "DataError",
      "duplicate-type",
      () => typedNeighborhood(nodeCounts, [relations[0]!, relations[1]!, relations[0]!]),
    ],
    [
      "a relation of a type that is not there",
      "DataError",
      "unknown-type",
      () =>
        new TypedNeighborhood({
          nodes: { a: 2 },
          relations: [{ source: "a", type: "t", target: "b", neighborhood: one }],
        }),
    ],
    [
      "edges between other counts of nodes",
      "ShapeError",
      "shapes-differ",
      () =>
        new TypedNeighborhood({
          nodes: { a: 3, b: 3 },
          relations: [{ source: "a", type: "t", target: "b", neighborhood: one }],
        }),
    ],
    [
      "a part of a node",
      "OptionError",
      "out-of-range",
      () => new TypedNeighborhood({ nodes: { a: 1.5 }, relations: [] }),
    ],
    [
      "a block of rows, whose edges have other numbers",
      "DataError",
      "index-out-of-range",
      () => {
        const block = neighborhoodOf(
          [
            [0, 0],
            [0, 1],
          ],
          1,
          2,
        ).rows(1, 2);
        const relation = { source: "a", type: "t", target: "a", neighborhood: block };
        return new TypedNeighborhood({ nodes: { a: 1 }, relations: [relation] }).homogeneous;
      },
    ],
  ];
  for (const [what, name, code, make] of refusals) {
    it(`refuses ${what}`, () => expect(make).toThrow(expect.objectContaining({ name, code })));
  }
});

describe("stackedRelations", () => {
  it("has each edge once, from the pair of its relation and its sender", () => {
    const stack = stackedRelations(library);
    // The relation without edges needs no keys.
    expect(stack.relations.map(({ type }) => type)).toEqual(["writes", "cites", "writes", "prints"]);
    expect(stack.neighborhood.senders).toBe(3 + 4 + 4 + 2);
    let firstSender = 0;
    for (const [r, { target, neighborhood }] of stack.relations.entries()) {
      const firstReceiver = stack.firstReceivers[library.nodeTypes.indexOf(target)]!;
      for (const [p, position] of stack.positions[r]!.entries()) {
        expect(stack.neighborhood.senderOf[position]).toBe(firstSender + neighborhood.senderOf[p]!);
        expect(stack.neighborhood.receiverOf[position]).toBe(firstReceiver + neighborhood.receiverOf[p]!);
      }
      firstSender += neighborhood.senders;
    }
    expect(stack.positions.flatMap((positions) => [...positions]).sort((a, b) => a - b)).toEqual([
      ...new Uint32Array(stack.neighborhood.edges).keys(),
    ]);
  });

  it("is empty for a graph without edges", () => {
    const graph = new TypedNeighborhood({
      nodes: { a: 2 },
      relations: [{ source: "a", type: "t", target: "a", neighborhood: neighborhoodOf([], 2) }],
    });
    const { relations: found, neighborhood } = stackedRelations(graph);
    expect(found).toEqual([]);
    expect(neighborhood).toBeInstanceOf(SparseNeighborhood);
    expect([neighborhood.receivers, neighborhood.senders]).toEqual([2, 0]);
  });
});
