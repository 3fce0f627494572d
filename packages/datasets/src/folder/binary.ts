import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@vicinal/core";
import type { Meta } from "./meta.ts";

/** The binaries of one folder: their sizes are known before any of them is read. */
export interface Binaries {
  has(file: string): boolean;
  /** Size in bytes; 0 for a file that is not there. */
  size(file: string): number;
  /** @throws DataError `missing-file` or `wrong-file-size`, `reason` saying where the expectation comes from. */
  expect(file: string, bytes: number, reason: string): void;
  /** The content, in memory of its own, compared with the SHA-256 of meta.json where it gives one. */
  read(file: string): Promise<ArrayBuffer>;
}

const known = [
  "edges.u32.bin",
  "features.indptr.u32.bin",
  "features.indices.u32.bin",
  "features.values.f32.bin",
  "features.f32.bin",
  "labels.i32.bin",
  "labels.u8.bin",
  "splits.u8.bin",
] as const;

/**
 * Looks which binaries a folder has, and compares them with the list in meta.json.
 *
 * @throws DataError `missing-file` or `wrong-file-size`.
 */
export async function openBinaries(folder: string, meta: Meta): Promise<Binaries> {
  const sizes = new Map<string, number>();
  for (const file of known) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (found?.isFile()) sizes.set(file, found.size);
  }
  const binaries: Binaries = {
    has: (file) => sizes.has(file),
    size: (file) => sizes.get(file) ?? 0,
    expect(file, bytes, reason) {
      const size = sizes.get(file);
      const path = join(folder, file);
      if (size === undefined) {
        throw new DataError("missing-file", `loadFolder: ${path} is missing; expected ${bytes} bytes (${reason}).`);
      }
      if (size === bytes) return;
      throw new DataError(
        "wrong-file-size",
        `loadFolder: ${path} holds ${size} bytes; expected ${bytes} (${reason}). ` +
          `The file is ${size < bytes ? "truncated" : "too long"}, or meta.json belongs to other data: copy the folder again.`,
      );
    },
    read: (file) => readVerified(join(folder, file), meta.files[file]?.sha256),
  };
  for (const file of known) {
    const bytes = meta.files[file]?.bytes;
    if (bytes !== undefined) binaries.expect(file, bytes, "from the list of files in meta.json");
  }
  return binaries;
}

async function readVerified(path: string, sha256: string | undefined): Promise<ArrayBuffer> {
  const content = await readFile(path);
  const found = sha256 === undefined ? undefined : createHash("sha256").update(content).digest("hex");
  if (found !== sha256) {
    throw new DataError(
      "wrong-checksum",
      `loadFolder: the SHA-256 of ${path} is ${found}; expected ${sha256} (from meta.json). ` +
        "The file was changed or damaged: copy it again.",
    );
  }
  const buffer = new ArrayBuffer(content.byteLength);
  new Uint8Array(buffer).set(content);
  return buffer;
}
