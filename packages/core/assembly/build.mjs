// Compiles the AssemblyScript kernels into src/engine/wasm/*.generated.ts, which hold modules as text: no loader or bundler
// set-up is needed to use them. Does nothing when the inputs are those of the last time.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc, { version } from "assemblyscript/asc";
import ts from "typescript";
import { pack } from "./pack.mjs";

const folder = dirname(fileURLToPath(import.meta.url));

/**
 * The modules: what every program has, and what only some have, each a file of its own, so that a bundler leaves out what nothing imports. All
 * of an engine are in one memory, the first always among them: what its constants have in common with those of the others is in the first alone.
 */
const modules = [
  { entry: "index", target: "kernels" },
  { entry: "index-gates", target: "gates" },
  { entry: "index-selection", target: "selection" },
  { entry: "index-dense-attention", target: "dense-attention" },
];
/** Where constants begin: not at the first addresses, which stand for buffers of no numbers. All end before the `HEAP_BASE` of linked-wasm-engine.ts. */
const MEMORY_BASE = 1024;

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

/** What reads packed modules: each is tried on it. */
const unpacker = ["engine/wasm/unpack.ts", "compiler/binary-format.ts"].map((name) => join("../src", name));

const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") || name.endsWith(".mjs"))
  .sort();
const hash = createHash("sha256").update(version);
for (const name of [...sources, ...unpacker])
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
  for (const { entry } of modules) built.push(await compile(entry));
  const { packed, instructionSet } = pack(built.map(({ bytes }) => bytes));
  const { unpack } = await loadUnpacker();
  const unpacked = packed.map((module) => unpack(module, instructionSet));
  // What is unpacked must be the same program, which packed again gives the same text.
  if (JSON.stringify(pack(unpacked).packed) !== JSON.stringify(packed))
    throw new Error(
      "kernels: got other modules out of what was packed; expected the same. unpack.ts and pack.mjs disagree.",
    );
  modules.forEach(({ target }, k) => {
    write(
      target,
      built[k].signatures,
      { ...packed[k], productSites: productSites(Buffer.from(unpacked[k])) },
      instructionSet,
    );
    console.error(`${target}: ${unpacked[k].length} bytes, ${built[k].signatures.length} exports`);
  });
}

async function compile(entry) {
  const files = new Map();
  const { error, stdout, stderr } = await asc.main(
    // 112 warns of vectors in the signatures of functions between files; none of them is exported from the module.
    [`${entry}.ts`, "--baseDir", folder, "--outFile", "kernels.wasm", "--bindings", "raw"].concat(
      ["--disableWarning", "112", "--memoryBase", String(MEMORY_BASE)],
      flags,
    ),
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  process.stdout.write(stdout.toString());
  process.stderr.write(stderr.toString());
  if (error) throw error;
  const signatures = [...files.get("kernels.d.ts").matchAll(/^ *export function (\w+)(.*);$/gm)];
  return { bytes: Buffer.from(files.get("kernels.wasm")), signatures };
}

function write(target, signatures, packed, instructionSet) {
  const file = fileOf({ target });
  // Renamed into place, so that two builds at once never leave half a file.
  const draft = `${file}.${process.pid}`;
  writeFileSync(
    draft,
    [
      "// Written by assembly/build.mjs from the AssemblyScript beside it. Do not edit.",
      fingerprint,
      "",
      'import type { PackedModule } from "./unpack.ts";',
      "",
      "/** What the module exports. Addresses and counts are unsigned 32-bit numbers. */",
      `export interface ${typeName(target)} {`,
      ...signatures.map(([, name, signature]) => `  ${name}${signature};`),
      "}",
      "",
      `export const ${constantName(target)}: PackedModule = ${JSON.stringify(packed, undefined, 2)};`,
      ...(target === modules[0].target
        ? ["", "/** The instructions of all modules. */", `export const instructionSet = "${instructionSet}";`]
        : []),
      "",
    ].join("\n"),
  );
  renameSync(draft, file);
}

/** The package's own reader, from its TypeScript, which Node 20 does not read. */
async function loadUnpacker() {
  const root = mkdtempSync(join(tmpdir(), "vicinal-kernels-"));
  try {
    for (const source of unpacker) {
      const target = join(root, source.replace("../src", "src").replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      const compilerOptions = { module: "esnext", target: "es2022", rewriteRelativeImportExtensions: true };
      writeFileSync(
        target,
        ts.transpileModule(readFileSync(join(folder, source), "utf8"), { compilerOptions }).outputText,
      );
    }
    writeFileSync(join(root, "package.json"), '{ "type": "module" }');
    return await import(pathToFileURL(join(root, "src/engine/wasm/unpack.js")));
  } finally {
    rmSync(root, { recursive: true });
  }
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
