import type { Engine } from "./engine.ts";
import { sharedWasmEngine } from "./wasm/linked-wasm-engine.ts";

/** The engine of everything that names none. */
export function defaultEngine(): Engine {
  return sharedWasmEngine();
}
