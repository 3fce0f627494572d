import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { runProgram } from "./run-program.ts";

const manifestShape = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  sideEffects: z.boolean().optional(),
  repository: z.object({ url: z.string(), directory: z.string() }).optional(),
  publishConfig: z.object({ access: z.string(), provenance: z.boolean() }).optional(),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** What the checks read of a `package.json`. */
export type Manifest = z.infer<typeof manifestShape>;

/** A package as npm would serve it. */
export interface PackedPackage {
  readonly tarball: string;
  /** Where it is unpacked. */
  readonly folder: string;
  /** Paths in it, with `/`. */
  readonly files: readonly string[];
  readonly manifest: Manifest;
}

/** Reads a package that lies unpacked in a folder. */
export function readPackage(folder: string, tarball: string): PackedPackage {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const manifest = manifestShape.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  return { tarball, folder, files, manifest };
}

/** Unpacks a tarball below a folder. */
export async function unpack(tarball: string, below: string): Promise<PackedPackage> {
  mkdirSync(below, { recursive: true });
  await runProgram("tar", ["xzf", tarball, "--strip-components=1", "-C", below], below);
  return readPackage(below, tarball);
}

/** What may be imported from a package: `"@vicinal/core"`, `"@vicinal/core/testing"`, and so on. */
export function entriesOf({ name, exports }: Manifest): string[] {
  return Object.entries(exports)
    .filter(([, target]) => typeof target !== "string")
    .map(([path]) => name + path.slice(1));
}
