import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";

/** An engine and how far its results may be from float64, as `largestError` measures it. */
export interface TestedEngine {
  readonly engine: Engine;
  readonly tolerance: number;
}

/** New engines of both kinds. */
export function testedEngines(): readonly TestedEngine[] {
  return [
    { engine: createReferenceEngine(), tolerance: 1e-12 },
    { engine: createWasmEngine(), tolerance: 1e-5 },
  ];
}
