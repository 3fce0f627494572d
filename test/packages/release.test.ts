import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const names = ["core", "graph", "molecules", "datasets"] as const;

/** The version after one, where something that users call was added. */
const next = (version: string) =>
  version.replace(/^(\d+)\.(\d+)\.\d+$/, (_, major, minor) => `${major}.${Number(minor) + 1}.0`);

/** changesets ask git when a change came to be. */
const hasGit = spawnSync("git", ["--version"]).status === 0;

describe.skipIf(!hasGit)("npm run release -- version (needs git)", () => {
  let copy = "";
  const read = (path: string) => readFileSync(join(copy, path), "utf8");
  const manifestOf = (folder: string, name: string): { version: string } =>
    JSON.parse(readFileSync(join(folder, "packages", name, "package.json"), "utf8"));

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "vicinal-version-"));
    const files = [
      "package.json",
      "pnpm-workspace.yaml",
      "pnpm-lock.yaml",
      ".changeset/config.json",
      "packages/core/src/plugin/core-identity.ts",
      "packages/graph/src/plugin/graph-identity.ts",
      "packages/graph/src/plugin/graph-plugin.ts",
      "docs/write-a-plug-in.md",
      ...names.flatMap((name) => [`packages/${name}/package.json`, `packages/${name}/CHANGELOG.md`]),
    ];
    for (const file of files) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(root, file), join(copy, file));
    }
    writeFileSync(join(copy, ".changeset/sample.md"), `---\n"@vicinal/core": minor\n---\n\nTensors can sing.\n`);
    execFileSync("git", ["init", "--quiet", "--initial-branch", "main"], { cwd: copy });
    execFileSync(process.execPath, [join(root, ".changeset/release.mjs"), "version", "--root", copy], {
      stdio: "pipe",
    });
  });

  afterAll(() => {
    rmSync(copy, { recursive: true });
  });

  it.each(names)("gives %s the next version, as it does all packages", (name) => {
    expect(manifestOf(copy, name).version).toBe(next(manifestOf(root, name).version));
  });

  it("writes what changed to the changelog of the package", () => {
    const { version } = manifestOf(copy, "core");
    expect(read("packages/core/CHANGELOG.md")).toMatch(
      new RegExp(`^# @vicinal/core\\n\\n## ${version}\\n[^]*Tensors can sing\\.[^]*\\n## `),
    );
    expect(read("packages/graph/CHANGELOG.md")).not.toContain("Tensors can sing.");
  });

  it("carries the version to where plug-ins state it", () => {
    const { version } = manifestOf(copy, "core");
    expect(read("packages/core/src/plugin/core-identity.ts")).toContain(`version: "${version}"`);
    expect(read("packages/graph/src/plugin/graph-identity.ts")).toContain(`version: "${version}"`);
    expect(read("packages/graph/src/plugin/graph-plugin.ts")).toContain(`needs: { "@vicinal/core": "^${version}" }`);
    expect(read("docs/write-a-plug-in.md")).toContain(`"@vicinal/core": "^${version}"`);
  });
});
