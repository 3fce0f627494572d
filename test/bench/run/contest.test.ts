import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { contest, type Entry, type Work } from "./contest.ts";

/** A program that reads a number, answers with `factor` times it, and takes `milliseconds` by its own word. */
function program(name: string, factor: number, milliseconds: number): Entry {
  const text = `
    const fs = require("node:fs");
    const [inputs, answers, scale] = process.argv.slice(1);
    const [given] = new Float32Array(Uint8Array.from(fs.readFileSync(inputs)).buffer);
    fs.writeFileSync(answers + "/out.f32", Float32Array.of(given * scale * ${factor}));
    console.log("ready");
    process.stdin.on("data", () => console.log(${milliseconds}, process.env.VICINAL_BENCH_THREADS));
  `;
  return { name, command: process.execPath, before: ["-e", text] };
}

const work: Work = {
  name: "ten times a number",
  parts: ["first", "second"],
  arguments: ["10"],
  answers: ["out"],
  tolerance: 1e-3,
  writeInputs: (path) => writeFile(path, Float32Array.of(4)),
};

const options = { threads: 3, rounds: 3, warmUp: 1 };

describe("contest", () => {
  it("gives programs the inputs, the work and the threads, and compares their times with those of the first", async () => {
    const rounds: number[] = [];
    const entries = [program("ours", 1, 7), { ...program("theirs", 1, 17), peer: "them" }];
    const { rows, leftOut } = await contest(work, entries, { ...options, onRound: (round) => rounds.push(round) });
    expect(leftOut).toEqual([]);
    expect(rows).toMatchObject([
      { work: work.name, threads: 3, name: "ours", peer: "ours", parts: { first: 7, second: 3 }, total: 10, ratio: 1 },
      {
        work: work.name,
        threads: 3,
        name: "theirs",
        peer: "them",
        parts: { first: 17, second: 3 },
        total: 20,
        ratio: 2,
      },
    ]);
    expect(rounds).toEqual([0, 1, 2, 3]);
  });

  it("refuses to compare different answers", async () => {
    const entries = [program("ours", 1, 1), program("theirs", 1.01, 1)];
    await expect(contest(work, entries, options)).rejects.toThrow(/theirs: its answer to ten times a number is 0\.0/);
  });

  it("leaves out a peer that cannot run, with the reason, and cannot do without ours", async () => {
    const broken: Entry = {
      name: "broken",
      command: process.execPath,
      before: ["-e", 'throw new Error("no such kernel")'],
    };
    const { rows, leftOut } = await contest(work, [program("ours", 1, 1), broken], options);
    expect(rows.map(({ name }) => name)).toEqual(["ours"]);
    expect(leftOut).toMatchObject([{ work: work.name, name: "broken" }]);
    expect(leftOut[0]?.reason).toMatch(/no such kernel/);
    await expect(contest(work, [broken], options)).rejects.toThrow(/broken ended early/);
  });

  it("removes what it wrote", async () => {
    const seen: string[] = [];
    const writeInputs = (path: string): Promise<void> => {
      seen.push(path);
      return work.writeInputs(path);
    };
    await contest({ ...work, writeInputs }, [program("ours", 1, 1)], options);
    await expect(readFile(seen[0] ?? "")).rejects.toThrow(/ENOENT/);
  });
});
