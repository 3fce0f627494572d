import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { communityEdges, edgesOf, pairsOf } from "../../testing/linked-communities.ts";
import { type LinkPredictor, trainLinkPredictor } from "./link-predictor.ts";
import type { LinkPredictorOptions } from "./link-predictor-options.ts";
import type { RankedLinks } from "./rank-links.ts";
import { splitLinks } from "./split-links.ts";

const nodes = 40;
const edges = communityEdges(4, 10, 4, 1);
const split = splitLinks(edges, { testFraction: 0.2, validationFraction: 0.1 });
const predictorOf = (directed: boolean, options: LinkPredictorOptions = {}): Promise<LinkPredictor> =>
  trainLinkPredictor({ nodes, edges, directed, split }, { epochs: 3, heads: 2, hidden: 8, dimensions: 8, ...options });

const everyPair = Array.from({ length: nodes * nodes }, (_, k) => [Math.floor(k / nodes), k % nodes] as const);

/** The pairs without a link, from the likeliest on, by scoring each. */
function expectedRanking({ parts, probabilities }: LinkPredictor, directed: boolean) {
  const pairs = everyPair.filter(([a, b]) => a !== b && (directed || a < b) && !parts.all.has(a, b));
  const scores = probabilities(edgesOf(pairs));
  return pairs.map((pair, k) => ({ pair, score: scores[k]! })).sort((a, b) => b.score - a.score);
}

const rowsOf = (links: RankedLinks) => pairsOf(links).map((pair, k) => ({ pair, score: links.probabilities[k]! }));

describe("rank", () => {
  it.each([
    [false, "dot"],
    [true, "dot"],
    [false, "network"],
    [true, "network"],
  ] as const)("finds the likeliest of all pairs without a link, directed %s, decoder %s", async (directed, decoder) => {
    const predictor = await predictorOf(directed, { decoder });
    const ranked = rowsOf(await predictor.rank({ candidates: "all", top: 25 }));
    const expected = expectedRanking(predictor, directed).slice(0, 25);
    for (const [k, { score }] of ranked.entries()) expect(score).toBeCloseTo(expected[k]!.score, 5);
    expect(ranked).toHaveLength(25);
    const last = expected[24]!.score;
    for (const { pair, score } of expected)
      if (score > last + 1e-4) expect(ranked.map((row) => row.pair)).toContainEqual(pair);
  });

  it("keeps all where there are fewer than asked for", async () => {
    const predictor = await predictorOf(false);
    const ranked = await predictor.rank({ candidates: "all", top: 10_000 });
    expect(ranked.sources).toHaveLength(expectedRanking(predictor, false).length);
    expect([...ranked.probabilities]).toEqual([...ranked.probabilities].sort((a, b) => b - a));
  });

  it.each([false, true])(
    "finds near pairs: with a neighbor in common, or linked the other way; directed %s",
    async (directed) => {
      const predictor = await predictorOf(directed);
      const { known, all } = predictor.parts;
      const joined = (a: number, b: number) => known.has(a, b) || known.has(b, a);
      const isNear = ([a, b]: readonly [number, number]) =>
        joined(a, b) || Array.from({ length: nodes }, (_, c) => c).some((c) => joined(a, c) && joined(c, b));
      const expected = everyPair.filter(
        (pair) => pair[0] !== pair[1] && (directed || pair[0] < pair[1]) && !all.has(...pair) && isNear(pair),
      );
      const ranked = pairsOf(await predictor.rank({ candidates: "near", top: 10_000 }));
      expect(new Set(ranked.map(String))).toEqual(new Set(expected.map(String)));
      expect(ranked).toHaveLength(expected.length);
    },
  );

  it("scores a list as it stands: linked or not, in either order, repeated", async () => {
    const predictor = await predictorOf(false);
    const list = [
      [5, 2],
      [2, 5],
      [edges.sources[0]!, edges.targets[0]!],
      [5, 2],
      [0, 39],
    ] as const;
    const ranked = rowsOf(await predictor.rank({ candidates: edgesOf(list), top: 5 }));
    const scores = predictor.probabilities(edgesOf(list));
    const expected = list.map((pair, k) => ({ pair: [...pair], score: scores[k]! })).sort((a, b) => b.score - a.score);
    expect(ranked).toEqual(expected);
  });

  it("keeps only what is accepted", async () => {
    const predictor = await predictorOf(false);
    const isEven = (source: number, target: number) => source % 2 === 0 && target % 2 === 0;
    const ranked = pairsOf(await predictor.rank({ candidates: "all", top: 12, accept: isEven }));
    const expected = expectedRanking(predictor, false).filter(({ pair }) => isEven(...pair));
    expect(new Set(ranked.map(String))).toEqual(new Set(expected.slice(0, 12).map(({ pair }) => String(pair))));
  });

  it("cuts long lists without losing any", async () => {
    const predictor = await predictorOf(false);
    const random = new Random(0);
    const list = edgesOf(
      Array.from({ length: 40_000 }, () => {
        const source = random.integer(nodes);
        return [source, (source + 1 + random.integer(nodes - 1)) % nodes] as const;
      }),
    );
    const { probabilities } = await predictor.rank({ candidates: list, top: 300 });
    const expected = predictor.probabilities(list).sort().reverse().slice(0, 300);
    expect(probabilities).toEqual(expected);
  });

  it("rejects with the reason of the signal, or what the test of a pair throws", async () => {
    const predictor = await predictorOf(false);
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(predictor.rank({ candidates: "all", top: 3, signal })).rejects.toBe(reason);
    const accept = () => {
      throw reason;
    };
    await expect(predictor.rank({ candidates: "all", top: 3, accept })).rejects.toBe(reason);
  });

  it.each<[string, object]>([
    ["out-of-range", { candidates: "all", top: 0 }],
    ["out-of-range", { candidates: "all", top: 1.5 }],
    ["out-of-range", { candidates: "none", top: 1 }],
    ["unknown-option", { candidates: "all", top: 1, only: 3 }],
  ])("refuses with %s: %j", async (code, options) => {
    const predictor = await predictorOf(false);
    const asked = { candidates: "all", top: 1, ...options } as const;
    expect(() => predictor.rank(asked)).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });
});
