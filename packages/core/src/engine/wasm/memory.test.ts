import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import { type KernelsExports, kernelsModule } from "./kernels.generated.ts";
import { createLinearMemory, isShared, WasmMemory } from "./memory.ts";
import { compileKernels, instantiateKernels } from "./module.ts";
import { createWasmEngine } from "./wasm-engine.ts";

const GIGABYTE = 1024 ** 3;

describe("the memory of the wasm engine", () => {
  it("leaks nothing over 10,000 random allocations and frees, and counts them", () => {
    const linear = createLinearMemory();
    const memory = new WasmMemory(linear, 0);
    const random = new Random(2);
    const live = [];
    let bytes = 0;
    let peak = 0;
    for (let step = 0; step < 10_000; step++) {
      if (random.integer(2) === 0 || live.length === 0) {
        const length = random.integer(random.integer(20) === 0 ? 20_000 : 200);
        live.push(random.integer(2) === 0 ? memory.allocate(length) : memory.uploadIndices(new Uint32Array(length)));
        bytes += length * 4;
        peak = Math.max(peak, bytes);
      } else {
        for (const buffer of live.splice(random.integer(live.length), 1)) {
          memory.free(buffer);
          bytes -= buffer.length * 4;
        }
      }
      if (memory.report().bytes !== bytes) expect.fail(`step ${step}: ${memory.report().bytes} bytes for ${bytes}`);
    }
    expect(memory.report()).toEqual({ bytes, peakBytes: peak, buffers: live.length });
    for (const buffer of live) memory.free(buffer);
    expect(memory.report()).toEqual({ bytes: 0, peakBytes: peak, buffers: 0 });

    // One buffer of nearly all of memory fits again: there is one free block.
    const before = linear.buffer.byteLength;
    memory.allocate((before - 64) / 4);
    expect(linear.buffer.byteLength).toBe(before);
  });

  it("does not grow while the same sizes come and go", () => {
    const linear = createLinearMemory();
    const memory = new WasmMemory(linear, 0);
    const pass = () => {
      const buffers = [5000, 70_000, 33, 400_000, 1, 70_000].map((length) => memory.allocate(length));
      for (const buffer of buffers) memory.free(buffer);
    };
    pass();
    const after = linear.buffer.byteLength;
    for (let i = 0; i < 1000; i++) pass();
    expect(linear.buffer.byteLength).toBe(after);
  });

  it("keeps what buffers hold when it grows", () => {
    const engine = createWasmEngine();
    const buffer = engine.upload([1, 2, 3]);
    engine.allocate(10_000_000);
    expect([...engine.readSync(buffer)]).toEqual([1, 2, 3]);
  });

  it("works beyond 2 GiB, where addresses are negative for whoever takes them for signed", () => {
    const engine = createWasmEngine();
    // Never written, so that the machine need not have it.
    engine.allocate((2.5 * GIGABYTE) / 4);
    const x = engine.upload([1, -2, 3, -4, 5, -6, 7]);
    const out = engine.allocate(7);
    engine.run("unary", { operation: "relu", x, out, parameter: 0 });
    expect([...engine.readSync(out)]).toEqual([1, 0, 3, 0, 5, 0, 7]);
    const index = engine.uploadIndices(Uint32Array.of(2, 0));
    const rows = engine.allocate(4);
    engine.run("gatherRows", { x: engine.upload([1, 2, 3, 4, 5, 6]), index, out: rows, width: 2 });
    expect([...engine.readSync(rows)]).toEqual([5, 6, 1, 2]);
    const product = engine.allocate(1);
    const ones = engine.upload([1, 1, 1, 1, 1, 1, 1]);
    const sizes = { batch: 1, m: 1, k: 7, n: 1, transposeA: true, transposeB: false };
    engine.run("matmul", { a: x, b: ones, out: product, ...sizes });
    expect([...engine.readSync(product)]).toEqual([4]);
  });

  it("refuses what 4 GiB cannot hold, and goes on", () => {
    const engine = createWasmEngine();
    const half = engine.allocate(GIGABYTE / 2);
    expect(() => engine.allocate(GIGABYTE / 2)).toThrowError(
      expect.objectContaining({ name: "EngineError", code: "out-of-memory" }),
    );
    expect(() => engine.allocate(2 * GIGABYTE)).toThrowError(expect.objectContaining({ code: "out-of-memory" }));
    expect(engine.memory()).toMatchObject({ bytes: 2 * GIGABYTE, buffers: 1 });
    engine.free(half);
    expect([...engine.readSync(engine.upload([1]))]).toEqual([1]);
  });

  it("ends with a margin that covers what kernels read past the last buffer", () => {
    const sixteen = new Float32Array(16).fill(3);
    const start = () => {
      const linear = createLinearMemory();
      const { module } = compileKernels(kernelsModule, { shared: isShared(linear) });
      const kernels = instantiateKernels<KernelsExports>(module, linear, ["matmul", "matmulScratchBytes"]);
      const memory = new WasmMemory(linear, 5120);
      return { linear, kernels, memory, scratch: memory.reserve(kernels.matmulScratchBytes()) };
    };
    const tried = start();
    const { byteLength } = tried.linear.buffer;
    let fitting = -1;
    for (; tried.linear.buffer.byteLength === byteLength; fitting++) tried.memory.upload(sixteen);

    const { linear, kernels, memory, scratch } = start();
    let last = 0;
    for (let i = 0; i < fitting; i++) last = memory.input(memory.upload(sixteen));
    expect(linear.buffer.byteLength).toBe(byteLength);
    // The last number of the last buffer.
    const at = last + 60;
    kernels.sumColumnRanges(at, last, 1, 1, 0, 1);
    kernels.maxColumnRanges(at, last, 1, 1, 0, 1);
    kernels.sumRows(at, last, 1, 0, 1);
    kernels.affine(at, last, 1, 0, 0, 1);
    kernels.matmul(at, at, last, 1, 1, 1, 1, 4, 4, 4, scratch, 0, 1);
    expect(new Float32Array(linear.buffer, last, 1)[0]).toBe(9);
  });
});
