import type { Random, SparseNeighborhood } from "@vicinal/core";
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
  const taken = connectedPairs(neighborhood);
  const population = nodes * (nodes - 1);
  const free = population - taken.length;
  const wanted = Math.min(count, free);
  // Where free pairs are rare, or most of them are wanted, all pairs are few enough to be listed.
  const keys =
    2 * free >= population && 2 * wanted <= free
      ? drawUntil(wanted, nodes, taken, random)
      : drawFromAll(wanted, nodes, taken, random);
  return {
    senders: Uint32Array.from(keys, (key) => Math.floor(key / nodes)),
    receivers: Uint32Array.from(keys, (key) => key % nodes),
  };
}

const connected = new WeakMap<SparseNeighborhood, Float64Array>();

/** Every pair of different nodes with an edge in either direction once, as `first * nodes + second`, ascending. */
function connectedPairs(neighborhood: SparseNeighborhood): Float64Array {
  let result = connected.get(neighborhood);
  if (result === undefined) {
    const { senderOf, receiverOf, senders: nodes, edges } = neighborhood;
    const keys = new Float64Array(2 * edges);
    let count = 0;
    for (let p = 0; p < edges; p++) {
      const [j, i] = [senderOf[p]!, receiverOf[p]!];
      if (i === j) continue;
      keys[count++] = j * nodes + i;
      keys[count++] = i * nodes + j;
    }
    const sorted = keys.subarray(0, count).sort();
    result = sorted.filter((key, k) => k === 0 || key !== sorted[k - 1]);
    connected.set(neighborhood, result);
  }
  return result;
}

/** Draws until there are enough: at most every second free pair is wanted, and at least every second pair is free. */
function drawUntil(wanted: number, nodes: number, taken: Float64Array, random: Random): number[] {
  const drawn = new Set<number>();
  while (drawn.size < wanted) {
    const [first, second] = drawFreePair(nodes, (a, b) => includes(taken, a * nodes + b), random);
    drawn.add(first * nodes + second);
  }
  return [...drawn];
}

function drawFromAll(wanted: number, nodes: number, taken: Float64Array, random: Random): number[] {
  const pairs = freePairs(nodes, (a, b) => includes(taken, a * nodes + b), { ordered: true });
  const free = Array.from(pairs, ([first, second]) => first * nodes + second);
  return random.shuffle(free).slice(0, wanted);
}

/** Binary search. */
function includes(sorted: Float64Array, key: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === key;
}
