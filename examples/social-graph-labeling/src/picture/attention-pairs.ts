import { rounded } from "@vicinal/example-report";
import type { AttendedEdge } from "@vicinal/graph";

/** The attention between two nodes, in both directions. Nodes are given by index. */
export interface AttentionPair {
  readonly a: number;
  readonly b: number;
  /** How much `a` attends to `b`, and `b` to `a`: 0 where nothing flows that way. */
  readonly aAttends: number;
  readonly bAttends: number;
  /** The larger of the two. */
  readonly attention: number;
}

/** The attention between indexed nodes, one entry a pair: an undirected edge carries two weights, and parallel edges add up. */
export function attentionPairs(
  attention: readonly AttendedEdge[],
  index: ReadonlyMap<string, number>,
): AttentionPair[] {
  const pairs = new Map<string, [a: number, b: number, aAttends: number, bAttends: number]>();
  for (const { source, target, weight } of attention) {
    const [attended, attending] = [index.get(source), index.get(target)];
    if (attended === undefined || attending === undefined || attended === attending) continue;
    const [a, b] = attended < attending ? [attended, attending] : [attending, attended];
    const pair = pairs.get(`${a},${b}`) ?? [a, b, 0, 0];
    pair[attending === a ? 2 : 3] += weight;
    pairs.set(`${a},${b}`, pair);
  }
  return Array.from(pairs.values(), ([a, b, aAttends, bAttends]) => ({
    a,
    b,
    aAttends: rounded(aAttends, 4),
    bAttends: rounded(bAttends, 4),
    attention: rounded(Math.max(aAttends, bAttends), 4),
  }));
}

/** The sum of what the others attend to each node. */
export function attentionReceived(attention: readonly AttendedEdge[]): Map<string, number> {
  const received = new Map<string, number>();
  for (const { source, target, weight } of attention) {
    if (source !== target) received.set(source, (received.get(source) ?? 0) + weight);
  }
  return received;
}

/** For each indexed node, the four that it attended to most, the most first; `"itself"` is the node's own. */
export function attendedMost(
  attention: readonly AttendedEdge[],
  index: ReadonlyMap<string, number>,
  nodeName: (node: string) => string,
): { name: string; weight: number }[][] {
  const lists: { name: string; weight: number }[][] = Array.from(index, () => []);
  for (const { source, target, weight } of attention) {
    const attending = index.get(target);
    if (attending === undefined) continue;
    const name = source === target ? "itself" : nodeName(source);
    lists[attending]!.push({ name, weight: rounded(weight, 4) });
  }
  return lists.map((list) => list.sort((a, b) => b.weight - a.weight).slice(0, 4));
}
