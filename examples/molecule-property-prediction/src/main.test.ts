import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dangersIn } from "@vicinal/example-report/testing";
import { runInMemory } from "@vicinal/example-terminal/testing";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "./main.ts";
import { hostileNames } from "./testing/made-up.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-molecules-"));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...argv: string[]) => runInMemory(main, argv);

/** Alcohols and acids: how many carbons they have, and whether they are acids. */
function homologues(count: number): string {
  const lines = Array.from({ length: count }, (_, k) => {
    const carbons = "C".repeat(1 + Math.floor(k / 2));
    return k % 2 === 0 ? `${carbons}O,${carbons.length},0` : `${carbons}C(=O)O,${carbons.length + 1},1`;
  });
  return `SMILES,carbons,acid\n${lines.join("\n")}\n`;
}

const quick = ["--epochs", "2", "--hidden", "8", "--ensemble", "2"];

async function csvOf(path: string): Promise<Record<string, string>[]> {
  return parse(await readFile(path, "utf8"), { columns: true });
}

describe("the program", () => {
  it("learns from the embedded list, says that it is computed, and ends with the path of the report", async () => {
    const out = join(folder, "embedded");
    const result = await run("--epochs", "1", "--hidden", "8", "--ensemble", "1", "--out", out);
    expect(result.exitCode).toBe(0);
    expect(result.progress).toContain("Training 1/1");
    expect(result.out.trimEnd().split("\n").at(-1)).toBe(`Report:      ${join(out, "report.html")}`);
    for (const told of ["not measured", "Mean of the training part", "Ridge regression", "Graph attention", "RMSE"]) {
      expect(result.out).toContain(told);
    }
    expect(await readdir(out)).toEqual(["model.safetensors", "picture.svg", "predictions.csv", "report.html"]);
  });

  it("learns several targets of the user's own, and predicts new molecules from the saved model as it did then", async () => {
    const [csv, out] = [join(folder, "own.csv"), join(folder, "own")];
    await writeFile(csv, `${homologues(40)}CCCCN,,\n`);
    const argv = ["--csv", csv, "--target", "carbons,acid", "--features", "extended", ...quick];
    const trained = await run(...argv, "--out", out);
    expect(trained.exitCode).toBe(0);
    const before = await csvOf(join(out, "predictions.csv"));
    expect(before).toHaveLength(41);
    expect(before[0]).toMatchObject({ row: "1", smiles: "CO", "measured:carbons": "1", "measured:acid": "0" });
    expect(before[40]).toMatchObject({ smiles: "CCCCN", part: "", "measured:carbons": "" });
    expect(new Set(before.map(({ part }) => part))).toEqual(new Set(["train", "validation", "test", ""]));

    const model = join(out, "model.safetensors");
    const asked = await run("predict", "CCCCN", "CO", "--model", model, "--out", out);
    expect(asked).toMatchObject({ exitCode: 0, progress: "" });
    expect(asked.out).toContain("±");
    const after = await csvOf(join(out, "new-predictions.csv"));
    for (const [place, row] of [40, 0].entries()) {
      for (const name of ["predicted:carbons", "uncertainty:acid", "attention"]) {
        expect(after[place]![name]).toBe(before[row]![name]);
      }
    }
    expect(await readFile(join(out, "new-molecules.html"), "utf8")).toContain("CCCCN");
  });

  it("learns answers yes and no, and gives the same for the same seed", async () => {
    const csv = join(folder, "answers.csv");
    await writeFile(csv, homologues(40));
    const [first, second, other] = [join(folder, "first"), join(folder, "second"), join(folder, "other")];
    const argv = ["--csv", csv, "--target", "acid", ...quick, "--model", "gatv2"];
    const told = await run(...argv, "--out", first);
    expect(told.out).toContain("ROC AUC");
    await run(...argv, "--out", second);
    await run(...argv, "--seed", "1", "--out", other);
    const text = (out: string, name: string) => readFile(join(out, name));
    for (const name of ["predictions.csv", "picture.svg", "model.safetensors"]) {
      expect((await text(first, name)).equals(await text(second, name))).toBe(true);
    }
    expect((await text(first, "predictions.csv")).equals(await text(other, "predictions.csv"))).toBe(false);
  });

  it("reports rows that it skips and molecules that contradict each other, and says only the path when quiet", async () => {
    const [csv, out] = [join(folder, "messy.csv"), join(folder, "messy")];
    await writeFile(csv, `${homologues(8)}C(,3,0\nOC,77,0\n`);
    const argv = ["--csv", csv, "--target", "carbons", ...quick, "--out", out];
    const refused = await run(...argv);
    expect(refused).toMatchObject({ exitCode: 1, out: "", progress: expect.stringMatching(/row 9.*--skip-invalid/) });
    const result = await run(...argv, "--skip-invalid");
    expect(result.exitCode).toBe(0);
    expect(result.out).toMatch(/9\s+C\(/);
    expect(result.out).toMatch(/1, 10\s+CO\s+carbons\s+1, 77/);
    expect(result.out).toContain("too few molecules to hold any out");
    expect(await run(...argv, "--skip-invalid", "--quiet")).toEqual({
      exitCode: 0,
      out: `${join(out, "report.html")}\n`,
      progress: "",
    });
  });

  it("writes names that are markup as text", async () => {
    const [csv, out] = [join(folder, "hostile.csv"), join(folder, "hostile")];
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = hostileNames.map((name, k) => `${quoted(name)},${"C".repeat(k + 1)},${k}`);
    await writeFile(csv, `name,smiles,${quoted(hostileNames[1])}\n${lines.join("\n")}\n`);
    const result = await run("--csv", csv, "--target", hostileNames[1], ...quick, "--out", out);
    expect(result.exitCode).toBe(0);
    expect(result.out).not.toContain("\u001b");
    const dangers = async (name: string) => dangersIn(await readFile(join(out, name), "utf8"));
    expect(await dangers("report.html")).toEqual([]);
    expect(await dangers("picture.svg")).toEqual([]);
    await run("predict", "--csv", csv, "--model", join(out, "model.safetensors"), "--out", out);
    expect(await dangers("new-molecules.html")).toEqual([]);
    const names = (await csvOf(join(out, "new-predictions.csv"))).map(({ name }) => name);
    expect(names).toEqual([...hostileNames]);
  });

  it.each([
    ["a table that is not there", ["--csv", "nowhere.csv", "--target", "x"], "nowhere.csv"],
    ["a folder that is none", ["--data", "nowhere"], "nowhere"],
    ["a model that is not there", ["predict", "CCO", "--model", "nowhere.safetensors"], "nowhere.safetensors"],
  ])("ends with 1 and one clear line for %s", async (_what, argv, named) => {
    const { exitCode, out, progress } = await run(...argv, "--quiet", "--out", join(folder, "none"));
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(progress.trim().split("\n")).toHaveLength(1);
    expect(progress).toContain(named);
    expect(progress).not.toMatch(/ at .*\.ts/);
    expect(await readdir(folder)).not.toContain("none");
  });

  it("ends with 2 for a command line that it does not understand, and with 0 after --help", async () => {
    const wrong = await run("--epochs", "many");
    expect(wrong).toMatchObject({ exitCode: 2, out: "" });
    expect(wrong.progress).toContain("--epochs");
    expect(await run("predict")).toMatchObject({ exitCode: 2, out: "" });
    const help = await run("--help");
    expect(help).toMatchObject({ exitCode: 0, progress: "" });
    expect(help.out).toContain("--dataset");
  });
});
