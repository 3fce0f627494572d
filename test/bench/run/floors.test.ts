import { describe, expect, it } from "vitest";
import type { ContestRow } from "./contest.ts";
import { type Floor, verdicts } from "./floors.ts";

const row = (name: string, peer: string, ratio: number, peakBytes?: number): ContestRow => ({
  ...{ work: "work", threads: 1, name, peer, parts: {}, total: 10 * ratio, ratio, peakBytes, difference: 0 },
});
const atLeast = (against: string, times: number, of: Floor["of"] = "time"): Floor => ({ against, of, atLeast: times });

describe("verdicts", () => {
  const rows = [row("ours", "ours", 1, 100), row("slow", "peer", 4, 300), row("fast", "peer", 2, 900)];

  it("holds the peer at its best against the floor", () => {
    expect(verdicts(rows, [atLeast("peer", 3), atLeast("peer", 2)])).toMatchObject([
      { name: "fast", reached: 2, isReached: false },
      { name: "fast", reached: 2, isReached: true },
    ]);
  });

  it("takes for memory the program that needs the least", () => {
    expect(verdicts(rows, [atLeast("peer", 5, "memory")])).toMatchObject([
      { name: "slow", reached: 3, isReached: false },
    ]);
  });

  it("leaves out floors against peers that took no part, and memory that no one knows", () => {
    expect(verdicts(rows, [atLeast("other", 1)])).toEqual([]);
    expect(verdicts([row("ours", "ours", 1), row("fast", "peer", 2)], [atLeast("peer", 1, "memory")])).toEqual([]);
    expect(verdicts([], [atLeast("peer", 1)])).toEqual([]);
  });
});
