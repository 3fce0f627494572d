import { describe, expect, it } from "vitest";
import { encodeModule, FunctionBuilder } from "../../compiler/assembler.ts";
import { withSharedMemory } from "./memory-import.ts";

function storeModule(): Uint8Array<ArrayBuffer> {
  const f = new FunctionBuilder("store", ["i32"]);
  // Enough functions for section sizes of two bytes.
  const others = Array.from({ length: 40 }, (_, k) => new FunctionBuilder(`f${k}`, ["i32", "f32", "v128"]));
  f.i32(8).get(f.parameter(0)).at("i32.store");
  return encodeModule([f, ...others]);
}

function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): WebAssembly.Instance {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
}

describe("withSharedMemory", () => {
  const shared = () => new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const own = () => new WebAssembly.Memory({ initial: 1, maximum: 2 });

  it("makes a module that imports shared memory, and no other", () => {
    const memory = shared();
    const { store } = instantiate(withSharedMemory(storeModule()), memory).exports;
    if (typeof store === "function") store(7);
    expect(new Int32Array(memory.buffer)[2]).toBe(7);
    expect(() => instantiate(withSharedMemory(storeModule()), own())).toThrowError(WebAssembly.LinkError);
  });

  it("leaves the module as it was, which imports memory of its own and no other", () => {
    const module = storeModule();
    withSharedMemory(module);
    expect(() => instantiate(module, own())).not.toThrow();
    expect(() => instantiate(module, shared())).toThrowError(WebAssembly.LinkError);
  });
});
