import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** How far an answer is from another: the largest {@link relativeDifference} of its arrays. */
export async function worstDifference(folder: string, others: string, names: readonly string[]): Promise<number> {
  let worst = 0;
  for (const name of names) {
    const [mine, theirs] = await Promise.all([readFloats(folder, name), readFloats(others, name)]);
    worst = Math.max(worst, relativeDifference(mine, theirs));
  }
  return worst;
}

/** The length of `a - b` over that of `b`; infinite for arrays of different lengths and for what is no number. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let length = 0;
  for (let k = 0; k < a.length; k++) {
    difference += (a[k]! - b[k]!) ** 2;
    length += b[k]! ** 2;
  }
  if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
  return difference === 0 ? 0 : Math.sqrt(difference / length);
}

async function readFloats(folder: string, name: string): Promise<Float32Array> {
  const bytes = await readFile(join(folder, `${name}.f32`));
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
