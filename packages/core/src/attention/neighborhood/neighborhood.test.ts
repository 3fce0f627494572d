import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complete } from "./complete.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { segments } from "./segments.ts";
import { type EdgeList, SparseNeighborhood } from "./sparse.ts";

type Edge = readonly [sender: number, receiver: number];

/** Edge lists with loops, repeated edges, and elements without edges. */
const edgeLists = fc
  .record({ senderCount: fc.integer({ min: 0, max: 8 }), receiverCount: fc.integer({ min: 0, max: 8 }) })
  .chain(({ senderCount, receiverCount }) => {
    const edge = fc.tuple(
      fc.integer({ min: 0, max: Math.max(0, senderCount - 1) }),
      fc.integer({ min: 0, max: Math.max(0, receiverCount - 1) }),
    );
    const maxLength = senderCount === 0 || receiverCount === 0 ? 0 : 30;
    return fc.array(edge, { maxLength }).map((edges) => listOf(edges, senderCount, receiverCount));
  });

function listOf(edges: readonly Edge[], senderCount: number, receiverCount: number): EdgeList {
  return {
    senders: Uint32Array.from(edges, ([sender]) => sender),
    receivers: Uint32Array.from(edges, ([, receiver]) => receiver),
    senderCount,
    receiverCount,
  };
}

/** The pairs of a neighborhood, receiver by receiver. */
function pairsOf(neighborhood: Neighborhood): Edge[] {
  const { senderOf, receiverOf } = neighborhood.sparse();
  return Array.from(senderOf, (sender, p) => [sender, receiverOf[p]!] as const);
}

describe("a sparse neighborhood made from an edge list", () => {
  it("holds every edge of the list once, under its number", () => {
    fc.assert(
      fc.property(edgeLists, (list) => {
        const neighborhood = SparseNeighborhood.fromEdgeList(list);
        const { edgeOf, senderOf, receiverOf } = neighborhood;
        expect([neighborhood.senders, neighborhood.receivers]).toEqual([list.senderCount, list.receiverCount]);
        expect(neighborhood.edges).toBe(list.senders.length);
        expect([...edgeOf].sort((a, b) => a - b)).toEqual(Array.from(list.senders.keys()));
        edgeOf.forEach((edge, p) => {
          expect([senderOf[p], receiverOf[p]]).toEqual([list.senders[edge], list.receivers[edge]]);
        });
      }),
    );
  });

  it("has one row for each receiver, in which the edges keep their order", () => {
    fc.assert(
      fc.property(edgeLists, (list) => {
        const { offsets, edgeOf, receiverOf, edges, receivers } = SparseNeighborhood.fromEdgeList(list);
        expect(offsets).toHaveLength(receivers + 1);
        expect([offsets[0], offsets[receivers]]).toEqual([0, edges]);
        for (let i = 0; i < receivers; i++) {
          for (let p = offsets[i]!; p < offsets[i + 1]!; p++) {
            expect(receiverOf[p]).toBe(i);
            if (p > offsets[i]!) expect(edgeOf[p]).toBeGreaterThan(edgeOf[p - 1]!);
          }
        }
      }),
    );
  });

  it("has the same edges by sender, receivers ascending", () => {
    fc.assert(
      fc.property(edgeLists, (list) => {
        const neighborhood = SparseNeighborhood.fromEdgeList(list);
        const { senderOf, receiverOf, transposed } = neighborhood;
        const { offsets, receivers, permutation } = transposed;
        expect(offsets).toHaveLength(list.senderCount + 1);
        expect([offsets[0], offsets[list.senderCount]]).toEqual([0, neighborhood.edges]);
        expect([...permutation].sort((a, b) => a - b)).toEqual(Array.from(permutation.keys()));
        for (let j = 0; j < list.senderCount; j++) {
          for (let q = offsets[j]!; q < offsets[j + 1]!; q++) {
            expect(senderOf[permutation[q]!]).toBe(j);
            expect(receivers[q]).toBe(receiverOf[permutation[q]!]);
            if (q > offsets[j]!) expect(permutation[q]).toBeGreaterThan(permutation[q - 1]!);
          }
        }
        expect(neighborhood.transposed).toBe(transposed);
      }),
    );
  });

  it("does not change the list, and does not follow its changes", () => {
    const list = listOf(
      [
        [0, 1],
        [1, 0],
        [2, 1],
      ],
      3,
      2,
    );
    const neighborhood = SparseNeighborhood.fromEdgeList(list);
    expect([list.senders, list.receivers]).toEqual([Uint32Array.of(0, 1, 2), Uint32Array.of(1, 0, 1)]);
    list.senders.fill(2);
    list.receivers.fill(0);
    expect(pairsOf(neighborhood)).toEqual([
      [1, 0],
      [0, 1],
      [2, 1],
    ]);
  });

  it("is its own sparse form", () => {
    const neighborhood = SparseNeighborhood.fromEdgeList(listOf([[0, 0]], 1, 1));
    expect(neighborhood.sparse()).toBe(neighborhood);
    expect(neighborhood.kind).toBe("sparse");
  });

  const refused: readonly (readonly [what: string, list: EdgeList, code: string, says: string])[] = [
    [
      "a sender that is not there",
      listOf(
        [
          [0, 0],
          [3, 1],
        ],
        3,
        2,
      ),
      "index-out-of-range",
      "edge 1 goes from 3 to 1",
    ],
    ["a receiver that is not there", listOf([[0, 2]], 3, 2), "index-out-of-range", "receivers below 2"],
    ["an edge where there are no nodes", listOf([[0, 0]], 0, 0), "index-out-of-range", "edge 0"],
    [
      "fewer receivers than senders",
      {
        ...listOf(
          [
            [0, 0],
            [1, 1],
          ],
          2,
          2,
        ),
        receivers: Uint32Array.of(0),
      },
      "wrong-length",
      "2 senders and 1 receivers",
    ],
  ];
  for (const [what, list, code, says] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => SparseNeighborhood.fromEdgeList(list)).toThrow(
        expect.objectContaining({ name: "DataError", code, message: expect.stringContaining(says) }),
      );
    });
  }
});

describe("a sparse neighborhood made from rows", () => {
  const rows = { offsets: Uint32Array.of(0, 2, 2, 5), senderOf: Uint32Array.of(3, 1, 0, 0, 3), senders: 4 };

  it("is the one made from the list of the same edges", () => {
    fc.assert(
      fc.property(edgeLists, (list) => {
        const { offsets, senderOf, senders, receiverOf, transposed } = SparseNeighborhood.fromEdgeList(list);
        const same = SparseNeighborhood.fromRows({ offsets, senderOf, senders });
        expect(same).toMatchObject({ senders, receivers: list.receiverCount, edges: list.senders.length });
        expect(same.receiverOf).toEqual(receiverOf);
        expect(same.transposed).toEqual(transposed);
      }),
    );
  });

  it("numbers its edges by position, from the number of the first", () => {
    expect(SparseNeighborhood.fromRows(rows).edgeOf).toEqual(Uint32Array.of(0, 1, 2, 3, 4));
    expect(SparseNeighborhood.fromRows({ ...rows, firstEdge: () => 7 }).edgeOf).toEqual(
      Uint32Array.of(7, 8, 9, 10, 11),
    );
  });

  it("makes what is derived when first asked for, once", () => {
    let asked = 0;
    const firstEdge = (): number => {
      asked++;
      return 0;
    };
    const neighborhood = SparseNeighborhood.fromRows({ ...rows, firstEdge });
    expect(asked).toBe(0);
    expect(neighborhood.edgeOf).toBe(neighborhood.edgeOf);
    expect(asked).toBe(1);
    expect(neighborhood.receiverOf).toBe(neighborhood.receiverOf);
    expect(neighborhood.transposed).toBe(neighborhood.transposed);
  });

  const refused: readonly (readonly [what: string, change: object, name: string, code: string, says: string])[] = [
    ["no row starts", { offsets: new Uint32Array(0) }, "DataError", "wrong-length", "0 row starts"],
    ["a start other than 0", { offsets: Uint32Array.of(1, 5) }, "DataError", "wrong-length", "from 1 to 5"],
    ["an end other than the edges", { offsets: Uint32Array.of(0, 4) }, "DataError", "wrong-length", "for 5 edges"],
    ["rows that fall", { offsets: Uint32Array.of(0, 3, 2, 5) }, "DataError", "wrong-length", "ascending"],
    ["a sender that is not there", { senders: 3 }, "DataError", "index-out-of-range", "sender 3 at position 0"],
    ["half a sender", { senders: 4.5 }, "OptionError", "out-of-range", "senders 4.5"],
  ];
  for (const [what, change, name, code, says] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => SparseNeighborhood.fromRows({ ...rows, ...change })).toThrow(
        expect.objectContaining({ name, code, message: expect.stringContaining(says) }),
      );
    });
  }
});

describe("a block of rows of a sparse neighborhood", () => {
  it("has the edges of its receivers, numbered by their position in the whole", () => {
    fc.assert(
      fc.property(edgeLists, fc.nat(), fc.nat(), (list, a, b) => {
        const whole = SparseNeighborhood.fromEdgeList(list);
        const last = a % (whole.receivers + 1);
        const first = b % (last + 1);
        const block = whole.rows(first, last);
        const positions = Array.from(whole.receiverOf.keys()).filter(
          (p) => whole.receiverOf[p]! >= first && whole.receiverOf[p]! < last,
        );
        expect([block.receivers, block.senders]).toEqual([last - first, whole.senders]);
        expect([...block.edgeOf]).toEqual(positions);
        expect([...block.senderOf]).toEqual(positions.map((p) => whole.senderOf[p]));
        expect([...block.receiverOf]).toEqual(positions.map((p) => whole.receiverOf[p]! - first));
      }),
    );
  });
});

describe("the complete neighborhood", () => {
  it("pairs everyone with everyone, itself included, in order", () => {
    const neighborhood = complete(2);
    expect(neighborhood).toMatchObject({ kind: "complete", receivers: 2, senders: 2, edges: 4 });
    expect(pairsOf(neighborhood)).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it("pairs every element of one set with every element of another", () => {
    const neighborhood = complete(2, 3);
    expect(neighborhood).toMatchObject({ receivers: 2, senders: 3, edges: 6 });
    expect(pairsOf(neighborhood)).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(neighborhood.sparse()).toMatchObject({ receivers: 2, senders: 3, edges: 6 });
  });

  it("is enumerated once, and may be empty", () => {
    const neighborhood = complete(3);
    expect(neighborhood.sparse()).toBe(neighborhood.sparse());
    expect(complete(0).sparse().edges).toBe(0);
    expect(complete(2, 0).sparse()).toMatchObject({ receivers: 2, senders: 0, edges: 0 });
  });
});

describe("segments", () => {
  it("attend to their elements, in the order of the elements", () => {
    const neighborhood = segments(Uint32Array.of(2, 0, 2, 0), 4);
    expect(neighborhood).toMatchObject({ kind: "segments", receivers: 4, senders: 4, edges: 4 });
    expect(pairsOf(neighborhood)).toEqual([
      [1, 0],
      [3, 0],
      [0, 2],
      [2, 2],
    ]);
    expect(neighborhood.sparse().offsets).toEqual(Uint32Array.of(0, 2, 2, 4, 4));
  });

  it("may be without elements", () => {
    expect(segments(new Uint32Array(0), 2).sparse()).toMatchObject({ receivers: 2, senders: 0, edges: 0 });
  });

  it("refuse an element of a segment that is not there", () => {
    expect(() => segments(Uint32Array.of(0, 2), 2)).toThrow(
      expect.objectContaining({ name: "DataError", code: "index-out-of-range" }),
    );
  });
});
