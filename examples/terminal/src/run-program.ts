import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { VicinalError } from "@vicinal/core";
import { CommanderError } from "commander";
import type { ArgumentsOutput } from "./command-line.ts";
import { printable } from "./printable.ts";
import type { Streams } from "./streams.ts";

/** A program of the command line: how it reads its arguments, and what it does with them. */
export interface Program<Arguments> {
  /** Throws commander's CommanderError for a command line that is not understood, and after `--help` was answered. */
  readonly parse: (argv: readonly string[], output: ArgumentsOutput) => Arguments;
  readonly run: (args: Arguments, streams: Streams) => Promise<void>;
}

/** A program that gives its exit code: 0, 1 for a problem that is explained, 2 for a command line that is not understood. */
export type Main = (argv: readonly string[], streams: Streams) => Promise<number>;

/** Turns what is thrown into exit codes and one clear line each. Only an error that nobody foresaw comes through. */
export function mainOf<Arguments>({ parse, run }: Program<Arguments>): Main {
  return async (argv, streams) => {
    try {
      const output = {
        writeOut: (text: string) => void streams.out.write(text),
        writeErr: (text: string) => void streams.progress.write(text),
      };
      await run(parse(argv, output), streams);
      return 0;
    } catch (error) {
      if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
      if (!(error instanceof VicinalError)) throw error;
      streams.progress.write(`${printable(error.message)}\n`);
      return 1;
    }
  };
}

/** Runs a program if its module, at `url`, is the one that Node was started with; tests import it and start it themselves. */
export async function startIfMain(url: string, main: Main): Promise<void> {
  const [, started, ...argv] = process.argv;
  if (started === undefined || realpathSync(started) !== fileURLToPath(url)) return;
  process.exitCode = await main(argv, { out: process.stdout, progress: process.stderr });
}
