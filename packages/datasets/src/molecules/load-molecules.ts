import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkOptionNames, OptionError } from "@vicinal/core";
import { fetchFiles, type LoadOptions, loadOptionNames } from "../download/fetch-files.ts";
import { DownloadError } from "../errors.ts";
import { loadMoleculeFolder } from "./load-molecule-folder.ts";
import {
  type MoleculeDatasetName,
  type MoleculeEntry,
  moleculeCatalog,
  moleculeDatasetNames,
} from "./molecule-catalog.ts";
import type { MoleculeDataset } from "./molecule-dataset.ts";
import { readMoleculeTable } from "./read-molecule-table.ts";

/**
 * Loads a named set of molecules: from a folder where one has it, else from the cache, else from its publisher. What was downloaded comes without splits:
 * those of a folder belong to its collection. `freesolv` is not downloaded: its file has no checksum that is known here.
 *
 * @throws OptionError `unknown-dataset` or `unknown-option`; DownloadError `offline`, `http-status`, `interrupted-download`, `wrong-checksum`,
 * `cache-not-writable`, `no-download`; DataError as `loadMoleculeFolder`.
 */
export async function loadMolecules(name: MoleculeDatasetName, options: LoadOptions = {}): Promise<MoleculeDataset> {
  checkOptionNames("loadMolecules", options, loadOptionNames);
  if (!moleculeDatasetNames.includes(name)) {
    throw new OptionError(
      "unknown-dataset",
      `loadMolecules: got the data set "${name}"; expected one of ${moleculeDatasetNames.map((known) => `"${known}"`).join(", ")}. ` +
        "Data of your own is read with loadMoleculeFolder(path).",
    );
  }
  options.signal?.throwIfAborted();
  for (const root of [options.folder, process.env["VICINAL_DATA"]]) {
    if (!root) continue;
    const folder = join(root, name);
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return loadMoleculeFolder(folder);
  }
  const entry = moleculeCatalog[name];
  if (entry !== undefined) return loadPublishedMolecules(entry, name, options);
  throw new DownloadError(
    "no-download",
    `${name}: no folder has it, and it cannot be downloaded from here. Put it into a folder "${name}", in the layout that the README of ` +
      '@vicinal/datasets describes, and name the folder above it with the option "folder" or with VICINAL_DATA.',
  );
}

/** Loads the published form of a set of molecules, from the cache or from its publisher. */
export async function loadPublishedMolecules(
  { file, columns, ...entry }: MoleculeEntry,
  name: MoleculeDatasetName,
  options: LoadOptions,
): Promise<MoleculeDataset> {
  const files = await fetchFiles({ name, source: entry.source, files: [file] }, name, options);
  const content = files.get(basename(file.path)) ?? new Uint8Array();
  return {
    ...entry,
    name,
    task: columns.task,
    ...readMoleculeTable(name, content, columns),
    splits: [],
    scaffoldSplit: undefined,
  };
}
