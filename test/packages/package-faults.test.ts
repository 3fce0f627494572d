import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageFaults } from "./package-faults.ts";
import { readPackage } from "./packed-package.ts";

const manifest = {
  name: "@vicinal/sample",
  version: "1.0.0",
  license: "MIT",
  sideEffects: false,
  repository: { url: "git+https://example.org/sample.git", directory: "packages/sample" },
  publishConfig: { access: "public", provenance: true },
  exports: {
    ".": { "@vicinal/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./package.json": "./package.json",
  },
  dependencies: { "ml-matrix": "^6.0.0" },
};

const sound: Readonly<Record<string, string>> = {
  "README.md": "",
  LICENSE: "",
  "CHANGELOG.md": "",
  "package.json": JSON.stringify(manifest),
  "src/index.ts": `export { part } from "./part.ts"; export type { Shape } from "./shape.ts";`,
  "src/part.ts": `import { Matrix } from "ml-matrix"; import "node:fs"; export const part = Matrix;`,
  "src/shape.ts": "export interface Shape {}",
  "dist/index.js": `export { part } from "./part.js";`,
  "dist/index.d.ts": `export { part } from "./part.ts"; export type { Shape } from "./shape.ts";`,
  "dist/part.js": `import { Matrix } from "ml-matrix"; import "node:fs"; export const part = Matrix;`,
  "dist/part.js.map": JSON.stringify({ sources: ["../src/part.ts"] }),
  "dist/part.d.ts": "export declare const part: object;",
  "dist/shape.js": "export {};",
  "dist/shape.d.ts": "export interface Shape {}",
};

describe("packageFaults", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vicinal-faults-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** The faults of the sound package with some files changed, and some (undefined) left out. */
  function faultsWith(changes: Readonly<Record<string, string | undefined>>): string[] {
    for (const [path, text] of Object.entries({ ...sound, ...changes })) {
      if (text === undefined) continue;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return packageFaults(readPackage(folder, "sample.tgz"));
  }

  it("has nothing to say of a sound package", () => {
    expect(faultsWith({})).toEqual([]);
  });

  it.each([
    ["a missing changelog", { "CHANGELOG.md": undefined }, "CHANGELOG.md is missing"],
    ["a missing licence", { LICENSE: undefined }, "LICENSE is missing"],
    ["an export that is missing", { "dist/index.js": undefined }, "exports name ./dist/index.js, which is missing"],
    [
      "a module that is missing",
      { "dist/shape.d.ts": undefined },
      "dist/index.d.ts imports ./shape.ts, which is missing",
    ],
    ["a test", { "src/part.test.ts": `import "./part.ts";` }, "src/part.test.ts is a test or a record of the build"],
    ["a helper of tests", { "dist/testing/draw.js": "" }, "dist/testing/draw.js is reached from no export"],
    [
      "an import that is not declared",
      { "dist/shape.js": `await import("zod/v4");` },
      "dist/shape.js imports zod, which is not among its dependencies",
    ],
    [
      "an undeclared import in types alone",
      { "dist/shape.d.ts": `import type { A } from "@types/a/b"; export type Shape = A;` },
      "dist/shape.d.ts imports @types/a, which is not among its dependencies",
    ],
    [
      "a map to a source that is missing",
      { "dist/part.js.map": JSON.stringify({ sources: ["../src/gone.ts"] }) },
      "dist/part.js.map leads to ../src/gone.ts, which is missing",
    ],
    [
      "a worker that is missing",
      { "dist/shape.js": `new Worker(new URL("./worker.js", import.meta.url));` },
      "dist/shape.js imports ./worker.js, which is missing",
    ],
    [
      "a version that only a workspace understands",
      { "package.json": JSON.stringify({ ...manifest, dependencies: { "ml-matrix": "catalog:" } }) },
      "ml-matrix is needed as catalog:: npm cannot read that",
    ],
    [
      "a dependency that nothing imports",
      { "package.json": JSON.stringify({ ...manifest, dependencies: { "ml-matrix": "^6.0.0", zod: "^4.0.0" } }) },
      "zod is a dependency that nothing imports",
    ],
    [
      "no provenance",
      { "package.json": JSON.stringify({ ...manifest, publishConfig: { access: "public", provenance: false } }) },
      "publishConfig.provenance is not true",
    ],
    [
      "side effects",
      { "package.json": JSON.stringify({ ...manifest, sideEffects: true }) },
      "sideEffects is not false: bundlers keep what is not used",
    ],
  ] as const)("names %s", (_, changes, fault) => {
    expect(faultsWith(changes)).toContain(fault);
  });
});
