// Compiles the AssemblyScript kernels into src/engine/wasm/kernels.generated.ts, which holds the module as text: no loader
// or bundler set-up is needed to use it. Does nothing when the inputs are those of the last time.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc, { version } from "assemblyscript/asc";

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, "../src/engine/wasm/kernels.generated.ts");

// What makes most bytes of the module printable.
const SHIFT = 35;

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

  const module = Buffer.from(files.get("kernels.wasm"));
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
      "/** The module: a character for each byte, whose code is the byte plus `kernelShift`, modulo 256. */",
      "export const kernelModule =",
      `  "${asText(module)}";`,
      "",
      "export const kernelShift =",
      `  ${SHIFT};`,
      "",
      "/** Where in the module the products of dense products are: see relaxed-products.ts. */",
      "export const productSites: readonly number[] = [",
      `  ${productSites(module).join(", ")},`,
      "];",
      "",
    ].join("\n"),
  );
  renameSync(draft, target);
  console.error(`kernels: ${module.length} bytes, ${signatures.length} exports`);
}

/**
 * The module as the inside of a string literal. Not in base64, which takes as many bytes but compresses to 1.4 times as many: bytes of the module that are
 * alike are no longer alike in it.
 */
function asText(module) {
  return Array.from(module, (byte) => {
    const code = (byte + SHIFT) % 256;
    if (code < 0x20 || code > 0x7e) return `\\x${code.toString(16).padStart(2, "0")}`;
    const character = String.fromCharCode(code);
    return character === '"' || character === "\\" ? `\\${character}` : character;
  }).join("");
}

/**
 * Where the module multiplies and adds what comes out to a local that the sum replaces: `f32x4.mul, local.get c, f32x4.add, local.set c`. Only
 * the micro-kernels do: eight sums each, inlined in products and in dense attention.
 */
function productSites(module) {
  const leb = "[\\x80-\\xff]*[\\x00-\\x7f]";
  const pattern = new RegExp(`\\xfd\\xe6\\x01\\x20(${leb})\\xfd\\xe4\\x01\\x21(${leb})`, "g");
  const found = [...module.toString("latin1").matchAll(pattern)].filter(([, read, written]) => read === written);
  if (found.length !== 32)
    throw new Error(`kernels: found ${found.length} sums of products; expected 4 micro-kernels of 8.`);
  return found.map(({ index }) => index);
}
