import { describe, expect, it } from "vitest";
import { Contestant } from "./contestant.ts";
import { interleave, median, medianParts, medianRatio } from "./interleave.ts";

/** A program that answers its k-th run with k times `step`, in two parts. */
function counting(name: string, step: number) {
  const program = `
    console.log("ready");
    let run = 0;
    process.stdin.on("data", () => { run++; console.log(run * ${step}, 1); });
  `;
  return { name, command: process.execPath, arguments: ["-e", program] };
}

describe("interleave", () => {
  it("lets programs run in turn and leaves the rounds out that warm up", async () => {
    const contestants = await Promise.all([counting("a", 1), counting("b", 10)].map(Contestant.start));
    try {
      const [a, b] = await interleave(contestants, 3, 2);
      expect(a?.rounds).toEqual([
        [3, 1],
        [4, 1],
        [5, 1],
      ]);
      expect(medianParts(b!)).toEqual([40, 1]);
      expect(medianRatio(a!, b!)).toBeCloseTo(41 / 5, 12);
      const memory = await contestants[0]!.peakBytes();
      if (memory !== undefined) expect(memory).toBeGreaterThan(2 ** 20);
    } finally {
      await Promise.all(contestants.map((contestant) => contestant.stop()));
    }
  });

  it("says what a program that ends early complained about", async () => {
    const command = {
      name: "broken",
      command: process.execPath,
      arguments: ["-e", 'throw new Error("no such thing")'],
    };
    await expect(Contestant.start(command)).rejects.toThrow(/broken ended early[\s\S]*no such thing/);
  });

  it("says so when a program cannot be started", async () => {
    await expect(Contestant.start({ name: "absent", command: "/nowhere", arguments: [] })).rejects.toThrow(/ENOENT/);
  });
});

describe("median", () => {
  it("is the middle value, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
