import { describe, expect, it } from "vitest";
import { inTurn } from "./in-turn.ts";

describe("inTurn", () => {
  it("does the work in all ways in each round, and repeats what is short", async () => {
    const done: string[] = [];
    const variant = (name: string) => ({ name, run: () => void done.push(name) });
    const times = await inTurn([variant("a"), variant("b")], { rounds: 2, warmUp: 1, leastMilliseconds: 1e9 });
    expect(times.map(({ name, rounds }) => [name, rounds.length])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
    const many = (name: string): string[] => new Array<string>(200).fill(name);
    expect(done).toEqual(["a", "b", ...many("a"), ...many("b"), ...many("a"), ...many("b")]);
  });
});
