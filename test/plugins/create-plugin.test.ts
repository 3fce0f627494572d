import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Within the test package, so that what it depends on is found from there.
const generated = join(root, "test/plugins/.generated");
const program = join(root, "examples/plugins/create-plugin.mjs");
const run = promisify(execFile);

/** Here packages are found as sources; where they are installed no configuration is needed. */
const config = `export default {
  ssr: { resolve: { conditions: ["@vicinal/source", "module", "node", "development|production", "import", "default"] } },
  test: { include: ["src/**/*.test.ts"] },
};`;

beforeAll(async () => {
  await rm(generated, { recursive: true, force: true });
  await mkdir(generated, { recursive: true });
});
afterAll(() => rm(generated, { recursive: true, force: true }));

describe("create-plugin", () => {
  it("gives a package of the name, whose tests pass", async () => {
    const folder = join(generated, "vicinal-wavelets");
    const { stdout } = await run(process.execPath, [program, "vicinal-wavelets", folder]);
    expect(stdout).toContain(`npx vitest run ${folder}`);
    expect((await readdir(folder)).sort()).toEqual(["README.md", "package.json", "src", "tsconfig.json"]);
    expect(JSON.parse(await readFile(join(folder, "package.json"), "utf8")).name).toBe("vicinal-wavelets");
    const index = await readFile(join(folder, "src/index.ts"), "utf8");
    expect(index).toContain("export const vicinalWaveletsPlugin = definePlugin({");
    expect(index).toContain('name: "vicinal-wavelets"');
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    await writeFile(join(folder, "vitest.config.ts"), config);
    const tested = await run(process.execPath, [vitest, "run", "--reporter", "json"], { cwd: folder });
    const { numPassedTests, numFailedTests } = JSON.parse(tested.stdout);
    expect([numPassedTests > 8, numFailedTests]).toEqual([true, 0]);
    await rm(join(folder, "vitest.config.ts"));
    // Its types, without those of the packages that it refers to, which are built elsewhere; its style, by the rules of the repository.
    await run(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      folder,
      "--noEmit",
      "--composite",
      "false",
    ]);
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const rules = join(root, "biome.json");
    await run(process.execPath, [
      biome,
      "check",
      "--error-on-warnings",
      "--vcs-enabled=false",
      `--config-path=${rules}`,
      folder,
    ]);
  });

  it("refuses a name that no package can have, and a folder that is there", async () => {
    await expect(run(process.execPath, [program, "Not A Name"])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("create-plugin: got the name"),
    });
    await expect(run(process.execPath, [program, "vicinal-a", generated])).rejects.toMatchObject({
      stderr: expect.stringContaining("is there already"),
    });
  });
});
