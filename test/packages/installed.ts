import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedPackage } from "./packed-package.ts";
import { runProgram } from "./run-program.ts";

/** Who installs. npm puts all packages side by side; with pnpm a package finds what it declares, and nothing else. */
export const installers = ["npm", "pnpm"] as const;

export type Installer = (typeof installers)[number];

/** What is installed: packages of ours by name, and others from the registry. */
export interface Wanted {
  readonly ours: readonly string[];
  readonly others: readonly string[];
}

/**
 * Installs into an empty folder, as someone would who types `npm install @vicinal/graph graphology`: names of ours lead to the tarballs, also where one of ours
 * needs another.
 */
export async function install(
  folder: string,
  installer: Installer,
  packages: readonly PackedPackage[],
  { ours, others }: Wanted,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const tarballs = new Map(packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  // npm takes what is installed by name for whoever else needs it, and refuses to be told so twice.
  const unnamed = Object.fromEntries([...tarballs].filter(([name]) => !ours.includes(name)));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", overrides: unnamed }));
  // A workspace file of its own keeps pnpm from looking for one in the folders above.
  writeFileSync(
    join(folder, "pnpm-workspace.yaml"),
    JSON.stringify({ packages: ["."], overrides: Object.fromEntries(tarballs) }),
  );
  const names = [...ours.map((name) => tarballs.get(name) ?? name), ...others];
  if (installer === "npm") {
    await runProgram("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...names], folder);
  } else {
    await runProgram("npx", ["-y", "pnpm@12.21.0", "add", "--workspace-root", "--prefer-offline", ...names], folder);
  }
}
