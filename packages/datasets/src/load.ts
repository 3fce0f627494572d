import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkOptionNames, DataError, OptionError } from "@vicinal/core";
import { catalog, type DatasetName, datasetNames } from "./catalog/catalog.ts";
import type { CatalogEntry } from "./catalog/entry.ts";
import { checkDataset } from "./check.ts";
import type { NodeDataset } from "./dataset.ts";
import { cachePath, defaultCache, readCached, writeCached } from "./download/cache.ts";
import { download } from "./download/download.ts";
import { fingerprint } from "./fingerprint.ts";
import { loadFolder } from "./folder/load-folder.ts";

/** How far the download of a data set has come. */
export interface DownloadProgress {
  /** The name of the data set. */
  readonly dataset: DatasetName;
  /** Path of the file that is being fetched, in its repository. */
  readonly file: string;
  /** Bytes that are here, over all files of the data set, those in the cache included. */
  readonly received: number;
  /** Bytes of all files together. */
  readonly total: number;
}

/** Where a named data set may come from. */
export interface LoadOptions {
  /**
   * A folder of data sets: `folder/cora` is used when it exists. Looked at before `VICINAL_DATA`.
   * Defaults to the environment variable `VICINAL_DATA`, or to none.
   */
  readonly folder?: string | undefined;
  /**
   * The folder that keeps downloaded files. Defaults to the environment variable `VICINAL_CACHE`, or to the operating system's
   * place for caches (`~/.cache/vicinal` on Linux).
   */
  readonly cache?: string | undefined;
  /** Called while files are fetched; never when they are already here. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Aborts the download. */
  readonly signal?: AbortSignal | undefined;
  /** Fetches files in place of the global `fetch`, for a proxy or a mirror. */
  readonly fetch?: typeof fetch | undefined;
}

const optionNames = ["folder", "cache", "onProgress", "signal", "fetch"] as const;

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
  checkOptionNames("load", options, optionNames);
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
  const files = await fetchMissing(entry, dataset, options);
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

async function fetchMissing(
  entry: CatalogEntry,
  dataset: DatasetName,
  { cache = defaultCache(), onProgress, signal, fetch = globalThis.fetch }: LoadOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const total = entry.files.reduce((sum, file) => sum + file.bytes, 0);
  const contents = new Map<string, Uint8Array>();
  let received = 0;
  for (const file of entry.files) {
    const cached = await readCached(cachePath(cache, entry, file), file);
    if (cached === undefined) continue;
    contents.set(basename(file.path), cached);
    received += file.bytes;
  }
  for (const file of entry.files) {
    if (contents.has(basename(file.path))) continue;
    const report = () => onProgress?.({ dataset, file: file.path, received, total });
    signal?.throwIfAborted();
    report();
    const content = await download(entry, file, {
      fetch,
      signal,
      onBytes(count) {
        received += count;
        report();
      },
    });
    await writeCached(cachePath(cache, entry, file), content);
    contents.set(basename(file.path), content);
  }
  return contents;
}
