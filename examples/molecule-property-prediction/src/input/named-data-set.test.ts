import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDataFolder } from "./named-data-set.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-molecules-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("readDataFolder", () => {
  it("leaves out what holds no molecule, and numbers splits and targets anew", async () => {
    const meta = {
      name: "drugs",
      task: "multi-task binary classification",
      metric: "ROC AUC",
      file: "drugs.csv",
      smiles_column: "smiles",
      target_columns: ["works", "harms"],
    };
    await writeFile(join(folder, "meta.json"), JSON.stringify(meta));
    await writeFile(join(folder, "drugs.csv"), "id,smiles,works,harms\na,CCO,1,0\nb,C(,1,1\nc,C,,1\n");
    await writeFile(join(folder, "splits.u8.bin"), Uint8Array.of(1, 1, 3));
    await writeFile(join(folder, "scaffold-split.u8.bin"), Uint8Array.of(3, 2, 1));
    const input = await readDataFolder(folder);
    expect(input).toMatchObject({ task: "multi-task", names: ["a", "c"], rows: [1, 3], origin: "measured" });
    expect(input.invalid).toMatchObject([{ row: 2, smiles: "C(" }]);
    expect(Array.from(input.targets)).toEqual([1, 0, Number.NaN, 1]);
    expect(input.splits).toEqual([{ train: Uint32Array.of(0), validation: Uint32Array.of(), test: Uint32Array.of(1) }]);
    expect(input.scaffoldSplit?.train).toEqual(Uint32Array.of(1));
  });
});

const root = process.env["VICINAL_DATA"];
describe.skipIf(!root)("the folders (set VICINAL_DATA to a folder of data sets to run it)", () => {
  it("gives ESOL with its names, numbers and splits", async () => {
    const input = await readDataFolder(join(root ?? "", "esol"));
    expect(input.molecules).toHaveLength(1128);
    expect(input.names[0]).toBe("Amigdalin");
    expect(input.targets[0]).toBe(-0.77);
    expect(input.splits).toHaveLength(5);
  });
});
