import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cyclesOf, type Imports, importGraph } from "./import-graph.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folders from the top down: a file may import from its own and from those further down. */
const layers = ["test", "examples", "packages/molecules", "packages/datasets", "packages/graph", "packages/core"];

const graph = importGraph(layers);

/** The number of the layer that a file or package stands in; undefined for one from elsewhere. */
function layerOf(path: string): number | undefined {
  const number = layers.findIndex((layer) => path === layer || path.startsWith(`${layer}/`));
  return number < 0 ? undefined : number;
}

/** The folders of the repository that a file imports from, by path or by name of package. */
function foldersOf({ files, packages }: Imports): string[] {
  return [...files, ...packages.map((name) => name.replace(/^@vicinal\//, "packages/"))];
}

describe("the imports of packages, examples and tests, those of types included", () => {
  it("are looked at", () => {
    expect(graph.size).toBeGreaterThan(1000);
    expect(graph.get("packages/core/src/attention/attend.ts")?.files).toContain("packages/core/src/tensor/tensor.ts");
  });

  it("lead nowhere in a circle", () => {
    expect(cyclesOf(graph)).toEqual([]);
  });

  it("lead to files that are there", () => {
    const missing = [...graph].flatMap(([file, { files }]) =>
      files
        .filter((path) => /\.tsx?$/.test(path) && !graph.has(path) && !path.endsWith(".generated.ts"))
        .map((path) => `${file}: ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it("point down: tests, examples, molecules, datasets, graph, core", () => {
    const up = [...graph].flatMap(([file, imports]) => {
      // A test beside its source may ask more of the repository than the source does.
      if (/\.test(-d)?\.ts$/.test(file) || file.includes("/testing/")) return [];
      const own = layerOf(file) ?? 0;
      return foldersOf(imports)
        .filter((path) => (layerOf(path) ?? own) < own)
        .map((path) => `${file}: ${path}`);
    });
    expect(up).toEqual([]);
  });

  it("cross from package to package by name, never by path", () => {
    const crossing = [...graph].flatMap(([file, { files }]) =>
      file.startsWith("packages/")
        ? files.filter((path) => layerOf(path) !== layerOf(file)).map((path) => `${file}: ${path}`)
        : [],
    );
    expect(crossing).toEqual([]);
  });

  it("do not lead from core to graphology, nor to anything that it does not declare", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8"));
    const used = [...graph]
      .filter(([file]) => file.startsWith("packages/core/") && !/\.test(-d)?\.ts$|\/testing\/|\/assembly\//.test(file))
      .flatMap(([, { packages }]) => packages)
      .filter((name) => !name.startsWith("node:"));
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...new Set(used)]));
  });
});

describe("the search for circles", () => {
  const imports = (...files: string[]): Imports => ({ files, packages: [] });

  it("finds one of types alone, and one through a third file", () => {
    const found = cyclesOf(
      new Map([
        ["a.ts", imports("b.ts")],
        ["b.ts", imports("c.ts", "d.ts")],
        ["c.ts", imports("a.ts")],
        ["d.ts", imports()],
        ["e.ts", imports("e.ts")],
      ]),
    );
    expect(found).toEqual(["a.ts → b.ts → c.ts → a.ts", "e.ts → e.ts"]);
  });

  it("finds none where two ways lead to one file", () => {
    const found = cyclesOf(
      new Map([
        ["a.ts", imports("b.ts", "c.ts")],
        ["b.ts", imports("d.ts")],
        ["c.ts", imports("d.ts")],
        ["d.ts", imports()],
      ]),
    );
    expect(found).toEqual([]);
  });
});
