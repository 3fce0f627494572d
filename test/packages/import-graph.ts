import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a file imports; types, and what is imported when it is needed, included. */
export interface Imports {
  /** Files of the repository, from its root, by their relative paths. */
  readonly files: readonly string[];
  /** Packages by name: `"graphology"`, `"@vicinal/core"`, `"node:fs"`. */
  readonly packages: readonly string[];
}

/** The imports of every TypeScript file below the folders, by its path from the root of the repository. */
export function importGraph(folders: readonly string[]): Map<string, Imports> {
  const paths = folders.flatMap((folder) => sourcesIn(join(root, folder)));
  const graph = new Map<string, Imports>();
  for (const path of paths) {
    const { importedFiles } = ts.preProcessFile(readFileSync(path, "utf8"));
    const names = importedFiles.map(({ fileName }) => fileName);
    graph.set(relative(root, path), {
      files: names.filter((name) => name.startsWith(".")).map((name) => relative(root, join(dirname(path), name))),
      packages: names.filter((name) => /^[@a-z]/.test(name)).map(packageOf),
    });
  }
  return graph;
}

/** Groups of files that need each other, each in the order of a way round: `a.ts → b.ts → a.ts`. */
export function cyclesOf(graph: ReadonlyMap<string, Imports>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): void => {
    const start = way.indexOf(file);
    if (start >= 0) cycles.push([...way.slice(start), file].join(" → "));
    if (start >= 0 || done.has(file)) return;
    way.push(file);
    for (const next of graph.get(file)?.files ?? []) visit(next);
    way.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(dist|node_modules|\.generated)$/.test(entry.name) ? [] : sourcesIn(path);
    return /\.tsx?$/.test(entry.name) && !/\.(generated|d)\.ts$/.test(entry.name) ? [path] : [];
  });
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}
