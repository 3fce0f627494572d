import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { type Edge, neighborhoodOf } from "../testing/layer-examples.ts";
import { withoutEdges } from "./edge-subset.ts";
import { edgesInto, reachOf } from "./reach.ts";

const edgeLists = fc.array(fc.tuple(fc.nat(6), fc.nat(6)) satisfies fc.Arbitrary<Edge>, { maxLength: 20 });
const sorted = (numbers: Iterable<number>): number[] => Array.from(numbers).sort((a, b) => a - b);

/** Which nodes lead to each in at most so many steps: powers of the adjacency matrix. */
function leadTo(edges: readonly Edge[], steps: number): Matrix {
  const adjacency = Matrix.eye(7);
  for (const [sender, receiver] of edges) adjacency.set(receiver, sender, 1);
  return Array.from({ length: steps }).reduce<Matrix>((power) => power.mmul(adjacency), Matrix.eye(7));
}

describe("reachOf and edgesInto", () => {
  it("go against the edges as many steps as told", () => {
    fc.assert(
      fc.property(
        edgeLists,
        fc.nat(6),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (edges, node, steps, withLoops) => {
          const neighborhood = neighborhoodOf(edges, 7);
          const within = (count: number) => (other: number) => leadTo(edges, count).get(node, other) > 0;
          const all = Array.from({ length: 7 }, (_, i) => i);
          const { nodes, receivers } = reachOf(neighborhood, [node], steps);
          expect(nodes[0]).toBe(node);
          expect(sorted(nodes)).toEqual(all.filter(within(steps)));
          expect(sorted(nodes.subarray(0, receivers))).toEqual(all.filter(within(steps - 1)));
          const expected = Array.from(edges.keys()).filter((e) => {
            const [sender, receiver] = edges[e]!;
            return within(steps - 1)(receiver) && (withLoops || sender !== receiver);
          });
          expect(Array.from(edgesInto(neighborhood, [node], steps, withLoops))).toEqual(expected);
        },
      ),
    );
  });

  it("go from several nodes at once", () => {
    const neighborhood = neighborhoodOf(
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      7,
    );
    expect(Array.from(edgesInto(neighborhood, [1, 5], 1, true))).toEqual([0, 2]);
  });
});

describe("withoutEdges", () => {
  it("leaves the other edges as they were, with their numbers", () => {
    fc.assert(
      fc.property(edgeLists, fc.array(fc.nat(19)), (edges, drawn) => {
        const removed = new Set(drawn.filter((e) => e < edges.length));
        const { neighborhood, edges: numbers } = withoutEdges(neighborhoodOf(edges, 7), Uint32Array.from(removed));
        const kept = Array.from(edges.keys()).filter((e) => !removed.has(e));
        expect(sorted(numbers)).toEqual(kept);
        expect([neighborhood.senders, neighborhood.receivers, neighborhood.edges]).toEqual([7, 7, kept.length]);
        for (let p = 0; p < neighborhood.edges; p++) {
          // Numbers are those of the edge list, which is in the order of the positions.
          expect(neighborhood.edgeOf[p]).toBe(p);
          expect([neighborhood.senderOf[p], neighborhood.receiverOf[p]]).toEqual(edges[numbers[p]!]);
        }
      }),
    );
  });
});
