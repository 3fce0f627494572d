import type { AttendedEdge } from "@vicinal/graph";

/** One attention weight beside what it would be if its node attended to all alike. */
export interface RankedAttention {
  /** The node that attended. */
  readonly target: string;
  /** The node that was attended to. */
  readonly source: string;
  /** The mean weight over the heads, from 0 to 1. */
  readonly weight: number;
  /** 1 / how many `target` attends to, itself included. */
  readonly equalShare: number;
}

/**
 * The edges that got the most attention above an equal share, at most `count`, the most first.
 *
 * The plain weight would only find the nodes with one neighbor: their attention has nowhere else to go. The attention of a node to itself
 * is left out.
 */
export function mostAttended(attention: readonly AttendedEdge[], count: number): RankedAttention[] {
  const attendedTo = new Map<string, number>();
  for (const { target } of attention) attendedTo.set(target, (attendedTo.get(target) ?? 0) + 1);
  return attention
    .filter(({ source, target }) => source !== target)
    .map(({ source, target, weight }) => ({ source, target, weight, equalShare: 1 / attendedTo.get(target)! }))
    .sort((a, b) => b.weight - b.equalShare - (a.weight - a.equalShare))
    .slice(0, count);
}
