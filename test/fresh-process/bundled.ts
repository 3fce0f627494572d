import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Writes a program of this folder with all that it imports as one file that Node runs as it is. */
export async function bundled(program: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["@vicinal/source"],
    logLevel: "silent",
    // Packages of the CommonJS kind ask for modules of Node by `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
}
