import { PassThrough } from "node:stream";
import type { Main } from "../run-program.ts";

/** What a program left behind. */
export interface ProgramResult {
  readonly exitCode: number;
  readonly out: string;
  readonly progress: string;
}

/** Runs a program as in a shell without a terminal, and gives what it wrote. */
export async function runInMemory(main: Main, argv: readonly string[]): Promise<ProgramResult> {
  const streams = { out: new PassThrough(), progress: new PassThrough() };
  const exitCode = await main(argv, streams);
  return { exitCode, out: String(streams.out.read() ?? ""), progress: String(streams.progress.read() ?? "") };
}
