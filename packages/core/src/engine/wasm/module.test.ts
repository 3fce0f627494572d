import { afterEach, describe, expect, it, vi } from "vitest";

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

describe("making a wasm engine", () => {
  it("is refused where WebAssembly has no SIMD", async () => {
    vi.resetModules();
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    const { createWasmEngine } = await import("./wasm-engine.ts");
    expect(() => createWasmEngine()).toThrowError(expect.objectContaining({ name: "EngineError", code: "no-simd" }));
  });

  it("gives every caller of wasmEngine the same engine, and every caller of createWasmEngine another", async () => {
    const { createWasmEngine, wasmEngine } = await import("./wasm-engine.ts");
    expect(wasmEngine()).toBe(wasmEngine());
    expect(createWasmEngine()).not.toBe(createWasmEngine());
  });
});
