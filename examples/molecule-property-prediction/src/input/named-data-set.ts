import {
  type DownloadProgress,
  loadMoleculeFolder,
  loadMolecules,
  type MoleculeDataset,
  type MoleculeDatasetName,
  type Split,
} from "@vicinal/datasets";
import type { MoleculeInput } from "./molecule-input.ts";
import { readMolecules } from "./read-molecules.ts";
import { nameColumn } from "./read-table.ts";

/**
 * A named set of molecules: from VICINAL_DATA or the cache, else downloaded. Rows that hold no molecule are left out and reported, because nobody can
 * correct them.
 *
 * @throws DownloadError or DataError; see `loadMolecules` of @vicinal/datasets.
 */
export async function readNamedDataSet(
  name: MoleculeDatasetName,
  onProgress: (progress: DownloadProgress) => void,
): Promise<MoleculeInput> {
  return inputOf(await loadMolecules(name, { onProgress }));
}

/** A set of molecules in a folder. @throws DataError; see `loadMoleculeFolder` of @vicinal/datasets. */
export async function readDataFolder(folder: string): Promise<MoleculeInput> {
  return inputOf(await loadMoleculeFolder(folder));
}

function inputOf(dataset: MoleculeDataset): MoleculeInput {
  const { name, title, task, columns, rows, targetNames, targets, splits, scaffoldSplit } = dataset;
  const column = columns.indexOf(nameColumn({ path: name, columns, rows: [] }, undefined) ?? "");
  const names = rows.map((fields) => (column === -1 ? "" : fields[column]!.trim()));
  const read = readMolecules(name, dataset.smiles, names, true);
  const moleculeOf = new Map(read.rows.map((row, molecule) => [row - 1, molecule]));
  const ofMolecules = (split: Split): Split => {
    const part = (members: Uint32Array) =>
      Uint32Array.from(Array.from(members).flatMap((row) => moleculeOf.get(row) ?? []));
    return { train: part(split.train), validation: part(split.validation), test: part(split.test) };
  };
  const width = targetNames.length;
  return {
    ...read,
    title,
    origin: "measured",
    task,
    targetNames,
    targets: Float64Array.from(
      read.rows.flatMap((row) => Array.from(targets.subarray((row - 1) * width, row * width))),
    ),
    splits: splits.map(ofMolecules),
    scaffoldSplit: scaffoldSplit && ofMolecules(scaffoldSplit),
    withheld: [],
  };
}
