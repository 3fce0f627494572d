import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";

/** Built files lie beside their sources, because that is where bundlers look for packages from; git ignores a `dist`. */
const built = join(import.meta.dirname, "dist");

/** A new empty folder for one build. */
export async function buildFolder(name: string): Promise<AsyncDisposable & { readonly path: string }> {
  await mkdir(built, { recursive: true });
  const path = await mkdtemp(join(built, `${name}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Writes the program without its types, its imports as they are, into a folder of its own, and returns where. */
export async function plainProgram(folder: string): Promise<string> {
  const sources = join(folder, "source");
  await mkdir(sources);
  const source = await readFile(join(import.meta.dirname, "../program/train-gat.ts"), "utf8");
  const { code } = await transform(source, { loader: "ts", target: "es2022" });
  const path = join(sources, "train-gat.js");
  await writeFile(path, code);
  return path;
}
