import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The numbers of `NAME.f32` in a folder. */
export function readFloats(folder: string, name: string): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint8Array.from(readFileSync(join(folder, `${name}.f32`))).buffer);
}
