import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@vicinal/core";
import type { Split } from "../dataset.ts";
import { sha256 } from "../download/checksum.ts";
import { splitsFromCodes } from "../splits.ts";
import type { MoleculeDataset } from "./molecule-dataset.ts";
import { type MoleculeMeta, readMoleculeMeta } from "./molecule-meta.ts";
import { readMoleculeTable } from "./read-molecule-table.ts";

/**
 * Loads a set of molecules from a folder: `meta.json`, the CSV that it names, and the splits where it has them (the layout is described in
 * the README). Contents are compared with the SHA-256 sums that `meta.json` gives.
 *
 * @param folder Path of the folder of one data set.
 * @throws DataError `missing-meta`, `malformed-meta`, `wrong-task`, `unknown-metric`, `missing-file`, `wrong-checksum`, `wrong-file-size`,
 * `malformed-csv`, `missing-column`, `unknown-split-code`.
 */
export async function loadMoleculeFolder(folder: string): Promise<MoleculeDataset> {
  const meta = await readMoleculeMeta(folder);
  const { name, title = name, task, metric, file, source, citation } = meta;
  const content = await read(folder, file, meta);
  if (content === undefined) {
    throw new DataError(
      "missing-file",
      `loadMoleculeFolder: ${join(folder, file)} is missing; expected it, because meta.json names it.`,
    );
  }
  const columns = { task, smiles: meta.smiles_column, targets: meta.target_columns };
  const table = readMoleculeTable(join(folder, file), content, columns);
  const count = table.smiles.length;
  return {
    name,
    title,
    task,
    metric,
    ...table,
    splits: await readSplits(folder, "splits.u8.bin", meta, count),
    scaffoldSplit: (await readSplits(folder, "scaffold-split.u8.bin", meta, count))[0],
    published: meta.reference_results.map((result) => ({ ...result, std: result.std ?? undefined })),
    source: source && {
      repository: source.repository,
      commit: source.commit,
      licence: source.licence ?? "not stated",
    },
    citation,
  };
}

/** Whether a folder holds a set of molecules. */
export async function isMoleculeFolder(folder: string): Promise<boolean> {
  try {
    await readMoleculeMeta(folder);
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

/** @throws DataError `wrong-file-size`, `wrong-checksum`, `unknown-split-code`. */
async function readSplits(folder: string, file: string, meta: MoleculeMeta, rows: number): Promise<Split[]> {
  const codes = await read(folder, file, meta);
  if (codes === undefined) return [];
  const where = `loadMoleculeFolder: ${join(folder, file)}`;
  if (rows > 0 && codes.length % rows === 0) return splitsFromCodes(where, codes, rows, "row");
  throw new DataError(
    "wrong-file-size",
    `${where} holds ${codes.length} bytes; expected a multiple of ${rows}, one byte a row of ${meta.file} and split.`,
  );
}

/** Undefined for a file that is not there. @throws DataError `wrong-checksum`. */
async function read(folder: string, file: string, meta: MoleculeMeta): Promise<Uint8Array | undefined> {
  const path = join(folder, file);
  const content = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (content === undefined) return undefined;
  const expected = meta.files[file]?.sha256;
  if (expected === undefined || sha256(content) === expected) return content;
  throw new DataError(
    "wrong-checksum",
    `loadMoleculeFolder: the SHA-256 of ${path} is ${sha256(content)}; expected ${expected} (from meta.json). ` +
      "The file was changed or damaged: copy it again.",
  );
}
