import { EngineError } from "../../errors.ts";
import type { AttentionKernels, AttentionPlan } from "../attention-kernels.ts";
import type { FloatBuffer, IndexBuffer, MemoryReport } from "../buffers.ts";
import type { Engine } from "../engine.ts";
import type { KernelArguments, KernelName } from "../kernels.ts";
import { attentionCompiler } from "./attention.ts";
import { type KernelParts, type KernelRun, providerOf, runnerOf } from "./kernel-set.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { Machine } from "./machine.ts";
import { createLinearMemory, isShared, WasmMemory } from "./memory.ts";
import { compileKernels, instantiateKernels, type KernelBuild, type Relax } from "./module.ts";
import { generalKernels } from "./sets/general.ts";
import { DESCRIPTOR_BYTES } from "./strided.ts";
import { type ModulePlace, namesOf, pooledKernel, threadedKernels } from "./threaded-kernels.ts";
import { type PoolOptions, type WorkerPool, workerPool } from "./worker-pool.ts";

/** Options of {@link LinkedWasmEngine}. The others are what tests ask of it. */
export interface LinkedWasmOptions {
  /** What makes fused multiply-adds of dense products. Default: nothing does. */
  readonly relax?: Relax | undefined;
  /** Puts something between the engine and its kernels, such as a split of their ranges. */
  readonly wrap?: <Exports extends object>(exports: Exports) => Exports;
  readonly pool?: PoolOptions;
}

/** Memory before this address belongs to the modules: the constants of their functions, where assembly/build.mjs puts them. */
const HEAP_BASE = 5120;

/** Where workers find the module that all have: they have it from the start. */
const FIRST: ModulePlace = { address: 0, bytes: 0 };

/**
 * The default engine: float32, WebAssembly with SIMD and threads, in Node and in the browser. Memory grows as needed, up to 4 GiB, and is
 * used again once freed, but never given back while the engine lives. Large work is spread over {@link threads}, where memory can be shared.
 *
 * Of kernels it has those of `sets/general.ts`, and of others what the program provides: see {@link KernelSet}.
 */
export class LinkedWasmEngine implements Engine {
  readonly name: string;
  readonly precision = "float32";
  readonly #memory: WasmMemory;
  readonly #machine: Machine;
  readonly #pool: WorkerPool;
  readonly attention: (plan: AttentionPlan) => AttentionKernels | { readonly refused: string };
  readonly #build: KernelBuild;
  readonly #wrap: <Exports extends object>(exports: Exports) => Exports;
  readonly #runs = new Map<KernelName, KernelRun>();

  constructor({ wrap = (exports) => exports, pool: poolOptions, relax }: LinkedWasmOptions = {}) {
    const { module: packed, partitions } = generalKernels;
    this.name = relax === undefined ? "wasm" : "wasm relaxed";
    const linear = createLinearMemory();
    this.#build = { shared: isShared(linear), relax };
    this.#wrap = wrap;
    const { module } = compileKernels(packed, this.#build);
    const exports = instantiateKernels(module, linear, namesOf(partitions));
    this.#memory = new WasmMemory(linear, HEAP_BASE, (address, length) =>
      this.#machine.kernels.fill(address, 0, 0, length),
    );
    this.#pool = workerPool(this.#memory, module, poolOptions);
    this.#machine = {
      kernels: wrap(threadedKernels(exports, partitions, FIRST, this.#pool, this.#memory)),
      pool: this.#pool,
      pooled: (name) => pooledKernel(exports, name, FIRST),
      memory: this.#memory,
      descriptor: this.#memory.reserve(DESCRIPTOR_BYTES),
      packed: this.#memory.reserve(exports.matmulScratchBytes()),
    };
    this.attention = attentionCompiler(this, this.#machine);
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
    const run = this.#runs.get(name) ?? this.#link(name);
    run(name, args, this.#memory.summarize);
  }

  memory(): MemoryReport {
    return this.#memory.report();
  }

  resetPeak(): void {
    this.#memory.resetPeak();
  }

  #link(name: KernelName): KernelRun {
    const run =
      name in generalKernels.kernels
        ? runnerOf(generalKernels, this.#machine)
        : providerOf(name)?.link((parts) => this.#load(parts));
    if (run === undefined) {
      throw new EngineError(
        "kernel-not-included",
        `wasm: got the kernel "${name}", which nothing else in this program runs; expected one that it includes. Get the engine from ` +
          "wasmEngine or createWasmEngine, which include all.",
      );
    }
    this.#runs.set(name, run);
    return run;
  }

  #load<Own extends object>({ module: packed, partitions }: KernelParts<Own>): Machine<Own & KernelsExports> {
    const machine = this.#machine;
    const { module, bytes } = compileKernels(packed, this.#build);
    const exports = instantiateKernels(module, this.#memory.linear, namesOf(partitions));
    const place = this.#memory.keep(bytes);
    const own = this.#wrap(threadedKernels(exports, partitions, place, this.#pool, this.#memory));
    return {
      ...machine,
      kernels: Object.assign({ ...machine.kernels }, own),
      pooled: (name) => (name in exports ? pooledKernel(exports, name, place) : machine.pooled(name)),
    };
  }
}

let shared: LinkedWasmEngine | undefined;

/** The wasm engine that everything shares which names no engine of its own. Made on first use. */
export function sharedWasmEngine(): Engine {
  shared ??= new LinkedWasmEngine();
  return shared;
}
