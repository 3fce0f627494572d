#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VicinalError } from "@vicinal/core";
import { CommanderError } from "commander";
import writeFileAtomic from "write-file-atomic";
import { type Arguments, type ProgramName, parseArguments } from "./arguments.ts";
import { dates } from "./dates.ts";
import { language } from "./language.ts";
import { tagging } from "./tagging.ts";
import { type ProgressStream, showProgress } from "./terminal/progress.ts";
import type { ProgramOptions } from "./training.ts";

/** Where the program writes: results, and apart from them progress and errors. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly progress: ProgressStream;
}

/** A picture that cannot be written. Code: `not-writable`. */
class OutputError extends VicinalError {}

type Program = (options: ProgramOptions) => { readonly text: string; readonly alignmentSvg?: string };

const programs: Readonly<Record<ProgramName, Program>> = { tagging, language, dates };

async function learnFromSequences({ programs: names, out: folder, ...options }: Arguments, streams: Streams) {
  // A folder that cannot be made is told before anything is learned.
  if (names.includes("dates")) await writing(folder, () => mkdir(folder, { recursive: true }));
  for (const name of names) {
    const started = performance.now();
    const display = showProgress(streams.progress, name);
    const { text, alignmentSvg } = run(programs[name], { ...options, onProgress: display.update }, display.stop);
    const seconds = Math.round((performance.now() - started) / 1000);
    streams.out.write(`${text}\n  ${seconds} seconds with seed ${options.seed}.\n`);
    if (alignmentSvg !== undefined) {
      const path = join(folder, "date-alignment.svg");
      await writing(path, () => writeFileAtomic(path, alignmentSvg));
      streams.out.write(`  Picture: ${path}\n`);
    }
    streams.out.write("\n");
  }
}

function run(program: Program, options: ProgramOptions, ended: () => void): ReturnType<Program> {
  try {
    return program(options);
  } finally {
    ended();
  }
}

async function writing(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new OutputError("not-writable", `${path} cannot be written: ${problem}. Name another folder with --out.`, {
      cause: error,
    });
  }
}

/** Runs the program and gives its exit code: 0, 1 for a problem that is explained, 2 for a command line that is not understood. */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    const args = parseArguments(argv, {
      writeOut: (text) => streams.out.write(text),
      writeErr: (text) => streams.progress.write(text),
    });
    await learnFromSequences(args, streams);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof VicinalError)) throw error;
    streams.progress.write(`${error.message}\n`);
    return 1;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), { out: process.stdout, progress: process.stderr });
}
