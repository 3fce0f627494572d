import type { KernelArguments, KernelName } from "../kernels.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { WasmMemory } from "./memory.ts";
import type { PooledFunction, WorkerPool } from "./worker-pool.ts";

/** What a kernel needs to run: modules, threads, its memory, and the two places in it that kernels use for themselves. */
export interface Machine<Exports = KernelsExports> {
  /** The functions of modules, which spread the ranges that they are given over threads. */
  readonly kernels: Exports;
  /** For calls that are divided in another way. */
  readonly pool: WorkerPool;
  readonly pooled: (name: string) => PooledFunction;
  readonly memory: WasmMemory;
  /** Address where `matmul` packs blocks of its right operand: what kernels of other families may use meanwhile, too. */
  readonly packed: number;
  /** Address of the sizes and strides that a strided kernel reads. */
  readonly descriptor: number;
}

/** The kernels of one family: from buffers to addresses and ranges. */
export type WasmKernels<Names extends KernelName = KernelName, Exports = KernelsExports> = {
  readonly [Name in Names]: (args: KernelArguments[Name], machine: Machine<Exports>) => void;
};
