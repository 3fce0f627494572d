/**
 * The release of the packages, by changesets.
 *
 *     npm run release -- version              turns the changesets into versions and changelogs, here
 *     npm run release -- --dry-run            does all of a release in a copy: nothing here changes, nothing is published
 *     npm run release -- --dry-run --to DIR   and leaves the packages, as they would be published, in DIR
 *     npm run release                         publishes the versions that npm does not have; after `npm run build`
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const changeset = join(root, "node_modules/@changesets/cli/bin.js");
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Where a plug-in says which version it has, or which versions of the packages it needs: their registries read it, so it moves with the packages. */
const withVersions = /\.(ts|md)$/;
const pluginFolders = ["packages/core/src/plugin", "packages/graph/src/plugin", "examples/plugins", "docs"];

function run(command, args, options = {}) {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });
  } catch (error) {
    console.error(`${[basename(command), ...args].join(" ")}\n${error.stdout}${error.stderr}`);
    throw error;
  }
}

/** The packages that are published, dependencies first. */
function publicPackages(folder) {
  const packages = readdirSync(join(folder, "packages")).map((name) => {
    const path = join(folder, "packages", name);
    return { path, manifest: readJson(join(path, "package.json")) };
  });
  const sorted = [];
  const place = (one) => {
    if (sorted.includes(one)) return;
    for (const other of packages) if (other.manifest.name in (one.manifest.dependencies ?? {})) place(other);
    sorted.push(one);
  };
  for (const one of packages) if (!one.manifest.private) place(one);
  return sorted;
}

/** Runs `changeset version`, and carries the new versions to where plug-ins state them. */
function version(folder) {
  const before = new Map(publicPackages(folder).map(({ manifest }) => [manifest.name, manifest.version]));
  console.log(run(process.execPath, [changeset, "version"], { cwd: folder }).trim());
  for (const { path, manifest } of publicPackages(folder)) {
    const old = before.get(manifest.name);
    if (old === manifest.version) continue;
    const identity = join(path, "src/plugin", `${basename(path)}-identity.ts`);
    if (existsSync(identity)) replaceIn(identity, `version: "${old}"`, `version: "${manifest.version}"`);
    for (const of of pluginFolders.map((name) => join(folder, name)).filter(existsSync)) {
      for (const name of readdirSync(of, { recursive: true, encoding: "utf8" })) {
        if (!withVersions.test(name) || /(^|\/)(node_modules|dist|api)\//.test(name)) continue;
        replaceIn(join(of, name), `"${manifest.name}": "^${old}"`, `"${manifest.name}": "^${manifest.version}"`);
      }
    }
  }
}

function replaceIn(path, old, now) {
  const text = readFileSync(path, "utf8");
  if (text.includes(old)) writeFileSync(path, text.replaceAll(old, now));
}

/** A copy of what a release reads, in a repository of its own: changesets compare with a branch. */
function copyTo(folder) {
  const isCopied = (path) => !/[\\/](node_modules|output)$/.test(path);
  for (const name of ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "LICENSE", ".changeset", "packages"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: isCopied });
  }
  cpSync(join(root, "examples/plugins"), join(folder, "examples/plugins"), { recursive: true, filter: isCopied });
  writeFileSync(join(folder, ".gitignore"), "node_modules\ndist\n");
  const git = ["-c", "user.name=release", "-c", "user.email=release@localhost", "-c", "commit.gpgsign=false"];
  run("git", ["init", "--quiet", "--initial-branch", "main"], { cwd: folder });
  run("git", ["add", "--all"], { cwd: folder });
  run("git", [...git, "commit", "--quiet", "--no-verify", "--message", "Before the release"], { cwd: folder });
}

/** pnpm by the version that the repository pins, from npm's cache where it is there. */
function pnpmPath() {
  const pinned = /pnpm@\S+/.exec(readJson(join(root, "package.json")).scripts.setup)[0];
  return run("npx", ["-y", `--package=${pinned}`, "--", "node", "-p", "process.env.PATH"], {
    env: { ...process.env, npm_config_prefer_offline: "true" },
  })
    .trim()
    .split(":")
    .map((folder) => join(folder, "pnpm"))
    .find(existsSync);
}

/** Packs every package of a copy as `pnpm publish` does, and lets it go through all of publishing but the upload. */
function packAndPretend(folder, to) {
  const pnpm = pnpmPath();
  const env = { ...process.env, npm_config_offline: "true" };
  mkdirSync(to, { recursive: true });
  for (const { path, manifest } of publicPackages(folder)) {
    // pnpm reads the versions of workspace packages where an install would have linked them.
    for (const other of publicPackages(folder)) {
      if (!(other.manifest.name in (manifest.dependencies ?? {}))) continue;
      const link = join(path, "node_modules", other.manifest.name);
      mkdirSync(join(link, ".."), { recursive: true });
      symlinkSync(other.path, link);
    }
    const tarball = run(pnpm, ["pack", "--pack-destination", to], { cwd: path, env }).trim().split("\n").at(-1);
    run(pnpm, ["publish", tarball, "--dry-run", "--no-git-checks", "--access", "public", "--tag", "latest"], {
      cwd: to,
      env,
    });
    console.log(`${manifest.name} ${manifest.version}: would be published (${basename(tarball)})`);
  }
}

function dryRun(to) {
  const scratch = mkdtempSync(join(tmpdir(), "vicinal-release-"));
  try {
    const copy = join(scratch, "copy");
    copyTo(copy);
    console.log(run(process.execPath, [changeset, "status"], { cwd: copy }).trim());
    version(copy);
    packAndPretend(copy, to ?? join(scratch, "packages"));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "dry-run": { type: "boolean", default: false },
    to: { type: "string" },
    root: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run release -- [version] [options]

Publishes the packages; with "version" turns changesets into versions and changelogs.

  --dry-run      all of a release in a copy, without publishing
  --to FOLDER    where a dry run leaves the tarballs
  --root FOLDER  the repository to version`);
} else if (values["dry-run"]) dryRun(values.to && resolve(values.to));
else if (positionals[0] === "version") version(values.root ? resolve(values.root) : root);
else if (positionals.length === 0) {
  // changesets publishes by the pnpm that it finds on the path.
  const path = `${join(pnpmPath(), "..")}:${process.env.PATH}`;
  execFileSync(process.execPath, [changeset, "publish"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
} else throw new Error(`release: got "${positionals.join(" ")}"; expected "version", "--dry-run" or nothing.`);
