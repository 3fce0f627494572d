import { describe, expect, it } from "vitest";
import { checkImportance, type ImportanceCheckOptions } from "./check-importance.ts";
import { kendallTau } from "./kendall-tau.ts";
import { summarizeChecks } from "./summarize-checks.ts";

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** An answer that is the sum of what each edge brings: the truth about every edge is known. */
function check(brings: readonly number[], importance: readonly number[], options: ImportanceCheckOptions = {}) {
  const answerWithout = (removed: Uint32Array): number => {
    const isRemoved = new Set(removed);
    return brings.reduce((sum, one, edge) => (isRemoved.has(edge) ? sum : sum + one), 0.5);
  };
  const candidates = Uint32Array.from(brings.keys());
  return checkImportance({ candidates, importance, answerWithout }, options);
}

const brings = numbersTo(20).map((edge) => (edge < 4 ? 1 : 0));
const fifth = { share: 0.2 } as const;

describe("checkImportance", () => {
  it("finds that the important edges matter, and says how much", async () => {
    const result = await check(
      brings,
      numbersTo(20).map((edge) => 20 - edge),
      fifth,
    );
    expect(result).toMatchObject({
      verdict: "more-than-random",
      answer: 4.5,
      answerWithout: 0.5,
      candidates: 20,
      removed: 4,
    });
    expect(result.top).toEqual({ removed: 4, keptAlone: 0 });
    expect(result.bottom).toEqual({ removed: 0, keptAlone: 4 });
    // A random choice of 4 of 20 holds 0.8 of the 4 that matter on average.
    expect(result.random.removed.mean).toBeGreaterThan(0.3);
    expect(result.random.removed.mean).toBeLessThan(1.3);
    expect(result.random.removed.deviation).toBeGreaterThan(0.3);
    expect(result.random.keptAlone.mean).toBeCloseTo(4 - result.random.removed.mean, 12);
    expect(result.chance).toBeCloseTo(1 / 31, 12);
    expect(result.inWords).toContain("Removing the most important 4 of 20 edges changes the answer, 4.5, by 4;");
    expect(result.inWords).toContain("in 0 of 30 draws");
    expect(result.inWords).toContain("The answer rests on these edges");
  });

  it("removes a tenth unless told otherwise, and one edge at least", async () => {
    expect((await check(brings, brings)).removed).toBe(2);
    expect((await check(brings.slice(0, 4), brings.slice(0, 4))).removed).toBe(1);
  });

  it("finds that an importance does not tell that is upside down, or of the others", async () => {
    const upsideDown = await check(brings, numbersTo(20), fifth);
    expect(upsideDown.verdict).toBe("no-more-than-random");
    expect(upsideDown.chance).toBe(1);
    expect(upsideDown.top.removed).toBe(0);
    expect(upsideDown.bottom.removed).toBe(4);
    expect(upsideDown.inWords).toContain("does not tell which edges");
  });

  it("leaves open what is above the mean and within the deviation of random choices", async () => {
    // One of the four that matter is among the four called important: a random choice holds 0.8 of them.
    const slightly = numbersTo(20).map((edge) => (edge >= 3 && edge < 7 ? 1 : 0));
    const result = await check(brings, slightly, { ...fifth, draws: 200 });
    expect(result.top.removed).toBe(1);
    expect(result.random.removed.mean).toBeLessThan(1);
    expect(result.verdict).toBe("undecided");
    expect(result.inWords).toContain("no more than some random choices");
  });

  it("looks at the size of a change, not at its sign", async () => {
    const against = await check(
      brings.map((one) => -one),
      brings,
      fifth,
    );
    expect(against.verdict).toBe("more-than-random");
    expect(against.top.removed).toBe(-4);
  });

  it("tells that nothing has an effect from that there is nothing to compare", async () => {
    const none = await check(new Array<number>(20).fill(0), numbersTo(20));
    expect(none.verdict).toBe("no-effect");
    expect(none.inWords).toContain("does not rest on them");
    const one = await check([1], [1]);
    expect(one).toMatchObject({ verdict: "undecided", candidates: 1, removed: 1, random: { draws: 0 }, chance: 1 });
    expect(one.inWords).toContain("changes by 1 without it");
    const empty = await check([], []);
    expect(empty).toMatchObject({ verdict: "undecided", candidates: 0, removed: 0, answer: 0.5 });
    expect(empty.inWords).toBe("There are no edges to remove.");
  });

  it("says how likely a blind choice would have done as well", async () => {
    const only = (count: number) => numbersTo(count).map((edge) => (edge === 0 ? 1 : 0));
    const of = async (count: number) => check(only(count), only(count), { share: 0.01, draws: 1000 });
    const [few, many] = [await of(4), await of(40)];
    expect([few.verdict, many.verdict]).toEqual(["more-than-random", "more-than-random"]);
    expect(few.chance).toBeGreaterThan(0.2);
    expect(few.chance).toBeLessThan(0.3);
    expect(many.chance).toBeGreaterThan(0.01);
    expect(many.chance).toBeLessThan(0.04);
  });

  it("breaks ties by chance and not by the order of edges", async () => {
    const same = new Array<number>(20).fill(1);
    const tops = await Promise.all(
      numbersTo(8).map(async (seed) => (await check(brings, same, { ...fifth, seed })).top.removed),
    );
    expect(new Set(tops).size).toBeGreaterThan(1);
    expect(Math.max(...tops)).toBeLessThan(4);
  });

  it("draws the same by the same seed", async () => {
    const different = numbersTo(20).map((edge) => 1.5 ** edge);
    const of = (seed: number) => check(different, numbersTo(20), { seed });
    const [once, again, other] = [await of(1), await of(1), await of(2)];
    expect(again).toEqual(once);
    expect(other.random).not.toEqual(once.random);
  });

  it("removes edges one by one if asked, and compares the orders", async () => {
    const importance = numbersTo(20).map((edge) => 20 - edge);
    expect((await check(brings, importance)).oneByOne).toBeUndefined();
    const { oneByOne } = await check(brings, importance, { oneByOne: true });
    for (const [edge, change] of (oneByOne?.changes ?? []).entries()) expect(change).toBeCloseTo(brings[edge]!, 12);
    // Of the 190 pairs, the 64 that differ in their change all agree.
    expect(oneByOne?.agreement).toBeCloseTo(64 / Math.sqrt(64 * 190), 12);
  });

  it("ignores changes below the tolerance", async () => {
    const tiny = brings.map((one) => one * 1e-2);
    expect((await check(tiny, brings)).verdict).toBe("more-than-random");
    expect((await check(tiny, brings, { tolerance: 0.1 })).verdict).toBe("no-effect");
  });

  it("stops when told to", async () => {
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(check(brings, brings, { signal: aborted })).rejects.toThrow("enough");
  });

  it.each([
    [{ share: 0 }, "out-of-range"],
    [{ share: 1 }, "out-of-range"],
    [{ draws: 4 }, "out-of-range"],
    [{ draws: 20.5 }, "out-of-range"],
    [{ tolerance: -1 }, "out-of-range"],
  ])("refuses %o", async (options, code) => {
    await expect(check(brings, brings, options)).rejects.toMatchObject({ name: "OptionError", code });
  });

  it("refuses what it cannot compare", async () => {
    await expect(check(brings, [1])).rejects.toMatchObject({ name: "DataError", code: "wrong-length" });
    const unknown = brings.map(() => Number.NaN);
    await expect(check(brings, unknown)).rejects.toMatchObject({ code: "not-finite" });
    await expect(check(unknown, brings)).rejects.toMatchObject({ code: "not-finite" });
    const misspelt = { draws: 30, samples: 30 };
    await expect(check(brings, brings, misspelt)).rejects.toMatchObject({ code: "unknown-option" });
  });
});

describe("summarizeChecks", () => {
  it("tells knowledge from luck by many answers", async () => {
    const checks = await Promise.all(
      numbersTo(10).map((seed) => check([1 + seed / 10, 0, 0, 0, 0], [5, 4, 3, 2, 1], { seed })),
    );
    const summary = summarizeChecks(checks);
    expect(summary).toMatchObject({ verdict: "more-than-random", checks: 10, verdicts: { "more-than-random": 10 } });
    const differences = checks.map(({ top, random }) => top.removed - random.removed.mean);
    const mean = differences.reduce((sum, one) => sum + one, 0) / 10;
    const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 9;
    expect(summary.top).toBeCloseTo(1.45, 12);
    expect(summary.difference.mean).toBeCloseTo(mean, 12);
    expect(summary.difference.standardError).toBeCloseTo(Math.sqrt(variance / 10), 12);
    expect(summary.inWords).toContain("Over 10 answers");
    expect(summary.inWords).toContain("The importance tells");
  });

  it("does not take a lucky guess among others for knowledge", async () => {
    // The same edge is called important each time, and in one answer of four it is the one that matters.
    const checks = await Promise.all(
      numbersTo(8).map((seed) => check(seed % 4 === 0 ? [1, 0, 0, 0] : [0, 1, 0, 0], [1, 0, 0, 0], { seed })),
    );
    expect(checks.filter(({ verdict }) => verdict === "more-than-random").length).toBe(2);
    expect(summarizeChecks(checks).verdict).not.toBe("more-than-random");
  });

  it("sees that an importance is no better than chance, or that nothing has an effect", async () => {
    const wrong = await Promise.all(numbersTo(10).map((seed) => check([0, 0, 1], [3, 2, 1], { seed })));
    expect(summarizeChecks(wrong).verdict).toBe("no-more-than-random");
    const nothing = await Promise.all(numbersTo(3).map((seed) => check([0, 0, 0], [3, 2, 1], { seed })));
    expect(summarizeChecks(nothing).verdict).toBe("no-effect");
  });

  it("takes differences below the tolerance for none", async () => {
    const tiny = await Promise.all(numbersTo(5).map((seed) => check([2e-2, 0, 0, 0, 0], [5, 4, 3, 2, 1], { seed })));
    expect(summarizeChecks(tiny).verdict).toBe("more-than-random");
    expect(summarizeChecks(tiny, { tolerance: 0.1 }).verdict).toBe("no-more-than-random");
    expect(summarizeChecks(tiny, { tolerance: 0.1 }).inWords).toContain("too small to count");
  });

  it("leaves out answers without a choice of edges, and needs two others", async () => {
    const [some, none] = [await check([1, 0, 0], [3, 2, 1]), await check([], [])];
    expect(summarizeChecks([some, none, some])).toMatchObject({ checks: 2, verdicts: { undecided: 1 } });
    expect(() => summarizeChecks([some, none])).toThrow(expect.objectContaining({ code: "too-few-checks" }));
    const misspelt = { tolerance: 0, share: 0.1 };
    expect(() => summarizeChecks([some, some], misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});

describe("kendallTau", () => {
  it("is 1 for the same order, -1 for the reverse, and corrects for ties", () => {
    expect(kendallTau([1, 2, 3], [10, 20, 30])).toBe(1);
    expect(kendallTau([1, 2, 3], [3, 2, 1])).toBe(-1);
    // Agreeing 2, disagreeing 0; 2 of 3 pairs differ in the first list, 3 in the second.
    expect(kendallTau([1, 1, 2], [1, 2, 3])).toBeCloseTo(2 / Math.sqrt(6), 12);
    expect(kendallTau([1, 1], [1, 2])).toBeUndefined();
    expect(kendallTau([], [])).toBeUndefined();
  });
});
