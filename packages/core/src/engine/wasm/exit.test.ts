import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const asModule = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

const typescript = pathToFileURL(createRequire(import.meta.url).resolve("typescript")).href;

/** Lets Node load the sources as they are. */
const loader = asModule(`
  import { readFile } from "node:fs/promises";
  import typescript from "${typescript}";
  export async function load(url, context, next) {
    if (!url.endsWith(".ts")) return next(url, context);
    const source = await readFile(new URL(url), "utf8");
    const { ModuleKind, ScriptTarget } = typescript;
    const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
    return { format: "module", shortCircuit: true, source: typescript.transpileModule(source, { compilerOptions }).outputText };
  }
`);

const register = asModule(`import { register } from "node:module"; register(${JSON.stringify(loader)});`);

const source = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

const program = `
  const { createLinearMemory, WasmMemory } = await import(${source("memory.ts")});
  const { kernelsModule } = await import(${source("kernels.generated.ts")});
  const { compileKernels, instantiateKernels } = await import(${source("module.ts")});
  const { setThreads } = await import(${source("threads.ts")});
  const { workerPool } = await import(${source("worker-pool.ts")});
  setThreads(3);
  const linear = createLinearMemory();
  const { module } = compileKernels(kernelsModule, { shared: true });
  const kernels = instantiateKernels(module, linear, ["fill"]);
  const memory = new WasmMemory(linear, 5120);
  const pool = workerPool(memory, module);
  const target = { run: kernels.fill, index: Object.keys(kernels).indexOf("fill"), module: { address: 0, bytes: 0 } };
  const address = memory.reserve(4_000_000);
  const calls = [0, 1, 2, 3].map((k) => ({ target, args: [address, 1, 250_000 * k, 250_000 * (k + 1)] }));
  const run = () => pool.run(calls, 1_000_000);
  while (pool.readyWorkers() < 2) run();
  run();
  console.log(pool.readyWorkers(), "workers are waiting");
`;

it("lets a program that has worked with threads exit by itself", async ({ signal }) => {
  const arguments_ = ["--import", register, "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_, { signal });
  expect(stdout).toBe("2 workers are waiting\n");
});
