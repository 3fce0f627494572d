import { CommanderError } from "commander";
import type { ArgumentsOutput } from "../command-line.ts";

/** The exit code and the text with which a command line is refused or answered. */
export interface Refusal {
  readonly exitCode: number;
  readonly text: string;
}

/** Gives `parse` a command line that it must not accept. @throws Error if it does. */
export function refused(
  parse: (argv: readonly string[], output: ArgumentsOutput) => unknown,
  argv: readonly string[],
): Refusal {
  let text = "";
  const write = (piece: string): void => {
    text += piece;
  };
  try {
    parse(argv, { writeOut: write, writeErr: write });
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode, text };
    throw error;
  }
  throw new Error(`Expected ${argv.join(" ")} to be refused.`);
}
