/**
 * Looks at the packages as someone who installs them finds them: packs them as a release does, reads what is in them, installs them with npm and with pnpm into empty
 * folders, and there imports, type-checks, runs and bundles them.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { firstProgram, withoutTypes } from "./documented-program.ts";
import { type Installer, install, installers } from "./installed.ts";
import { needlesslyKept } from "./kept-modules.ts";
import { type NodeProgram, nodeFromNpm, nodesAtHand } from "./nodes.ts";
import { packageFaults } from "./package-faults.ts";
import { entriesOf, type PackedPackage, unpack } from "./packed-package.ts";
import { runProgram } from "./run-program.ts";
import { resolutions, typeErrors } from "./type-check.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const { values } = parseArgs({ options: { node: { type: "string" } } });
const scratch = mkdtempSync(join(tmpdir(), "vicinal-packages-"));
try {
  const packages = await packed();
  await Promise.all(packages.map(checkContents));
  const nodes = await nodesAtHand();
  if (values.node !== undefined) nodes.push(await nodeFromNpm(values.node, join(scratch, "node")));
  for (const installer of installers) {
    await checkReadme(installer, packages, nodes);
    await checkTogether(installer, packages, nodes);
  }
  if (nodes.length === 1)
    console.log(`run in ${nodes[0]?.version} alone: there is no other (--node 26 takes one from npm)`);
} finally {
  rmSync(scratch, { recursive: true });
}

/** The packages as `npm run release` would publish them. */
async function packed(): Promise<PackedPackage[]> {
  const tarballs = join(scratch, "tarballs");
  await runProgram(process.execPath, [join(root, ".changeset/release.mjs"), "--dry-run", "--to", tarballs], root);
  console.log("release: changesets, and all of publishing but the upload");
  return Promise.all(
    readdirSync(tarballs).map((name) => unpack(join(tarballs, name), join(scratch, "unpacked", name))),
  );
}

function expectNone(what: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${what}: ${faults.length} faults.\n${faults.join("\n")}`);
}

async function checkContents(one: PackedPackage): Promise<void> {
  expectNone(basename(one.tarball), packageFaults(one));
  const bin = (name: string) => join(root, "node_modules/.bin", name);
  await runProgram(bin("publint"), ["run", one.tarball, "--strict"], root);
  await runProgram(bin("attw"), [one.tarball, "--profile", "esm-only"], root);
  console.log(`${one.manifest.name}: contents, dependencies, maps, publint, types of every export`);
}

/** The README's first example in a folder with nothing but `npm install @vicinal/graph graphology`. */
async function checkReadme(
  installer: Installer,
  packages: readonly PackedPackage[],
  nodes: readonly NodeProgram[],
): Promise<void> {
  const folder = join(scratch, `readme-${installer}`);
  await install(folder, installer, packages, { ours: ["@vicinal/graph"], others: ["graphology"] });
  const { code, prints } = firstProgram(join(root, "README.md"));
  // As it stands, in both languages.
  writeFileSync(join(folder, "readme.js"), code);
  writeFileSync(join(folder, "readme.ts"), code);
  await expectPrints(folder, "readme.js", prints, nodes);
  for (const [name, resolution] of Object.entries(resolutions)) {
    expectNone(`README.md, module resolution ${name}`, typeErrors(folder, ["readme.ts"], resolution));
  }
  if (installer === "npm") expectNone("bundles", await needlesslyKept(folder));
  console.log(
    `${installer} install @vicinal/graph graphology: the README's lines run in ${versionsOf(nodes)} and type-check`,
  );
}

/** Every entry of every package imported and type-checked, and the first example of each package's README. */
async function checkTogether(
  installer: Installer,
  packages: readonly PackedPackage[],
  nodes: readonly NodeProgram[],
): Promise<void> {
  const folder = join(scratch, `all-${installer}`);
  await install(folder, installer, packages, {
    ours: packages.map(({ manifest }) => manifest.name),
    others: ["graphology"],
  });
  const entries = packages.flatMap(({ manifest }) => entriesOf(manifest));
  writeFileSync(join(folder, "entries.js"), importsWithoutTraces(entries));
  writeFileSync(
    join(folder, "entries.ts"),
    entries.map((entry, k) => `export * as entry${k} from "${entry}";`).join("\n"),
  );
  await expectPrints(folder, "entries.js", "", nodes);
  for (const [name, resolution] of Object.entries(resolutions)) {
    expectNone(`all entries, module resolution ${name}`, typeErrors(folder, ["entries.ts"], resolution));
  }
  mkdirSync(join(folder, "examples"));
  for (const { manifest, folder: unpacked } of packages) {
    const { code, prints } = firstProgram(join(unpacked, "README.md"));
    const file = join("examples", `${basename(manifest.name)}.js`);
    writeFileSync(join(folder, file), withoutTypes(code));
    await expectPrints(folder, file, prints, nodes);
  }
  console.log(
    `${installer} install of all: ${entries.length} entries and an example of each package in ${versionsOf(nodes)}`,
  );
}

/**
 * A program that imports each entry, and finds nothing new in the global scope afterwards and nobody listening to the process. zod, which datasets reads metadata with,
 * keeps two names of its own there.
 */
function importsWithoutTraces(entries: readonly string[]): string {
  return `const traces = () => [...Object.getOwnPropertyNames(globalThis), ...process.eventNames().map(String)];
const before = new Set(traces());
for (const entry of ${JSON.stringify(entries)}) {
  const names = Object.keys(await import(entry));
  if (names.length === 0) throw new Error(entry + " exports nothing");
  const added = traces().filter((name) => !before.has(name) && !name.startsWith("__zod_"));
  if (added.length > 0) throw new Error(entry + " leaves traces: " + added);
}
`;
}

async function expectPrints(
  folder: string,
  file: string,
  expected: string,
  nodes: readonly NodeProgram[],
): Promise<void> {
  for (const { path, version } of nodes) {
    const printed = (await runProgram(path, [file], folder)).trimEnd();
    if (printed !== expected) throw new Error(`${file} in ${version}: got\n${printed}\nexpected\n${expected}`);
  }
}

function versionsOf(nodes: readonly NodeProgram[]): string {
  return nodes.map(({ version }) => version).join(", ");
}
