// Compiles the AssemblyScript kernels into src/engine/wasm/*.generated.ts, which hold modules as text: no loader or bundler
// set-up is needed to use them. Does nothing when the inputs are those of the last time.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc, { version } from "assemblyscript/asc";

const folder = dirname(fileURLToPath(import.meta.url));

/**
 * The modules: what every program has, and what only some have, each a file of its own, so that a bundler leaves out what nothing imports. All
 * of an engine are in one memory: the constants of each begin at its `memoryBase`, and all end before the `HEAP_BASE` of linked-wasm-engine.ts.
 * None begins at the first addresses, which stand for buffers of no numbers.
 */
const modules = [
  { entry: "index", target: "kernels", memoryBase: 1024 },
  { entry: "index-gates", target: "gates", memoryBase: 2048 },
  { entry: "index-selection", target: "selection", memoryBase: 3072 },
  { entry: "index-dense-attention", target: "dense-attention", memoryBase: 4096 },
];
/** Bytes for the constants of a module. */
const ROOM = 1000;
const VECTOR = 16;

// A maximum, so that one bit makes the imported memory a shared one: see src/engine/wasm/memory-import.ts.
const flags = [
  "-O3",
  // The same numbers for locals of the same use: as fast, and smaller once compressed. A `--shrinkLevel` of 1 takes a tenth off, but makes the copying of
  // rows and the steps of Adam a third slower or worse.
  "--runPasses",
  "simplify-locals-nostructure,coalesce-locals,reorder-locals",
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

// Characters of one byte that stand in a string as they are, in the order of how often minified programs have them.
const CHARACTERS = "etnr,ias().o=lu:dhcf{}pgm;w[]0vb2y1>x3#&?k*+_-4!SMRA/UEq|8PO6<jzGT75CWDI9NLFB@VHKZJQXY^%'~";

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

const fileOf = ({ target }) => join(folder, `../src/engine/wasm/${target}.generated.ts`);

if (modules.map(fileOf).every((file) => existsSync(file) && readFileSync(file, "utf8").includes(fingerprint))) {
  console.error("kernels: up to date");
} else {
  const built = [];
  for (const module of modules) built.push({ ...module, ...(await compile(module)) });
  const alphabet = alphabetFor(Buffer.concat(built.map(({ bytes }) => bytes)));
  for (const module of built) write(module, alphabet);
}

async function compile({ entry, memoryBase }) {
  const files = new Map();
  const { error, stdout, stderr } = await asc.main(
    // 112 warns of vectors in the signatures of functions between files; none of them is exported from the module.
    [
      `${entry}.ts`,
      "--baseDir",
      folder,
      "--outFile",
      "kernels.wasm",
      "--textFile",
      "kernels.wat",
      "--bindings",
      "raw",
    ].concat(["--disableWarning", "112", "--memoryBase", String(memoryBase)], flags),
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  process.stdout.write(stdout.toString());
  process.stderr.write(stderr.toString());
  if (error) throw error;
  checkConstants(files.get("kernels.wat"), memoryBase);
  const signatures = [...files.get("kernels.d.ts").matchAll(/^ *export function (\w+)(.*);$/gm)];
  return { bytes: Buffer.from(files.get("kernels.wasm")), signatures };
}

function write({ target, bytes, signatures }, alphabet) {
  const file = fileOf({ target });
  // Renamed into place, so that two builds at once never leave half a file.
  const draft = `${file}.${process.pid}`;
  writeFileSync(
    draft,
    [
      "// Written by assembly/build.mjs from the AssemblyScript beside it. Do not edit.",
      fingerprint,
      "",
      'import type { PackedModule } from "./module.ts";',
      "",
      "/** What the module exports. Addresses and counts are unsigned 32-bit numbers. */",
      `export interface ${typeName(target)} {`,
      ...signatures.map(([, name, signature]) => `  ${name}${signature};`),
      "}",
      "",
      `export const ${constantName(target)}: PackedModule = {`,
      `  productSites: [${productSites(bytes).join(", ")}],`,
      `  text: "${asText(bytes, alphabet)}",`,
      "};",
      ...(target === modules[0].target
        ? [
            "",
            "/** For each byte the character that stands for it, or a space: those bytes have the characters from 160 on. */",
            `export const kernelAlphabet = "${alphabet.join("")}";`,
          ]
        : []),
      "",
    ].join("\n"),
  );
  renameSync(draft, file);
  console.error(`${target}: ${bytes.length} bytes, ${signatures.length} exports`);
}

/** For each byte a character: those that a program has most for those that modules have most, so that one code serves both when they are compressed. */
function alphabetFor(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const alphabet = new Array(256).fill(" ");
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  for (let k = 0; k < CHARACTERS.length; k++) alphabet[order[k]] = CHARACTERS[k];
  return alphabet;
}

/** `dense-attention` is `DenseAttentionExports`. */
function typeName(target) {
  return `${target.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase())}Exports`;
}

/** `dense-attention` is `denseAttentionModule`. */
function constantName(target) {
  return `${target.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}Module`;
}

/**
 * A module as the inside of a string literal: a character for each byte. Not in base64, which takes as many bytes but compresses to 1.4 times as many:
 * bytes that are alike are no longer alike in it. Nor compressed already: in base64 among a program's own text that takes no fewer bytes.
 */
function asText(module, alphabet) {
  let others = 160;
  const characters = alphabet.map((character) => (character === " " ? String.fromCharCode(others++) : character));
  return Array.from(module, (byte) => characters[byte]).join("");
}

/** The constants of a module must end before those of the next begin. None is longer than a vector. */
function checkConstants(text, memoryBase) {
  const places = [...text.matchAll(/^ *\(data \S+ \(i32\.const (\d+)\)/gm)].map(([, at]) => Number(at));
  if (places.length === 0 || Math.min(...places) < memoryBase || Math.max(...places) + VECTOR > memoryBase + ROOM)
    throw new Error(
      `kernels: got constants at ${places.join(", ")}; expected some, all in ${ROOM} bytes from ${memoryBase}.`,
    );
}

/**
 * Where the module multiplies and adds what comes out to a local that the sum replaces: `f32x4.mul, local.get c, f32x4.add, local.set c`. Only
 * the micro-kernels do: eight sums each, inlined in products and in dense attention.
 */
function productSites(module) {
  const leb = "[\\x80-\\xff]*[\\x00-\\x7f]";
  const pattern = new RegExp(`\\xfd\\xe6\\x01\\x20(${leb})\\xfd\\xe4\\x01\\x21(${leb})`, "g");
  const found = [...module.toString("latin1").matchAll(pattern)].filter(([, read, written]) => read === written);
  const isProduct = found.length === 16;
  if (!isProduct && found.length !== 0)
    throw new Error(`kernels: found ${found.length} sums of products; expected 2 micro-kernels of 8, or none.`);
  return found.map(({ index }) => index);
}
