import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** The modules of which a bundler keeps something for a program, relative to the folder where the packages are installed. */
export async function bundledModules(folder: string, code: string): Promise<string[]> {
  const entry = join(folder, "bundled.js");
  writeFileSync(entry, code);
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    metafile: true,
    write: false,
    outdir: join(folder, "bundle"),
    logLevel: "silent",
  });
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path !== "bundled.js")
    .map(([path]) => path.replace(/^.*node_modules\//, ""))
    .sort();
}
