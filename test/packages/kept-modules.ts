import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundledModules } from "./bundled-modules.ts";

/**
 * What bundlers keep without need, a sentence each.
 *
 * @param folder - Where core and graph are installed.
 */
export async function needlesslyKept(folder: string): Promise<string[]> {
  return [...(await keptForScore(folder)), ...(await keptForLayer(folder)), ...(await keptForNothing(folder))];
}

/** A score is an expression: it pulls in the language of expressions, and no engine, tensor or layer. */
async function keptForScore(folder: string): Promise<string[]> {
  const modules = await bundledModules(folder, `import { dot } from "@vicinal/core"; console.log(dot());`);
  const isNeeded = /^@vicinal\/core\/dist\/(attention\/score|expression)\/|^@vicinal\/core\/dist\/errors\.js$/;
  if (!modules.includes("@vicinal/core/dist/attention/score/dot.js")) return ["dot: the score is not in its bundle"];
  return modules.filter((path) => !isNeeded.test(path)).map((path) => `dot: a bundle with it alone holds ${path}`);
}

/** A layer pulls in what it computes with, and no other layer, model, task or reader of graphs. */
async function keptForLayer(folder: string): Promise<string[]> {
  const modules = await bundledModules(folder, `import { GCNConv } from "@vicinal/graph"; console.log(GCNConv);`);
  const ours = modules.filter((path) => path.startsWith("@vicinal/"));
  if (!ours.includes("@vicinal/graph/dist/layers/gcn.js")) return ["GCNConv: the layer is not in its bundle"];
  const isElsewhere =
    /^@vicinal\/graph\/dist\/(?!layers\/|index\.js$)|^@vicinal\/core\/dist\/(image|optim|plugin|save|sequence|testing)\//;
  const isLayer = (path: string) =>
    /export class \w+(Conv|Layer)\b/.test(readFileSync(join(folder, "node_modules", path), "utf8"));
  const others = ours
    .filter((path) => path.startsWith("@vicinal/graph/dist/layers/") && !path.endsWith("/gcn.js"))
    .filter(isLayer);
  return [...ours.filter((path) => isElsewhere.test(path)), ...others].map(
    (path) => `GCNConv: a bundle with it alone holds ${path}`,
  );
}

async function keptForNothing(folder: string): Promise<string[]> {
  const modules = await bundledModules(folder, `import "@vicinal/core"; import "@vicinal/graph";`);
  return modules.map((path) => `nothing: a bundle that uses nothing holds ${path}`);
}
