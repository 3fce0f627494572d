import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import type { Edges } from "../../convert/edge-list.ts";
import { edgesAt, LinkIndex } from "../../convert/link-index.ts";
import { communityEdges, edgesOf, pairsOf } from "../../testing/linked-communities.ts";
import { measureLinks } from "./link-metrics.ts";

const all = new LinkIndex(40, communityEdges(4, 10, 4, 3), false);
const held = edgesAt(all.links, Uint32Array.of(0, 5, 10, 15));

const scorer =
  (score: (source: number, target: number) => number) =>
  (pairs: Edges): Float64Array =>
    Float64Array.from(pairsOf(pairs), ([source, target]) => score(source, target));

describe("measureLinks", () => {
  it("is 1 throughout for a scorer that knows the links", () => {
    const known = scorer((source, target) => (all.has(source, target) ? 1 : 0));
    expect(measureLinks(known, held, all, new Random(0))).toEqual({
      links: 4,
      rocAuc: 1,
      averagePrecision: 1,
      meanReciprocalRank: 1,
    });
  });

  it("is what chance gives for a scorer that knows nothing", () => {
    expect(
      measureLinks(
        scorer(() => 0),
        held,
        all,
        new Random(0),
      ),
    ).toEqual({
      links: 4,
      rocAuc: 0.5,
      averagePrecision: 0.5,
      meanReciprocalRank: 1 / 51,
    });
  });

  it("asks for the held-out links and as many pairs without a link, then for each end of a link among 100 others", () => {
    const asked: (readonly [number, number])[][] = [];
    const known = (pairs: Edges) => {
      asked.push(pairsOf(pairs));
      return new Float64Array(pairs.sources.length);
    };
    measureLinks(known, held, all, new Random(0));
    expect(asked).toHaveLength(2);
    expect(asked[0]!.slice(0, 4)).toEqual(pairsOf(held));
    expect(asked[0]).toHaveLength(8);
    for (const pair of [...asked[0]!.slice(4), ...asked[1]!]) expect(all.has(...pair)).toBe(false);
    const ends = pairsOf(held).flatMap(([source, target]) => [
      { side: 0, node: source },
      { side: 1, node: target },
    ]);
    expect(asked[1]).toHaveLength(100 * ends.length);
    for (const [k, { side, node }] of ends.entries()) {
      for (const pair of asked[1]!.slice(100 * k, 100 * (k + 1))) expect(pair[side]).toBe(node);
    }
  });

  it("leaves ends out that are linked with every node", () => {
    const star = new LinkIndex(
      4,
      edgesOf([
        [0, 1],
        [0, 2],
        [0, 3],
      ]),
      false,
    );
    const best = scorer((source, target) => (source === 0 || target === 0 ? 1 : 0));
    const { meanReciprocalRank } = measureLinks(best, edgesOf([[0, 1]]), star, new Random(0));
    expect(meanReciprocalRank).toBe(1);
    // One way alone: 0 sends to all, and 1 hears of nobody else.
    const directed = new LinkIndex(2, edgesOf([[0, 1]]), true);
    expect(measureLinks(best, edgesOf([[0, 1]]), directed, new Random(0)).meanReciprocalRank).toBeUndefined();
  });
});
