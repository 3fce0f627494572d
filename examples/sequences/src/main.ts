#!/usr/bin/env node
import { mainOf, makeFolder, type Streams, save, showProgress, startIfMain } from "@vicinal/example-terminal";
import { type Arguments, type ProgramName, parseArguments } from "./arguments.ts";
import { dates } from "./dates.ts";
import { language } from "./language.ts";
import { tagging } from "./tagging.ts";
import type { ProgramOptions } from "./training.ts";

type Program = (options: ProgramOptions) => { readonly text: string; readonly alignmentSvg?: string };

const programs: Readonly<Record<ProgramName, Program>> = { tagging, language, dates };

async function learnFromSequences({ programs: names, out: folder, ...options }: Arguments, streams: Streams) {
  // A folder that cannot be made is told before anything is learned.
  if (names.includes("dates")) await makeFolder(folder);
  for (const name of names) {
    const started = performance.now();
    const display = showProgress(streams.progress, name);
    const onProgress: ProgramOptions["onProgress"] = ({ epoch, epochs, loss }) =>
      display.update(epoch, epochs, `epochs, loss ${loss.toFixed(3)}`);
    const { text, alignmentSvg } = run(programs[name], { ...options, onProgress }, display.stop);
    const seconds = Math.round((performance.now() - started) / 1000);
    streams.out.write(`${text}\n  ${seconds} seconds with seed ${options.seed}.\n`);
    if (alignmentSvg !== undefined) {
      streams.out.write(`  Picture: ${await save(folder, "date-alignment.svg", alignmentSvg)}\n`);
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

export const main = mainOf({ parse: parseArguments, run: learnFromSequences });

await startIfMain(import.meta.url, main);
