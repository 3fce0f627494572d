import type { Engine } from "./engine.ts";
import { wasmEngine } from "./wasm/wasm-engine.ts";

/** The engine of everything that names none. */
export function defaultEngine(): Engine {
  return wasmEngine();
}
