import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const packages = join(import.meta.dirname, "../../../packages");

/** What a server must have so that a page can import our packages as they are published. */
export interface UnbundledPackages {
  readonly folders: Readonly<Record<string, string>>;
  /** The content of a `<script type="importmap">`. */
  readonly importMap: string;
}

/**
 * Core and graph file by file, and what they import from elsewhere as one module each, as a content delivery network has them.
 *
 * @param folder - Where to put the modules of others.
 */
export async function unbundledPackages(folder: string): Promise<UnbundledPackages> {
  const imports: Record<string, string> = { "@vicinal/core": "/core/index.js", "@vicinal/graph": "/graph/index.js" };
  const others = new Map<string, string>([["graphology", join(packages, "graph")]]);
  for (const name of ["core", "graph"]) {
    for (const dependency of await dependenciesOf(join(packages, name))) others.set(dependency, join(packages, name));
  }
  for (const [name, from] of others) {
    const { warnings } = await build({
      stdin: { contents: `export * from ${JSON.stringify(name)};`, resolveDir: from },
      bundle: true,
      format: "esm",
      outfile: join(folder, `${name}.js`),
      logLevel: "silent",
    });
    if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
    imports[name] = `/others/${name}.js`;
  }
  return {
    folders: { "/core/": join(packages, "core/dist"), "/graph/": join(packages, "graph/dist"), "/others/": folder },
    importMap: JSON.stringify({ imports }),
  };
}

/** What a package needs of others at run time: neither ours nor types alone. */
async function dependenciesOf(folder: string): Promise<string[]> {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  );
  return Object.keys(dependencies).filter((name) => !name.startsWith("@vicinal/") && !name.endsWith("-types"));
}
