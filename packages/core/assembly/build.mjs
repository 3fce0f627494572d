// Compiles the AssemblyScript kernels into src/engine/wasm/kernels.generated.ts, which holds the module as base64: no loader
// or bundler set-up is needed to use it. Does nothing when the inputs are those of the last time.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc, { version } from "assemblyscript/asc";

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, "../src/engine/wasm/kernels.generated.ts");

// A maximum, so that one bit makes the imported memory a shared one: see src/engine/wasm/memory-import.ts.
const flags = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--importMemory",
  "--noExportMemory",
  "--maximumMemory",
  "65536",
];

const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") || name.endsWith(".mjs"))
  .sort();
const hash = createHash("sha256").update(version);
for (const name of sources)
  hash
    .update(name)
    .update("\0")
    .update(readFileSync(join(folder, name)))
    .update("\0");
const fingerprint = `// Inputs: sha256 ${hash.digest("hex")}`;

if (existsSync(target) && readFileSync(target, "utf8").includes(fingerprint)) {
  console.error("kernels: up to date");
} else {
  await build();
}

async function build() {
  const files = new Map();
  const { error, stdout, stderr } = await asc.main(
    // 112 warns of vectors in the signatures of functions between files; none of them is exported from the module.
    [
      "index.ts",
      "--baseDir",
      folder,
      "--outFile",
      "kernels.wasm",
      "--textFile",
      "kernels.wat",
      "--bindings",
      "raw",
    ].concat(["--disableWarning", "112"], flags),
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  process.stdout.write(stdout.toString());
  process.stderr.write(stderr.toString());
  if (error) throw error;

  const signatures = [...files.get("kernels.d.ts").matchAll(/^ *export function (\w+)(.*);$/gm)];
  // Renamed into place, so that two builds at once never leave half a file.
  const draft = `${target}.${process.pid}`;
  writeFileSync(
    draft,
    [
      "// Written by assembly/build.mjs from the AssemblyScript beside it. Do not edit.",
      fingerprint,
      "",
      "/** What the module exports. Addresses and counts are unsigned 32-bit numbers. */",
      "export interface KernelExports {",
      ...signatures.map(([, name, signature]) => `  ${name}${signature};`),
      "}",
      "",
      "export const kernelExportNames: readonly (keyof KernelExports)[] = [",
      ...signatures.map(([, name]) => `  "${name}",`),
      "];",
      "",
      "/** The module in base64. */",
      "export const kernelModule =",
      `  "${Buffer.from(files.get("kernels.wasm")).toString("base64")}";`,
      "",
    ].join("\n"),
  );
  renameSync(draft, target);
  console.error(`kernels: ${files.get("kernels.wasm").length} bytes, ${signatures.length} exports`);
}
