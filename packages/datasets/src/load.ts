import { stat } from "node:fs/promises";
import { join } from "node:path";
import { checkOptionNames, DataError, OptionError } from "@vicinal/core";
import { catalog, type DatasetName, datasetNames } from "./catalog/catalog.ts";
import type { CatalogEntry } from "./catalog/entry.ts";
import { checkDataset } from "./check.ts";
import type { NodeDataset } from "./dataset.ts";
import { fetchFiles, type LoadOptions, loadOptionNames } from "./download/fetch-files.ts";
import { fingerprint } from "./fingerprint.ts";
import { loadFolder } from "./folder/load-folder.ts";

/**
 * Loads a named data set: from a folder where one has it, else from the cache, else from its publisher.
 *
 * Whatever the way, the result is the same graph, with the same numbers for nodes, classes, features and splits.
 *
 * @throws OptionError `unknown-dataset` or `unknown-option`.
 * @throws DownloadError `offline`, `http-status`, `interrupted-download`, `wrong-checksum` or `cache-not-writable`.
 * @throws DataError for a folder that does not hold what its meta.json says; see `loadFolder`.
 */
export async function load(name: DatasetName, options: LoadOptions = {}): Promise<NodeDataset> {
  checkOptionNames("load", options, loadOptionNames);
  if (!datasetNames.includes(name)) {
    throw new OptionError(
      "unknown-dataset",
      `load: got the data set "${name}"; expected one of ${datasetNames.map((known) => `"${known}"`).join(", ")}. ` +
        "Data of your own is read with loadFolder(path).",
    );
  }
  options.signal?.throwIfAborted();
  for (const root of [options.folder, process.env["VICINAL_DATA"]]) {
    if (!root) continue;
    const folder = join(root, name);
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return loadFolder(folder);
  }
  return loadPublished(catalog[name], name, options);
}

/** Loads the published form of a catalog entry, from the cache or from its publisher. */
export async function loadPublished(
  entry: CatalogEntry,
  dataset: DatasetName,
  options: LoadOptions,
): Promise<NodeDataset> {
  const files = await fetchFiles(entry, dataset, options);
  const { read, fingerprint: expected, files: _, ...figures } = entry;
  const arrays = read({
    bytes(name) {
      const content = files.get(name);
      if (content !== undefined) return content;
      throw new Error(`The catalog entry of ${entry.name} reads ${name}, which is not among its files.`);
    },
  });
  const result: NodeDataset = { ...figures, ...arrays, task: "node classification", labelSets: undefined };
  checkDataset(entry.name, result);
  if (fingerprint(result) === expected) return result;
  throw new DataError(
    "unexpected-content",
    `${entry.name}: the published files give another graph than the one that this version was tested with. ` +
      "This is a fault of @vicinal/datasets: please report it. A folder in VICINAL_DATA works meanwhile.",
  );
}
