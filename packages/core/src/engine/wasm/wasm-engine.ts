import { checkOptionNames } from "../../errors.ts";
import type { AttentionKernels, AttentionPlan } from "../attention-kernels.ts";
import { checkArguments } from "../check-arguments.ts";
import type { Engine, FloatBuffer, IndexBuffer, MemoryReport } from "../engine.ts";
import type { KernelArguments, KernelName } from "../kernels.ts";
import { AttentionCompiler } from "./attention.ts";
import { denseKernels } from "./dense.ts";
import { denseAttentionKernels } from "./dense-attention.ts";
import { elementwiseKernels } from "./elementwise.ts";
import type { KernelExports } from "./kernels.generated.ts";
import type { Machine, WasmKernels } from "./machine.ts";
import { createLinearMemory, isShared, WasmMemory } from "./memory.ts";
import { compileKernels, hasRelaxedSimd, instantiateKernels } from "./module.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reduceKernels } from "./reduce.ts";
import { segmentKernels } from "./segment.ts";
import { sparseKernels } from "./sparse.ts";
import { DESCRIPTOR_BYTES, stridedKernels } from "./strided.ts";
import { pooledKernel, threadedKernels } from "./threaded-kernels.ts";
import { type PoolOptions, WorkerPool } from "./worker-pool.ts";

const kernels: WasmKernels = {
  ...elementwiseKernels,
  ...stridedKernels,
  ...denseKernels,
  ...denseAttentionKernels,
  ...recurrentKernels,
  ...reduceKernels,
  ...segmentKernels,
  ...sparseKernels,
};

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
export interface WasmEngineOptions extends WasmOptions {
  /** Puts something between the engine and its kernels, such as a split of their ranges. */
  readonly wrap?: (exports: KernelExports) => KernelExports;
  readonly pool?: PoolOptions;
}

/**
 * The default engine: float32, WebAssembly with SIMD and threads, in Node and in the browser. Memory grows as needed, up to 4 GiB, and is
 * used again once freed, but never given back while the engine lives. Large work is spread over {@link threads}, where memory can be shared.
 */
export class WasmEngine implements Engine {
  readonly name: string;
  readonly precision = "float32";
  readonly #memory: WasmMemory;
  readonly #machine: Machine;
  readonly #pool: WorkerPool;
  readonly #attention: AttentionCompiler;

  constructor({ wrap = (exports) => exports, pool: poolOptions, relaxed = false }: WasmEngineOptions = {}) {
    const isRelaxed = relaxed && hasRelaxedSimd();
    this.name = isRelaxed ? "wasm relaxed" : "wasm";
    const linear = createLinearMemory();
    const module = compileKernels({ shared: isShared(linear), relaxed: isRelaxed });
    const exports = instantiateKernels(module, linear);
    this.#memory = new WasmMemory(linear, exports.heapBase(), (address, length) =>
      this.#machine.kernels.fill(address, 0, 0, length),
    );
    this.#pool = new WorkerPool(this.#memory, module, poolOptions);
    this.#machine = {
      kernels: wrap(threadedKernels(exports, this.#pool, this.#memory)),
      pool: this.#pool,
      pooled: (name) => pooledKernel(exports, name),
      memory: this.#memory,
      descriptor: this.#memory.reserve(DESCRIPTOR_BYTES),
      packed: this.#memory.reserve(exports.matmulScratchBytes()),
    };
    this.#attention = new AttentionCompiler(this, this.#machine);
  }

  /** Workers that help with large work now: they start with the first of it. */
  readyWorkers(): number {
    return this.#pool.readyWorkers();
  }

  allocate(length: number): FloatBuffer {
    return this.#memory.allocate(length);
  }

  upload(values: ArrayLike<number>): FloatBuffer {
    return this.#memory.upload(values);
  }

  uploadIndices(indices: Uint32Array): IndexBuffer {
    return this.#memory.uploadIndices(indices);
  }

  write(buffer: FloatBuffer, values: ArrayLike<number>): void {
    this.#memory.write(buffer, values);
  }

  readSync(buffer: FloatBuffer): Float32Array {
    return this.#memory.read(buffer);
  }

  async read(buffer: FloatBuffer): Promise<Float32Array> {
    return this.#memory.read(buffer);
  }

  free(buffer: FloatBuffer | IndexBuffer): void {
    this.#memory.free(buffer);
  }

  run<Name extends KernelName>(name: Name, args: KernelArguments[Name]): void {
    checkArguments(name, args, this.#memory.summarize);
    kernels[name](args, this.#machine);
  }

  attention(plan: AttentionPlan): AttentionKernels | { readonly refused: string } {
    return this.#attention.kernels(plan);
  }

  memory(): MemoryReport {
    return this.#memory.report();
  }

  resetPeak(): void {
    this.#memory.resetPeak();
  }
}

let shared: WasmEngine | undefined;

/**
 * The wasm engine that everything shares which names no engine of its own. Made on first use.
 *
 * @throws EngineError `no-simd` where WebAssembly or its SIMD is missing.
 */
export function wasmEngine(): Engine {
  shared ??= new WasmEngine();
  return shared;
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
