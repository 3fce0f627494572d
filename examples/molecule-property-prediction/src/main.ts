#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { VicinalError } from "@vicinal/core";
import { CommanderError } from "commander";
import { parseArguments } from "./arguments.ts";
import { formula } from "./formula/formula.ts";
import { predict } from "./predict.ts";
import { printable } from "./terminal/result-tables.ts";
import type { Streams } from "./terminal/streams.ts";
import { train } from "./train.ts";

/** Runs the program and gives its exit code: 0, 1 for a problem that is explained, 2 for a command line that is not understood. */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    const args = parseArguments(argv, {
      writeOut: (text) => streams.out.write(text),
      writeErr: (text) => streams.progress.write(text),
    });
    if (args.command === "train") await train(args, streams);
    else if (args.command === "predict") await predict(args, streams);
    else await formula(args, streams);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof VicinalError)) throw error;
    streams.progress.write(`${printable(error.message)}\n`);
    return 1;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), { out: process.stdout, progress: process.stderr });
}
