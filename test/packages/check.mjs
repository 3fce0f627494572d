/**
 * Packs every public package and looks at it as someone who installs it would find it: publint and "are the types wrong" on the tarball, the
 * files in it, and a program that runs on nothing but the tarballs.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const packages = join(root, "packages");
const bin = (name) => join(root, "node_modules/.bin", name);
const folder = mkdtempSync(join(tmpdir(), "vicinal-packages-"));

/** Labels a graph with what was installed. */
const program = `
import { karateClub } from "@vicinal/datasets";
import { labelNodes } from "@vicinal/graph";

const graph = karateClub();
const labels = await labelNodes(graph, { label: (node) => ({ 0: "a", 33: "b" })[node], epochs: 5 });
if (Object.keys(labels).length !== graph.order) throw new Error("not every node got a label");
`;

/** Runs a program and shows what it printed only if it failed. */
function quietly(command, args, options = {}) {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });
  } catch (error) {
    console.error(`${command} ${args.join(" ")}\n${error.stdout}${error.stderr}`);
    throw error;
  }
}

function checkFiles(tarball) {
  const files = quietly("tar", ["tzf", tarball]).trim().split("\n");
  for (const needed of ["README.md", "LICENSE", "dist/index.js", "dist/index.d.ts", "src/index.ts"]) {
    if (!files.includes(`package/${needed}`)) throw new Error(`${tarball}: expected ${needed} in the package.`);
  }
  const extra = files.filter((file) => /\.test(-d)?\.|tsbuildinfo/.test(file));
  if (extra.length > 0) throw new Error(`${tarball}: expected no tests and build records, got ${extra.join(", ")}.`);
}

try {
  for (const name of readdirSync(packages)) {
    quietly("npx", ["-y", "pnpm@12.21.0", "pack", "--pack-destination", folder], { cwd: join(packages, name) });
  }
  const tarballs = readdirSync(folder).map((name) => join(folder, name));
  for (const tarball of tarballs) {
    checkFiles(tarball);
    quietly(bin("publint"), ["run", tarball, "--strict"]);
    quietly(bin("attw"), [tarball, "--profile", "esm-only"]);
    console.log(`${tarball.slice(folder.length + 1)}: files, publint, types`);
  }
  const user = join(folder, "user");
  mkdirSync(user);
  writeFileSync(join(user, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(user, "program.js"), program);
  quietly("npm", ["install", "--no-audit", "--no-fund", ...tarballs], { cwd: user });
  quietly("node", ["program.js"], { cwd: user });
  console.log("installed together: labels a graph");
} finally {
  rmSync(folder, { recursive: true });
}
