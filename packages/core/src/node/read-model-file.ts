import { readFile } from "node:fs/promises";
import { FileError } from "../errors.ts";

/**
 * The bytes of a file, such as for `readSafetensors`.
 *
 * @throws FileError `cannot-read`, with the reason as its `cause`.
 */
export async function readModelFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    throw new FileError("cannot-read", `readModelFile: cannot read ${path}: ${String(cause)}.`, { cause });
  }
}
