/**
 * `node examples/plugins/create-plugin.mjs NAME [FOLDER]`: a package with a plug-in and its tests, from the template beside this program. NAME is that of the
 * package, such as `vicinal-wavelets`; FOLDER is where it is put, by default `examples/plugins/NAME`, where the workspace finds it.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const templateName = "@vicinal/example-plugin-template";

function create(name, folder) {
  if (!/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name)) {
    throw new Error(`got the name "${name}"; expected that of a package, such as vicinal-wavelets.`);
  }
  if (existsSync(folder)) throw new Error(`${folder} is there already; expected a folder that is not.`);
  cpSync(join(here, "template"), folder, {
    recursive: true,
    filter: (path) => !["node_modules", "dist"].includes(basename(path)),
  });
  const words = basename(name)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const identifier = words.map((word, k) => (k === 0 ? word : word[0].toUpperCase() + word.slice(1))).join("");
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.(ts|json|md)$/.test(path)) continue;
    const text = readFileSync(join(folder, path), "utf8");
    const renamed = text
      .replaceAll("../../../", `${relative(folder, root).split(sep).join("/")}/`)
      .replaceAll(templateName, name)
      .replaceAll("templatePlugin", `${/^\d/.test(identifier) ? "_" : ""}${identifier}Plugin`);
    writeFileSync(join(folder, path), renamed);
  }
}

const [, , name = "", folder = join(here, basename(name))] = process.argv;
try {
  create(name, resolve(folder));
  console.log(`${folder}: a plug-in with a score and its tests. Next:

  npx -y pnpm@12.21.0 install
  npx vitest run ${folder}`);
} catch (error) {
  console.error(`create-plugin: ${error.message}`);
  process.exitCode = 1;
}
