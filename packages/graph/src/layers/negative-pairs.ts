import type { Random, SparseNeighborhood } from "@vicinal/core";
import { LinkIndex } from "../convert/link-index.ts";
import { drawFreePair, freePairs } from "../sample/free-pairs.ts";

/** Ordered pairs of nodes. */
export interface NodePairs {
  /** The first of each pair. */
  readonly senders: Uint32Array;
  /** The second of each pair. */
  readonly receivers: Uint32Array;
}

/**
 * Draws pairs of different nodes without an edge in either direction, none twice: `count` of them, or all where there are fewer. Takes time
 * in proportion to the edges and the pairs drawn, however many pairs of nodes there are.
 */
export function negativePairs(neighborhood: SparseNeighborhood, count: number, random: Random): NodePairs {
  const nodes = neighborhood.senders;
  const index = linksOf(neighborhood);
  const population = nodes * (nodes - 1);
  const free = 2 * index.free;
  const wanted = Math.min(count, free);
  // Where free pairs are rare, or most of them are wanted, all pairs are few enough to be listed.
  const keys =
    2 * free >= population && 2 * wanted <= free
      ? drawUntil(wanted, index, random)
      : drawFromAll(wanted, index, random);
  return {
    senders: Uint32Array.from(keys, (key) => Math.floor(key / nodes)),
    receivers: Uint32Array.from(keys, (key) => key % nodes),
  };
}

const indexes = new WeakMap<SparseNeighborhood, LinkIndex>();

/** Which nodes an edge joins, in either direction. */
function linksOf(neighborhood: SparseNeighborhood): LinkIndex {
  let index = indexes.get(neighborhood);
  if (index === undefined) {
    const { senderOf: sources, receiverOf: targets, senders } = neighborhood;
    index = new LinkIndex(senders, { sources, targets }, false);
    indexes.set(neighborhood, index);
  }
  return index;
}

/** Draws until there are enough: at most every second free pair is wanted, and at least every second pair is free. */
function drawUntil(wanted: number, index: LinkIndex, random: Random): number[] {
  const { nodes } = index;
  const drawn = new Set<number>();
  while (drawn.size < wanted) {
    const [first, second] = drawFreePair(nodes, (a, b) => index.has(a, b), random);
    drawn.add(first * nodes + second);
  }
  return [...drawn];
}

function drawFromAll(wanted: number, index: LinkIndex, random: Random): number[] {
  const { nodes } = index;
  const pairs = freePairs(nodes, (a, b) => index.has(a, b), { ordered: true });
  const free = Array.from(pairs, ([first, second]) => first * nodes + second);
  return random.shuffle(free).slice(0, wanted);
}
