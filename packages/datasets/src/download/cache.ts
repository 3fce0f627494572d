import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import envPaths from "env-paths";
import type { Publication, PublishedFile } from "../catalog/entry.ts";
import { DownloadError } from "../errors.ts";
import { sha256 } from "./checksum.ts";

/** The folder that holds the cache: `VICINAL_CACHE`, or the place that the operating system has for caches. */
export function defaultCache(): string {
  return process.env["VICINAL_CACHE"] || envPaths("vicinal", { suffix: "" }).cache;
}

/** Where a published file lies in the cache. The commit is part of it, so that another version never answers for this one. */
export function cachePath(cache: string, entry: Publication, file: PublishedFile): string {
  return join(cache, entry.name, entry.source.commit.slice(0, 12), basename(file.path));
}

/** The cached file, or undefined where there is none or it is not what was published. */
export async function readCached(path: string, file: PublishedFile): Promise<Uint8Array | undefined> {
  const content = await readFile(path).catch(() => undefined);
  return content !== undefined && sha256(content) === file.sha256 ? content : undefined;
}

/**
 * Writes a file into the cache: first beside its place, then moved there at once, so that no reader ever meets half a file.
 *
 * @throws DownloadError `cache-not-writable`.
 */
export async function writeCached(path: string, content: Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(part, content, { flag: "wx" });
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new DownloadError(
      "cache-not-writable",
      `cannot write ${path}: ${String(cause)}. Name another folder with the option "cache" or with VICINAL_CACHE.`,
      { cause },
    );
  }
}
