import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { VicinalError } from "@vicinal/core";
import writeFileAtomic from "write-file-atomic";

/** A result that cannot be written. Code: `not-writable`. */
export class OutputError extends VicinalError {}

/**
 * Writes a file into a folder, which is made if it is not there. The file is written beside its place and then moved, so that a run
 * that fails leaves the old file as it was.
 *
 * @returns The path of the file.
 * @throws OutputError `not-writable`.
 */
export async function save(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writing(path, async () => {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(path, text);
  });
  return path;
}

/**
 * Makes a folder, and the folders that it lies in: for a program that wants to know before it works for an hour.
 *
 * @throws OutputError `not-writable`.
 */
export async function makeFolder(folder: string): Promise<void> {
  await writing(folder, () => mkdir(folder, { recursive: true }));
}

/**
 * Writes something, and explains if it cannot be written.
 *
 * @param path What the error calls it.
 * @throws OutputError `not-writable`.
 */
export async function writing(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new OutputError(
      "not-writable",
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}. Name another folder with --out.`,
      { cause: error },
    );
  }
}
