import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Shape } from "../attention/attention-group.ts";
import { median } from "../run/interleave.ts";
import type { BenchGroup, Bound, Row } from "./bench-group.ts";
import { builtInScores } from "./scores.ts";

const run = promisify(execFile);

const mostMilliseconds = 20;
const mostBytes = 12_000;

/** Compiling scores. */
export const compileGroup: BenchGroup = {
  name: "compile",
  description:
    "Compiling each built-in score, forward and backward, with the first call on a few edges, as the first score of a process and as a later one; bytes of the modules.",
  measure: async (setting) => {
    const rows: Row[] = [];
    const bounds: Bound[] = [];
    for (const shape of setting.shapes) {
      for (const { name: score } of builtInScores) {
        const name = `${score} ${shape.heads}x${shape.channels}`;
        if (!setting.wants(`compile ${name}`)) continue;
        setting.onWork(name);
        // One that has little in common with the others.
        const other = score === "scaled-dot" ? "additive" : "scaled-dot";
        const first = await compiled(score, shape, setting.rounds);
        const later = await compiled(score, shape, setting.rounds, other);
        rows.push({
          ...{ score: name, "first ms": first.milliseconds, "later ms": later.milliseconds, bytes: first.bytes },
        });
        const what = `compile ${name}`;
        bounds.push(
          { what: `${what}: ms`, reached: first.milliseconds, sense: "at most", bound: mostMilliseconds },
          { what: `${what}: bytes`, reached: first.bytes, sense: "at most", bound: mostBytes },
        );
      }
    }
    return { rows, bounds };
  },
};

/** Medians of some processes. */
async function compiled(score: string, { heads, channels }: Shape, rounds: number, before?: string) {
  const program = join(import.meta.dirname, "compile-once.js");
  const args = [program, score, String(heads), String(channels), ...(before === undefined ? [] : [before])];
  const runs: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await run(process.execPath, args);
    runs.push(stdout.trim().split(" ").map(Number));
  }
  const of = (part: number): number => median(runs.map((values) => values[part] ?? Number.NaN));
  return { milliseconds: of(0), bytes: of(1) };
}
