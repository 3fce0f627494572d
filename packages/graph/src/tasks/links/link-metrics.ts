import type { Random } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import { bothLists, type LinkIndex } from "../../convert/link-index.ts";
import { averagePrecision } from "../../metrics/average-precision.ts";
import { meanReciprocalRank } from "../../metrics/mean-reciprocal-rank.ts";
import { rocAuc } from "../../metrics/roc-auc.ts";
import { NonLinks } from "./non-links.ts";

/** How well held-out links are told from pairs without a link. */
export interface LinkMetrics {
  /** Count of held-out links. */
  readonly links: number;
  /** The area under the receiver operating characteristic, among the links and as many pairs drawn from those without a link. */
  readonly rocAuc: number;
  /** The average precision on the same pairs. */
  readonly averagePrecision: number;
  /**
   * The mean of `1 / rank` of each end of a link, ranked with 100 nodes drawn from those that the other end has no link with; undefined when there
   * are none. Ends that are linked with all nodes are left out.
   */
  readonly meanReciprocalRank: number | undefined;
}

/** The logit of a link for each pair. */
export type PairScorer = (pairs: Edges) => ArrayLike<number>;

/** How many nodes an end of a link is ranked among. */
const rankedAmong = 100;

/** Pairs that are scored at once. */
const chunk = 1 << 16;

/**
 * Measures a scorer on held-out links; there is at least one, and one pair without a link.
 *
 * @param all Every link there is: what is drawn is none of them.
 */
export function measureLinks(score: PairScorer, held: Edges, all: LinkIndex, random: Random): LinkMetrics {
  const links = held.sources.length;
  const nonLinks = new NonLinks(all);
  const pairs = bothLists(held, nonLinks.draw(links, random));
  const actual = new Uint8Array(2 * links).fill(1, 0, links);
  const scores = score(pairs);
  return {
    links,
    // Both are there: undefined is for links alone, or none.
    rocAuc: rocAuc(actual, scores) ?? Number.NaN,
    averagePrecision: averagePrecision(actual, scores) ?? Number.NaN,
    meanReciprocalRank: rankEnds(score, held, scores, nonLinks, random),
  };
}

function rankEnds(
  score: PairScorer,
  { sources, targets }: Edges,
  scores: ArrayLike<number>,
  nonLinks: NonLinks,
  random: Random,
): number | undefined {
  const positives: number[] = [];
  const among: Edges[] = [];
  const rank = (k: number, node: number, side: "source" | "target"): void => {
    const ends = nonLinks.drawEnds(node, side, rankedAmong, random);
    if (ends === undefined) return;
    positives.push(scores[k]!);
    const same = new Uint32Array(rankedAmong).fill(node);
    among.push(side === "target" ? { sources: same, targets: ends } : { sources: ends, targets: same });
  };
  for (let k = 0; k < sources.length; k++) {
    rank(k, sources[k]!, "target");
    rank(k, targets[k]!, "source");
  }
  return positives.length === 0 ? undefined : meanReciprocalRank(positives, scoreInChunks(score, among));
}

function scoreInChunks(score: PairScorer, lists: readonly Edges[]): Float64Array {
  const result = new Float64Array(lists.length * rankedAmong);
  const atOnce = Math.floor(chunk / rankedAmong);
  for (let first = 0; first < lists.length; first += atOnce) {
    const some = lists.slice(first, first + atOnce);
    const joined = (of: (pairs: Edges) => Uint32Array): Uint32Array => {
      const all = new Uint32Array(some.length * rankedAmong);
      for (const [k, pairs] of some.entries()) all.set(of(pairs), k * rankedAmong);
      return all;
    };
    const pairs = { sources: joined(({ sources }) => sources), targets: joined(({ targets }) => targets) };
    result.set(Array.from(score(pairs)), first * rankedAmong);
  }
  return result;
}
