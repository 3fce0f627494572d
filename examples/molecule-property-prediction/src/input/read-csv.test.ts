import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MoleculeFileError } from "./molecule-file-error.ts";
import { type CsvOptions, readCsv } from "./read-csv.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-molecules-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string, options: Partial<CsvOptions> = {}) {
  const csv = join(folder, "table.csv");
  await writeFile(csv, text);
  return readCsv({ csv, target: ["boils"], skipInvalid: false, ...options });
}

async function refusal(text: string, options: Partial<CsvOptions> = {}): Promise<MoleculeFileError> {
  const error = await read(text, options).catch((thrown: unknown) => thrown);
  if (error instanceof MoleculeFileError) return error;
  throw new Error(`Expected a MoleculeFileError; got ${String(error)}.`);
}

describe("readCsv", () => {
  it("reads quotes, commas and line ends in fields, a byte order mark and Windows line ends", async () => {
    const input = await read('\ufeffName,SMILES,boils\r\n"ethanol, ""pure""",CCO,78.2\r\n"two\nlines", C ,-1.6e2\r\n');
    expect(input.names).toEqual(['ethanol, "pure"', "two\nlines"]);
    expect(input.smiles).toEqual(["CCO", "C"]);
    expect(Array.from(input.targets)).toEqual([78.2, -160]);
    expect(input).toMatchObject({ task: "regression", rows: [1, 2], origin: "measured", title: "table.csv" });
  });

  it("takes an empty target as one that is not known, and the SMILES where there is no name", async () => {
    const input = await read("smiles,boils,melts\nCCO,,-114\nC,-161,\n", { target: ["boils", "melts"] });
    expect(Array.from(input.targets)).toEqual([Number.NaN, -114, -161, Number.NaN]);
    expect(input.names).toEqual(["CCO", "C"]);
  });

  it("reads the columns that are asked for", async () => {
    const text = "structure,smiles,what,boils\nCCO,x,spirit,78\n";
    expect(await read(text, { smiles: "structure", name: "what" })).toMatchObject({
      smiles: ["CCO"],
      names: ["spirit"],
    });
  });

  it("takes numbers that are all 0 or 1 for answers, unless it is told", async () => {
    const text = "smiles,boils\nCCO,0\nC,1\nN,\n";
    expect((await read(text)).task).toBe("multi-task");
    expect((await read(text, { task: "regression" })).task).toBe("regression");
    expect((await read("smiles,boils\nCCO,0\nC,2\n")).task).toBe("regression");
    const error = await refusal("smiles,boils\nCCO,0\nC,2\n", { task: "multi-task" });
    expect(error).toMatchObject({ code: "not-a-number", message: expect.stringMatching(/row 2.*2.*"boils"/) });
  });

  it("reads single atoms and salts", async () => {
    const input = await read("smiles,boils\nC,-161\n[Na+].[Cl-],1465\n[Xe],-108\n");
    expect(input.molecules.map(({ atoms }) => atoms.length)).toEqual([1, 2, 1]);
  });

  it.each([
    ["the grammar", "C1CC", "closed|ring"],
    ["aromaticity", "c1cccc1", "alternating|bonds|Kekul"],
    ["a valence", "C(C)(C)(C)(C)C", "bonds|valence"],
    ["an empty field", "", "no atoms|empty"],
  ])(
    "names the row of a SMILES that breaks %s, and goes on without it when asked to",
    async (_what, smiles, reason) => {
      const text = `smiles,boils\nCCO,78\n${smiles},5\nC,-161\nC(,1\n`;
      const error = await refusal(text);
      expect(error).toMatchObject({ code: "unreadable-molecule", message: expect.stringContaining("row 2") });
      expect(error.message).toMatch(new RegExp(reason, "i"));
      expect(error.message).toContain("1 more");
      expect(error.message).toContain("--skip-invalid");
      const input = await read(text, { skipInvalid: true });
      expect(input.smiles).toEqual(["CCO", "C"]);
      expect(input.rows).toEqual([1, 3]);
      expect(Array.from(input.targets)).toEqual([78, -161]);
      expect(input.invalid.map(({ row }) => row)).toEqual([2, 4]);
      expect(input.invalid[0]).toMatchObject({ smiles, reason: expect.stringMatching(new RegExp(reason, "i")) });
    },
  );

  it.each(["hot", "1e999", "0x10", "1,5", "NaN", "12 °C"])("names row and column of the target %s", async (target) => {
    const error = await refusal(`smiles,boils\nCCO,78\nC,"${target}"\n`);
    expect(error).toMatchObject({ code: "not-a-number", message: expect.stringMatching(/row 2.*"boils"/) });
    expect(error.message).toContain(JSON.stringify(target));
  });

  it.each([
    ["an empty file", "", "missing-column", "empty file"],
    ["a file without SMILES", "molecule,boils\nCCO,78\n", "missing-column", '"molecule"'],
    ["a file without the target", "smiles,melts\nCCO,78\n", "missing-column", '"boils"'],
    ["a header alone", "smiles,boils\n", "no-molecules", "0 rows"],
    ["a line with too few fields", "smiles,boils\nCCO\n", "unreadable-table", "line 2"],
    ["a quote that is never closed", 'smiles,boils\n"CCO,78\n', "unreadable-table", "uote"],
    ["a column that is named twice", "smiles,boils,boils\nCCO,1,2\n", "unreadable-table", '"boils" twice'],
  ])("refuses %s and names the file", async (_what, text, code, named) => {
    const error = await refusal(text);
    expect(error).toMatchObject({ code, message: expect.stringContaining("table.csv") });
    expect(error.message).toContain(named);
  });

  it("refuses a file that is not there, a folder, and one where nothing can be read", async () => {
    for (const csv of [join(folder, "nowhere.csv"), folder]) {
      await expect(readCsv({ csv, target: ["x"], skipInvalid: false })).rejects.toThrow(
        expect.objectContaining({ code: "missing-file", message: expect.stringContaining(csv) }),
      );
    }
    expect((await refusal("smiles,boils\nC(,1\n", { skipInvalid: true })).code).toBe("no-molecules");
  });
});
