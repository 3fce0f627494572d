// First, so that bundles begin with the modules of kernels: in the midst of a program they would part what compresses well together.
import { kernelsModule } from "./packed-modules.ts";

// All the others.

import { checkOptionNames } from "../../errors.ts";
import type { Engine } from "../engine.ts";
import { provide } from "./kernel-set.ts";
import { LinkedWasmEngine, type LinkedWasmOptions, sharedWasmEngine } from "./linked-wasm-engine.ts";
import { isSupported } from "./module.ts";
import { withRelaxedProducts } from "./relaxed-products.ts";
import { denseAttentionSet } from "./sets/dense-attention.ts";
import { gateSet } from "./sets/gates.ts";
import { selectionSet } from "./sets/selection.ts";

/** Options of {@link createWasmEngine}. */
export interface WasmOptions {
  /**
   * Whether dense products, and dense attention, may use the fused multiply-add of relaxed SIMD, which rounds once where a product and a sum round twice:
   * about 1.25 times as fast on current x86. Results differ in their last digits from those without, and may between machines; on one machine they are
   * still the same bits for any count of threads. Where the runtime has none (Node 20 without `--experimental-wasm-relaxed-simd`, Safari) nothing changes: the
   * engine's name is `"wasm relaxed"` where it is in use, else `"wasm"`. Default false.
   */
  readonly relaxed?: boolean;
}

/** What tests ask of a {@link WasmEngine}, and {@link WasmOptions}. */
interface WasmEngineOptions extends WasmOptions, Omit<LinkedWasmOptions, "relax"> {}

/** A wasm engine with all kernels. */
export class WasmEngine extends LinkedWasmEngine {
  constructor({ relaxed = false, ...options }: WasmEngineOptions = {}) {
    super({ ...options, relax: relaxed && hasRelaxedSimd() ? withRelaxedProducts : undefined });
    provideAll();
  }
}

let relaxedIsSupported: boolean | undefined;

/** Whether WebAssembly has relaxed SIMD here. */
function hasRelaxedSimd(): boolean {
  relaxedIsSupported ??= isSupported(kernelsModule, { shared: false, relax: withRelaxedProducts });
  return relaxedIsSupported;
}

function provideAll(): void {
  for (const set of [denseAttentionSet, gateSet, selectionSet]) provide(set);
}

/**
 * The wasm engine that everything shares which names no engine of its own. Made on first use. It runs every kernel; a program that does not ask
 * for it is bundled with the kernels of what it imports alone.
 *
 * @throws EngineError `no-simd` where WebAssembly or its SIMD is missing.
 */
export function wasmEngine(): Engine {
  provideAll();
  return sharedWasmEngine();
}

/**
 * A wasm engine of its own, with its own memory.
 *
 * @throws EngineError `no-simd` where WebAssembly or its SIMD is missing; OptionError `unknown-option`.
 */
export function createWasmEngine(options: WasmOptions = {}): Engine {
  checkOptionNames("createWasmEngine", options, ["relaxed"]);
  const { relaxed = false } = options;
  return new WasmEngine({ relaxed });
}
