import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInMemory } from "@vicinal/example-terminal/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "./main.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-example-"));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...argv: string[]) => runInMemory(main, argv);

describe("the program", () => {
  it("labels the karate club, and ends with the path of the picture", async () => {
    const out = join(folder, "club");
    const result = await run("--out", out);
    expect(result.exitCode).toBe(0);
    expect(result.progress).toContain("Training");
    expect(result.out.trimEnd().split("\n").at(-1)).toBe(`Picture:     ${join(out, "picture.svg")}`);
    for (const told of [
      "Majority class",
      "Label propagation",
      "Graph attention",
      "Confusion",
      "Most attended",
      "learningRate",
    ]) {
      expect(result.out).toContain(told);
    }
    expect(await readdir(out)).toEqual(["picture.svg", "predictions.csv", "predictions.gexf", "report.html"]);
    const right = Number(/(\d+) of 34 with the known ones/.exec(result.out)?.[1]);
    expect(right).toBeGreaterThanOrEqual(33);
  });

  it("gives the same predictions and the same picture for the same seed", async () => {
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    for (const out of [first, second]) await run("--epochs", "20", "--seed", "5", "--quiet", "--out", out);
    for (const name of ["predictions.csv", "predictions.gexf", "picture.svg"]) {
      expect(await readFile(join(first, name), "utf8")).toBe(await readFile(join(second, name), "utf8"));
    }
  });

  it("labels a graph of the user's own from two tables, and says nothing but the path when quiet", async () => {
    const [graph, nodes, out] = [join(folder, "edges.csv"), join(folder, "people.csv"), join(folder, "own")];
    await writeFile(graph, "source,target\nann,ben\nben,cid\ncid,ann\ndan,eve\neve,fay\nfay,dan\ncid,dan\n");
    await writeFile(nodes, "node,team,age\nann,red,30\nfay,blue,50\nben,,31\ncid,,29\ndan,,52\neve,,48\n");
    const argv = ["--graph", graph, "--nodes", nodes, "--label", "team", "--features", "age", "--epochs", "60"];
    const result = await run(...argv, "--quiet", "--out", out);
    expect(result).toEqual({ exitCode: 0, out: `${join(out, "picture.svg")}\n`, progress: "" });
    expect((await readFile(join(out, "predictions.csv"), "utf8")).trim().split("\n")).toHaveLength(7);
  });

  it.each([
    ["a graph file that is not there", ["--graph", "nowhere.gexf", "--label", "x"], "nowhere.gexf"],
    ["heads that do not divide the width", ["--heads", "3", "--hidden", "64"], "3"],
  ])("ends with 1 and one clear line for %s", async (_what, argv, named) => {
    const { exitCode, out, progress } = await run(...argv, "--quiet", "--out", join(folder, "none"));
    expect(exitCode).toBe(1);
    expect(out).toBe("");
    expect(progress.trim().split("\n")).toHaveLength(1);
    expect(progress).toContain(named);
    expect(progress).not.toMatch(/ at .*\.ts/);
    expect(await readdir(folder)).not.toContain("none");
  });

  it("ends with 2 for a command line that it does not understand, and with 0 after --help", async () => {
    const wrong = await run("--heads", "many");
    expect(wrong).toMatchObject({ exitCode: 2, out: "" });
    expect(wrong.progress).toContain("--heads");
    const help = await run("--help");
    expect(help).toMatchObject({ exitCode: 0, progress: "" });
    expect(help.out).toContain("--dataset");
  });

  it("shows which attributes there are when no node has the one that was named", async () => {
    const graph = join(folder, "labels.json");
    await writeFile(graph, '{"nodes": [{"key": "a", "attributes": {"team": "red"}}, {"key": "b"}], "edges": []}');
    const { exitCode, progress } = await run("--graph", graph, "--label", "taem", "--out", join(folder, "none"));
    expect(exitCode).toBe(1);
    expect(progress).toContain('"team"');
  });
});
