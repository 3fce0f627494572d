import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Contestants whose answers are further apart than this did not do the same work. Relative to the largest number of each array. */
export const tolerance = 1e-3;

/** How far an answer is from another: for each array the largest difference, over the largest number of the other. */
export async function worstDifference(folder: string, others: string, names: readonly string[]): Promise<number> {
  let worst = 0;
  for (const name of names) {
    const [mine, theirs] = await Promise.all([readFloats(folder, name), readFloats(others, name)]);
    worst = Math.max(worst, relativeDifference(mine, theirs));
  }
  return worst;
}

/** The largest difference, over the largest number of `b`; infinite for arrays of different lengths and for what is no number. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    difference = Math.max(difference, Math.abs(a[k]! - b[k]!));
    largest = Math.max(largest, Math.abs(b[k]!));
  }
  if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
  return difference === 0 ? 0 : difference / largest;
}

async function readFloats(folder: string, name: string): Promise<Float32Array> {
  const bytes = await readFile(join(folder, `${name}.f32`));
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
