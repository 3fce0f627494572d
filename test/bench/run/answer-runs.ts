import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Writes one file of an answer, as `worstDifference` reads it. */
export function saveAnswer(folder: string, name: string, values: ArrayLike<number>): void {
  writeFileSync(join(folder, `${name}.f32`), values instanceof Float32Array ? values : Float32Array.from(values));
}

/** The contestant's side: says that the answer is there, then does the work once for each line that comes, and answers with its milliseconds. */
export async function answerRuns(run: () => readonly number[]): Promise<void> {
  process.stdout.write("ready\n");
  for await (const _ of createInterface({ input: process.stdin })) process.stdout.write(`${run().join(" ")}\n`);
}

/** How many threads this contestant may take. */
export function contestantThreads(): number {
  return Number(process.env["VICINAL_BENCH_THREADS"] ?? 1);
}
