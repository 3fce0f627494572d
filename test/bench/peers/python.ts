import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const requirements = join(import.meta.dirname, "../../peers/requirements.txt");

/** The Python programs, beside their sources: they are not compiled. */
export function pythonProgram(name: string): string {
  return join(import.meta.dirname, "../../peers", name);
}

/**
 * A Python with PyTorch Geometric, in a virtual environment of its own in `folder`: made once, and again when what it needs has changed.
 * Takes several gigabytes from the Python registry the first time.
 *
 * @returns The path of the interpreter.
 */
export async function pythonWithPeers(folder: string, say: (line: string) => void): Promise<string> {
  const environment = join(folder, "venv");
  const python = join(environment, "bin/python");
  const mark = join(environment, "installed.txt");
  const needed = await readFile(requirements, "utf8");
  if (existsSync(mark) && (await readFile(mark, "utf8")) === needed) return python;
  await mkdir(folder, { recursive: true });
  say("Installing PyTorch Geometric into a virtual environment; this takes minutes, once.");
  await run("python3", ["-m", "venv", "--clear", environment]);
  await run(python, ["-m", "pip", "install", "--quiet", "-r", requirements], { maxBuffer: 2 ** 26 });
  // It makes some of what PyTorch Geometric does faster where it is there, and is not built for every release of Python and PyTorch.
  await run(python, ["-m", "pip", "install", "--quiet", "pyg-lib"]).catch(() =>
    say("pyg-lib does not install here: PyTorch Geometric does without."),
  );
  await writeFile(mark, needed);
  return python;
}
