import { setFlagsFromString } from "node:v8";
import { afterEach, describe, expect, it, vi } from "vitest";
import { largestError } from "../../conformance/largest-error.ts";
import { Random } from "../../random.ts";
import { engineConformance } from "../conformance.ts";
import type { Engine } from "../engine.ts";
import { setThreads } from "./threads.ts";
import { createWasmEngine, WasmEngine } from "./wasm-engine.ts";

// Newer runtimes have relaxed SIMD, Node 20 behind a flag; before the first engine asks for it.
setFlagsFromString("--experimental-wasm-relaxed-simd");

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

const [m, k, n] = [70, 50, 30];
const random = new Random(1);
const drawn = (length: number) => Float32Array.from({ length }, () => random.uniform() - 0.5);
const [left, right] = [drawn(m * k), drawn(k * n)];

/** The product of two drawn matrices. */
function product(engine: Engine): Float32Array | Float64Array {
  const out = engine.allocate(m * n);
  const [a, b] = [engine.upload(left), engine.upload(right)];
  engine.run("matmul", { a, b, out, batch: 1, m, k, n, transposeA: false, transposeB: false });
  return engine.readSync(out);
}

describe("the wasm engine with relaxed SIMD computes what the reference computes", () => {
  for (const { name, run } of engineConformance(() => createWasmEngine({ relaxed: true }), { tolerance: 1e-5 })) {
    it(name, run);
  }
});

describe("relaxed SIMD", () => {
  it("is used where it is asked for and there, and says so", () => {
    const [plain, relaxed] = [createWasmEngine(), createWasmEngine({ relaxed: true })];
    expect([plain.name, relaxed.name]).toEqual(["wasm", "wasm relaxed"]);
    const [expected, got] = [product(plain), product(relaxed)];
    expect(got).not.toEqual(expected);
    expect(largestError(got, expected)).toBeLessThan(1e-5);
  });

  it("gives the same bits for any count of threads", () => {
    setThreads(1);
    const alone = product(createWasmEngine({ relaxed: true }));
    setThreads(3);
    const engine = new WasmEngine({ relaxed: true, pool: { smallWork: 0 } });
    product(engine);
    while (engine.readyWorkers() < 2) product(engine);
    expect(product(engine)).toEqual(alone);
  });

  it("changes nothing where the runtime has none", async () => {
    vi.resetModules();
    const validate = WebAssembly.validate.bind(WebAssembly);
    // The first module that is asked about is the one with relaxed SIMD.
    vi.spyOn(WebAssembly, "validate").mockReturnValueOnce(false).mockImplementation(validate);
    const fresh = await import("./wasm-engine.ts");
    const engine = fresh.createWasmEngine({ relaxed: true });
    expect(engine.name).toBe("wasm");
    expect(product(engine)).toEqual(product(createWasmEngine()));
  });

  it("is refused under another name", () => {
    const misspelt: object = { relaxedSimd: true };
    expect(() => createWasmEngine(misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
