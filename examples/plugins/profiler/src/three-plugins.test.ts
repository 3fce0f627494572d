import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { adam, backward, crossEntropy, Random, readConfiguration, saveModel, scope } from "@vicinal/core";
import { writeFileSafely } from "@vicinal/core/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerOf, everything, example } from "./testing/two-mechanisms.ts";

const program = fileURLToPath(new URL("testing/predict-in-a-fresh-process.ts", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));

/** Lets Node load the sources as they are, as the tests do. */
const start = `
  import { createViteServer } from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve("vitest/node")).href)};
  const server = await createViteServer({
    configFile: false,
    logLevel: "error",
    root: ${JSON.stringify(root)},
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    ssr: { resolve: { conditions: ["@vicinal/source", "module", "node", "development|production", "import", "default"] } },
  });
  await server.ssrLoadModule(${JSON.stringify(program)});
  await server.close();
`;

/** What the program prints in a process of its own. */
async function inFreshProcess(...given: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", start, ...given]);
  return stdout.trim();
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-plugins-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a model of a score, a layer and an engine of three plug-ins", () => {
  const engine = everything.engine("profiling");
  const model = everything.model("two-mechanisms", { inputs: 2, outputs: 2, hidden: 8, random: new Random(1), engine });

  it("trains", () => {
    const { x, neighborhood, edgeFeatures, labels } = example(engine);
    const optimizer = adam(model.parameters(), { learningRate: 0.02 });
    const step = (): number =>
      scope(() => {
        const loss = crossEntropy(model.forward(x, neighborhood, { edgeFeatures }), labels);
        optimizer.zeroGradients();
        backward(loss);
        optimizer.step();
        return loss.item();
      });
    const first = step();
    for (let k = 0; k < 100; k++) step();
    expect(step()).toBeLessThan(first / 3);
    expect(engine.profile.records.map(({ kernel }) => kernel)).toEqual(
      expect.arrayContaining(["attention forward", "attention backward", "matmul"]),
    );
  });

  it("predicts the same bits in a fresh process, from its file", async () => {
    const file = join(folder, "model.safetensors");
    const bytes = await saveModel(model, { details: { classes: ["one half", "the other"] } });
    expect(readConfiguration(bytes).plugins.map(({ name }) => name)).toEqual([
      "@vicinal/example-plugin-distance-decay",
      "@vicinal/example-plugin-egat",
      "@vicinal/graph",
      "two-mechanisms",
    ]);
    await writeFileSafely(file, bytes);
    expect(await inFreshProcess(file)).toBe(answerOf(model, engine));
    for (const without of ["@vicinal/example-plugin-egat", "@vicinal/example-plugin-distance-decay"]) {
      const message = await inFreshProcess(file, without);
      expect(message).toContain(`PluginError: registry: the plug-in "${without}" 0.1.0 is needed`);
      expect(message).toContain(`npm install ${without}`);
    }
  });
});
