import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { runProgram } from "./run-program.ts";

/** A Node to run programs with. */
export interface NodeProgram {
  readonly path: string;
  /** Such as `"v20.20.2"`. */
  readonly version: string;
}

/** Where version managers and build machines keep Nodes: folders of folders with `bin/node`. */
const keepers = [
  join(homedir(), ".nvm/versions/node"),
  join(homedir(), ".volta/tools/image/node"),
  join(homedir(), ".local/share/fnm/node-versions"),
  "/usr/local/n/versions/node",
  join(process.env["RUNNER_TOOL_CACHE"] ?? "/opt/hostedtoolcache", "node"),
];

/** The Node that runs this, then each other version that the machine has. */
export async function nodesAtHand(): Promise<NodeProgram[]> {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "node"));
  const kept = keepers.filter(existsSync).flatMap((keeper) =>
    readdirSync(keeper).flatMap((name) => {
      const folders = ["bin", "x64/bin", "arm64/bin", "installation/bin"];
      return folders.map((folder) => join(keeper, name, folder, "node"));
    }),
  );
  const paths = [process.execPath, ...onPath, ...kept].filter(existsSync).map((path) => realpathSync(path));
  const nodes = new Map<string, NodeProgram>();
  for (const path of new Set(paths)) {
    const version = (await runProgram(path, ["--version"], process.cwd())).trim();
    if (!nodes.has(version)) nodes.set(version, { path, version });
  }
  return [...nodes.values()];
}

/** A Node of a version that the machine does not have, from npm: `"26"` is the last of that line. */
export async function nodeFromNpm(version: string, folder: string): Promise<NodeProgram> {
  await runProgram(
    "npm",
    ["install", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline", `node@${version}`],
    process.cwd(),
  );
  const path = join(folder, "node_modules/node/bin/node");
  return { path, version: (await runProgram(path, ["--version"], folder)).trim() };
}
