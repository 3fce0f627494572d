import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How the C program is built: with heads and channels as variables, or as constants and with arithmetic that may be reordered. */
export type Build = "generic" | { readonly heads: number; readonly channels: number };

/** The C compiler of this machine, such as `cc`; undefined without one. */
export async function findCompiler(): Promise<string | undefined> {
  for (const name of ["gcc", "clang", "cc"]) {
    try {
      await run(name, ["--version"]);
      return name;
    } catch {
      // The next one, then.
    }
  }
  return undefined;
}

/** Builds the C program into `folder`. The path of the program. */
export async function buildAttention(compiler: string, folder: string, build: Build): Promise<string> {
  const source = join(import.meta.dirname, "../../peers/attention.c");
  const name = build === "generic" ? "attention" : `attention-${build.heads}x${build.channels}`;
  const program = join(folder, name);
  const constants =
    build === "generic" ? [] : ["-ffast-math", `-DHEADS=${build.heads}`, `-DCHANNELS=${build.channels}`];
  await run(compiler, ["-O3", "-march=native", "-fopenmp", ...constants, "-o", program, source, "-lm"]);
  return program;
}
