import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "../download/checksum.ts";
import { pin, publisher, writeFolder } from "../testing/tiny.ts";
import { isMoleculeFolder, loadMoleculeFolder } from "./load-molecule-folder.ts";
import { loadMolecules, loadPublishedMolecules } from "./load-molecules.ts";
import { moleculeCatalog, moleculeDatasetNames } from "./molecule-catalog.ts";

let folder = "";
beforeEach(async () => {
  vi.stubEnv("VICINAL_DATA", "");
  folder = await mkdtemp(join(tmpdir(), "vicinal-molecules-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const csv = '\ufeffid,boils,smiles\r\n"ethanol, pure",78.2,CCO \r\nmystery,,C\r\nwater,1e2,O\r\n';
const meta = {
  name: "boiling",
  task: "regression",
  metric: "RMSE",
  file: "table.csv",
  smiles_column: "smiles",
  target_columns: ["boils"],
  reference_results: [{ model: "a guess", value: 12.5 }],
};
const splits = { "splits.u8.bin": Uint8Array.of(1, 2, 3, 3, 1, 0), "scaffold-split.u8.bin": Uint8Array.of(1, 1, 3) };

async function written(given: object | string = meta, text = csv, binaries: Partial<typeof splits> = splits) {
  await writeFolder(folder, given, binaries);
  await writeFile(join(folder, "table.csv"), text);
  return folder;
}

const refusal = (code: string, ...named: string[]) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(new RegExp(named.map((part) => `(?=[\\s\\S]*${part})`).join(""))),
  });

describe("loadMoleculeFolder", () => {
  it("reads quotes, Windows line ends and a byte order mark, missing measurements, and splits", async () => {
    const dataset = await loadMoleculeFolder(await written());
    expect(dataset).toMatchObject({
      name: "boiling",
      title: "boiling",
      task: "regression",
      metric: "rmse",
      columns: ["id", "boils", "smiles"],
      smiles: ["CCO", "C", "O"],
      targetNames: ["boils"],
      targets: Float64Array.of(78.2, Number.NaN, 100),
      published: [{ model: "a guess", value: 12.5, std: undefined }],
    });
    expect(dataset.rows[0]![0]).toBe("ethanol, pure");
    expect(dataset.splits).toEqual([
      { train: Uint32Array.of(0), validation: Uint32Array.of(1), test: Uint32Array.of(2) },
      { train: Uint32Array.of(1), validation: Uint32Array.of(), test: Uint32Array.of(0) },
    ]);
    expect(dataset.scaffoldSplit?.test).toEqual(Uint32Array.of(2));
    expect(await isMoleculeFolder(folder)).toBe(true);
  });

  it("does without splits", async () => {
    expect(await loadMoleculeFolder(await written(meta, csv, {}))).toMatchObject({
      splits: [],
      scaffoldSplit: undefined,
    });
  });

  it.each([
    ["a number that is none", meta, csv.replace("1e2", "hot"), refusal("malformed-csv", "row 3", '"boils"', "hot")],
    [
      "an answer that is neither",
      { ...meta, task: "binary classification", metric: "ROC AUC" },
      csv,
      refusal("malformed-csv", "78.2", "0 or 1"),
    ],
    [
      "a column that is not there",
      { ...meta, smiles_column: "SMILES" },
      csv,
      refusal("missing-column", "SMILES", "smiles"),
    ],
    ["a file outside of the folder", { ...meta, file: "../table.csv" }, csv, refusal("malformed-meta", "file")],
    ["a file that is not there", { ...meta, file: "other.csv" }, csv, refusal("missing-file", "other.csv")],
    ["another task", { ...meta, task: "node classification" }, csv, refusal("wrong-task", "node classification")],
    ["a metric of another task", { ...meta, metric: "ROC AUC" }, csv, refusal("unknown-metric", "RMSE")],
    ["text that is no JSON", "{", csv, refusal("malformed-meta", "meta.json")],
    [
      "a file that was changed",
      { ...meta, files: { "table.csv": { sha256: "0" } } },
      csv,
      refusal("wrong-checksum", "table.csv"),
    ],
    ["splits of another table", meta, `${csv}methane,-161,C\r\n`, refusal("wrong-file-size", "splits.u8.bin")],
  ])("refuses %s", async (_what, given, text, expected) => {
    await written(given, text);
    await expect(loadMoleculeFolder(folder)).rejects.toThrow(expected);
  });

  it("is not what a folder of something else holds", async () => {
    expect(await isMoleculeFolder(folder)).toBe(false);
    expect(await isMoleculeFolder(await written({ ...meta, task: "node classification" }))).toBe(false);
  });
});

describe("loadMolecules", () => {
  it("prefers a folder", async () => {
    const esol = join(folder, "esol");
    await writeFolder(esol, meta, {});
    await writeFile(join(esol, "table.csv"), csv);
    expect((await loadMolecules("esol", { folder })).name).toBe("boiling");
    vi.stubEnv("VICINAL_DATA", folder);
    expect((await loadMolecules("esol")).name).toBe("boiling");
  });

  it("downloads from a fixed commit, compares with the checksum, and keeps what it got", async () => {
    const bytes = new TextEncoder().encode(csv);
    const { fetch, requests } = publisher(new Map([["table.csv", bytes]]));
    const [file] = pin(new Map([["table.csv", bytes]]));
    const entry = {
      ...moleculeCatalog.esol!,
      columns: { task: "regression", smiles: "smiles", targets: ["boils"] } as const,
      file: file!,
    };
    const load = () => loadPublishedMolecules(entry, "esol", { cache: folder, fetch });
    const dataset = await load();
    expect(dataset).toMatchObject({ name: "esol", smiles: ["CCO", "C", "O"], splits: [], scaffoldSplit: undefined });
    expect(await load()).toEqual(dataset);
    expect(requests).toEqual([
      "https://raw.githubusercontent.com/deepchem/deepchem/fbe3b911a94a6eb8c84c1a9e7ac67a472c49ea80/data/table.csv",
    ]);
    const changed = { ...entry, file: { ...file!, sha256: sha256(bytes.slice(1)) } };
    const other = join(folder, "other");
    await expect(loadPublishedMolecules(changed, "esol", { cache: other, fetch })).rejects.toThrow(
      refusal("wrong-checksum", "esol"),
    );
  });

  it("says what to do about a set that cannot be downloaded, and refuses an unknown one", async () => {
    await expect(loadMolecules("freesolv")).rejects.toThrow(refusal("no-download", "freesolv", "VICINAL_DATA"));
    // @ts-expect-error: the name is not in the union.
    await expect(loadMolecules("tox21")).rejects.toThrow(refusal("unknown-dataset", "clintox"));
  });
});

describe.skipIf(!process.env["VICINAL_DATA"])(
  "the folders (set VICINAL_DATA to a folder of data sets to run it)",
  () => {
    const root = process.env["VICINAL_DATA"];

    it.each(moleculeDatasetNames.filter((name) => moleculeCatalog[name] !== undefined))(
      "%s holds what the catalog offers for download",
      async (name) => {
        const [there, entry] = [await loadMolecules(name, { folder: root }), moleculeCatalog[name]!];
        expect(there).toMatchObject({
          title: entry.title,
          task: entry.columns.task,
          metric: entry.metric,
          targetNames: entry.columns.targets,
          citation: entry.citation,
        });
        expect(there.published.map(({ model, value }) => [model, value])).toEqual(
          entry.published.map(({ model, value }) => [model, value]),
        );
        expect(there.splits).toHaveLength(5);
        expect(there.scaffoldSplit!.test.length).toBeGreaterThan(100);
        expect(there.targets).toHaveLength(there.smiles.length * there.targetNames.length);
      },
    );
  },
);
