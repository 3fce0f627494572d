import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A TypeScript program and all it imports as one module for a page: from our sources, so that a test shows what they say now. */
export async function bundleForPage(program: URL): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(program)],
    bundle: true,
    format: "esm",
    conditions: ["@vicinal/source"],
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}
