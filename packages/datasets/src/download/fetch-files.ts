import { basename } from "node:path";
import type { DatasetName } from "../catalog/catalog.ts";
import type { Publication } from "../catalog/entry.ts";
import type { MoleculeDatasetName } from "../molecules/molecule-catalog.ts";
import { cachePath, defaultCache, readCached, writeCached } from "./cache.ts";
import { download } from "./download.ts";

/** How far the download of a data set has come. */
export interface DownloadProgress {
  /** The name of the data set. */
  readonly dataset: DatasetName | MoleculeDatasetName;
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
  /** Called while files are fetched; never when they are already here. Default: nothing is. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Aborts the download. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Fetches files, for a proxy or a mirror. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** The names of {@link LoadOptions}. */
export const loadOptionNames = ["folder", "cache", "onProgress", "signal", "fetch"] as const;

/** The files of a publication by their names without folders: from the cache, else from the publisher, compared with their checksums. */
export async function fetchFiles(
  publication: Publication,
  dataset: DownloadProgress["dataset"],
  { cache = defaultCache(), onProgress, signal, fetch = globalThis.fetch }: LoadOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { files } = publication;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const contents = new Map<string, Uint8Array>();
  let received = 0;
  for (const file of files) {
    const cached = await readCached(cachePath(cache, publication, file), file);
    if (cached === undefined) continue;
    contents.set(basename(file.path), cached);
    received += file.bytes;
  }
  for (const file of files) {
    if (contents.has(basename(file.path))) continue;
    const report = () => onProgress?.({ dataset, file: file.path, received, total });
    signal?.throwIfAborted();
    report();
    const content = await download(publication, file, {
      fetch,
      signal,
      onBytes(count) {
        received += count;
        report();
      },
    });
    await writeCached(cachePath(cache, publication, file), content);
    contents.set(basename(file.path), content);
  }
  return contents;
}
