import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInMemory } from "@vicinal/example-terminal/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "./main.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-sequences-"));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...argv: string[]) => runInMemory(main, argv);

describe("the program", () => {
  it("runs one program, with the same answers for the same seed", async () => {
    const argv = ["tagging", "--quick", "--epochs", "1", "--seed"];
    const [first, again, other] = [await run(...argv, "4"), await run(...argv, "4"), await run(...argv, "5")];
    expect(first).toMatchObject({
      exitCode: 0,
      progress: expect.stringMatching(/^tagging 1\/1 epochs, loss \d\.\d+\n$/),
    });
    const answers = ({ out }: typeof first) => out.replace(/\d+ seconds.*/, "");
    expect(answers(again)).toBe(answers(first));
    expect(answers(other)).not.toBe(answers(first));
    expect(first.out).toContain("with seed 4");
  });

  it("runs all, and ends with the path of the picture", async () => {
    const out = join(folder, "all");
    const result = await run("--quick", "--epochs", "1", "--out", out);
    expect(result.exitCode).toBe(0);
    for (const name of ["tagging", "language", "dates"]) expect(result.progress).toContain(`${name} 1/1 epochs`);
    for (const told of ["Named parts of addresses", "Language of a word", "Dates to ISO 8601"]) {
      expect(result.out).toContain(told);
    }
    expect(result.out.trimEnd().split("\n").at(-1)).toBe(`  Picture: ${join(out, "date-alignment.svg")}`);
    expect(await readdir(out)).toEqual(["date-alignment.svg"]);
    expect(await readFile(join(out, "date-alignment.svg"), "utf8")).toMatch(/^<svg /);
  });

  it("ends with 1 and one clear line, before it learns, where the picture cannot be written", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const { exitCode, out, progress } = await run("--out", file);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(progress.trim().split("\n")).toHaveLength(1);
    expect(progress).toContain("--out");
  });

  it("ends with 2 for a program that there is not, and names those that there are", async () => {
    const { exitCode, out, progress } = await run("poems");
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    for (const name of ["poems", "tagging", "language", "dates", "all"]) expect(progress).toContain(name);
  });

  it("ends with 0 after --help", async () => {
    const { exitCode, out, progress } = await run("--help");
    expect({ exitCode, progress }).toEqual({ exitCode: 0, progress: "" });
    expect(out).toContain("Bahdanau");
  });
});
