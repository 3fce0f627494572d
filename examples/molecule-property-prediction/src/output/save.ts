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
  try {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(path, text);
  } catch (error) {
    throw new OutputError(
      "not-writable",
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}. Name another folder with --out.`,
      { cause: error },
    );
  }
  return path;
}
