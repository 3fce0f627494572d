import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { posix } from "node:path";
import ts from "typescript";
import { z } from "zod";
import type { PackedPackage } from "./packed-package.ts";

/**
 * What is wrong with the contents of a package, a sentence each: files that are missing or that nobody can reach, imports that are not declared, maps to sources
 * that are not there, a manifest that says too little.
 */
export function packageFaults(one: PackedPackage): string[] {
  return [...manifestFaults(one), ...fileFaults(one), ...importFaults(one), ...mapFaults(one)];
}

function manifestFaults({ manifest }: PackedPackage): string[] {
  const faults: string[] = [];
  if (manifest.license !== "MIT") faults.push(`license is ${manifest.license}; expected MIT`);
  if (manifest.sideEffects !== false) faults.push("sideEffects is not false: bundlers keep what is not used");
  if (manifest.repository === undefined) faults.push("repository is missing: provenance needs it");
  if (manifest.publishConfig?.provenance !== true) faults.push("publishConfig.provenance is not true");
  if (manifest.publishConfig?.access !== "public") faults.push("publishConfig.access is not public");
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (/^(workspace|catalog|file|link):/.test(range))
      faults.push(`${name} is needed as ${range}: npm cannot read that`);
  }
  return faults;
}

function fileFaults(one: PackedPackage): string[] {
  const { files, manifest } = one;
  const needed = ["README.md", "LICENSE", "CHANGELOG.md"].filter((file) => !files.includes(file));
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? target : Object.values(target),
  );
  const dangling = targets.filter((target) => !files.includes(posix.normalize(target)));
  const tests = files.filter((file) => /\.test(-d)?\.|tsbuildinfo|(^|\/)(fixtures|\.generated)\//.test(file));
  const reached = reachableModules(one);
  const idle = files.filter((file) => /^(src|dist)\/.*\.ts$|\.js$/.test(file) && !reached.has(moduleOf(file)));
  return [
    ...needed.map((file) => `${file} is missing`),
    ...dangling.map((file) => `exports name ${file}, which is missing`),
    ...tests.map((file) => `${file} is a test or a record of the build`),
    ...idle.map((file) => `${file} is reached from no export`),
  ];
}

/** `src/tensor/tensor.ts`, `dist/tensor/tensor.js` and `dist/tensor/tensor.d.ts` are one module, `tensor/tensor`. */
function moduleOf(file: string): string {
  return file.replace(/^(src|dist)\//, "").replace(/(\.d)?\.[jt]s$/, "");
}

/** The modules that the exports lead to in the sources, where imports of types are written too. */
function reachableModules({ folder, files, manifest }: PackedPackage): Set<string> {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(moduleOf(file)) || !files.includes(file)) return;
    reached.add(moduleOf(file));
    for (const name of importsOf(posix.join(folder, file))) {
      if (name.startsWith(".")) visit(posix.join(posix.dirname(file), name));
    }
  };
  for (const target of Object.values(manifest.exports)) {
    if (typeof target !== "string") visit(posix.normalize(target["@vicinal/source"] ?? ""));
  }
  return reached;
}

/** What a file imports, re-exports, loads later, or names by `new URL("…", import.meta.url)`. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  const named = [...text.matchAll(/new URL\("(\.[^"]+)", import\.meta\.url\)/g)].map(([, name]) => name ?? "");
  return [...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName), ...named];
}

function importFaults({ folder, files, manifest }: PackedPackage): string[] {
  const declared = new Set([
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
    manifest.name,
  ]);
  const used = new Set<string>();
  const faults: string[] = [];
  for (const file of files.filter((name) => /^dist\/.*\.(js|d\.ts)$/.test(name))) {
    for (const name of importsOf(posix.join(folder, file))) {
      if (name.startsWith(".")) {
        const target = posix.join(
          posix.dirname(file),
          file.endsWith(".d.ts") ? name.replace(/\.[jt]s$/, ".d.ts") : name,
        );
        if (!files.includes(target)) faults.push(`${file} imports ${name}, which is missing`);
      } else if (!name.startsWith("node:")) {
        const dependency = name.split("/", name.startsWith("@") ? 2 : 1).join("/");
        used.add(dependency);
        if (!declared.has(dependency))
          faults.push(`${file} imports ${dependency}, which is not among its dependencies`);
        if (builtinModules.includes(dependency)) faults.push(`${file} imports ${dependency} without "node:"`);
      }
    }
  }
  const idle = Object.keys(manifest.dependencies).filter((name) => !used.has(name));
  return [...faults, ...idle.map((name) => `${name} is a dependency that nothing imports`)];
}

const mapShape = z.object({ sources: z.array(z.string()) });

function mapFaults({ folder, files }: PackedPackage): string[] {
  return files
    .filter((file) => file.endsWith(".map"))
    .flatMap((file) => {
      const { sources } = mapShape.parse(JSON.parse(readFileSync(posix.join(folder, file), "utf8")));
      const missing = sources.filter((source) => !files.includes(posix.join(posix.dirname(file), source)));
      return missing.map((source) => `${file} leads to ${source}, which is missing`);
    });
}
