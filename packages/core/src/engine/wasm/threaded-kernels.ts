import type { WasmMemory } from "./memory.ts";
import type { Call, KernelFunction, PooledFunction, WorkerPool } from "./worker-pool.ts";

/** What one of a kernel's range costs, in numbers that an elementwise kernel touches; or an address. Takes the kernel's arguments. */
export type KernelWork = (...args: number[]) => number;

/** A block of `biasActivationGradient`, and what `weightedNeighborSum` lists. */
export const BLOCK_BYTES = 4096;

/** How the range of a kernel, its last two arguments, is spread over threads. */
export interface Partition<Exports> {
  /** What one of the range costs, in numbers that an elementwise kernel touches. */
  readonly work: KernelWork;
  /** The fewest of the range that are worth a call of their own; cuts fall on multiples of it. Default 16: a cache line. */
  readonly grain?: number;
  /** The address of row starts, when the range is of rows: cuts make pieces of equally many edges and rows. `work` is that of an edge. */
  readonly offsets?: KernelWork;
  /** Memory that the kernel needs for itself: the argument that holds its address, and its bytes. */
  readonly scratch?: {
    readonly argument: number;
    readonly bytes: (kernels: Exports, ...args: number[]) => number;
  };
}

/** How each kernel of a module that has a range is spread over threads. */
export type Partitions<Exports> = {
  readonly [Name in Exclude<keyof Exports & string, `${string}ScratchBytes`>]: Partition<Exports>;
};

/** What a module exports that has a range. */
export function namesOf<Exports>(partitions: Partitions<Exports>): (keyof Exports & string)[] {
  return Object.keys(partitions).filter((name): name is keyof Exports & string => name in partitions);
}

/** Where workers find a module: at an address of memory, or from the start, as they find the first. */
export type ModulePlace = PooledFunction["module"];

/** A kernel as workers know it. */
export function pooledKernel(exports: object, name: string, module: ModulePlace): PooledFunction {
  const functions = Object.entries(exports).filter(isKernel);
  const index = functions.findIndex(([known]) => known === name);
  return { run: functions[index]![1], index, module };
}

function isKernel(entry: [name: string, value: unknown]): entry is [string, KernelFunction] {
  return typeof entry[1] === "function";
}

/**
 * The kernels of a module with their ranges spread over a pool's threads where the work is worth it. A kernel's results do not depend on where its
 * range is cut, so that cuts may follow the count of threads.
 */
export function threadedKernels<Exports extends object>(
  exports: Exports,
  partitions: Partitions<Exports>,
  place: ModulePlace,
  pool: WorkerPool,
  memory: WasmMemory,
): Exports {
  const threaded: Exports = { ...exports };
  for (const [name, partition] of Object.entries<Partition<Exports>>(partitions)) {
    const target = pooledKernel(exports, name, place);
    const { run } = target;
    const spread: KernelFunction = (...args) => {
      if (pool.isAlone) {
        run(...args);
        return;
      }
      const [start = 0, end = 0] = args.slice(-2);
      const { work, grain = 16, offsets } = partition;
      const starts = offsets === undefined ? undefined : memory.rowStarts(offsets(...args), end + 1);
      const count = starts === undefined ? end - start : costBefore(starts, end) - costBefore(starts, start);
      const total = count * work(...args);
      const pieces = pool.piecesFor(total);
      if (pieces <= 1) {
        run(...args);
        return;
      }
      const cuts =
        starts === undefined
          ? evenCuts(start, end, pieces, pool.isFine ? 1 : grain)
          : rowCuts(starts, start, end, pieces);
      const scratch = partition.scratch && {
        argument: partition.scratch.argument,
        bytes: partition.scratch.bytes(exports, ...args),
      };
      const common = args.slice(0, -2);
      const calls = cuts.slice(1).map((to, k): Call => ({ target, args: [...common, cuts[k]!, to], scratch }));
      pool.run(calls, total);
    };
    Object.assign(threaded, { [name]: spread });
  }
  return threaded;
}

/** Cuts of a range into at most so many pieces, on multiples of the grain. */
function evenCuts(start: number, end: number, pieces: number, grain: number): number[] {
  const step = Math.max(1, Math.ceil((end - start) / pieces / grain)) * grain;
  const cuts = [start];
  for (let at = start + step; at < end; at += step) cuts.push(at);
  cuts.push(end);
  return cuts;
}

/** What the rows before one cost: their edges, and one for each. */
function costBefore(starts: Uint32Array, row: number): number {
  return starts[row]! + row;
}

/** Cuts of rows into at most so many pieces that cost the same. */
function rowCuts(starts: Uint32Array, start: number, end: number, pieces: number): number[] {
  const [before, after] = [costBefore(starts, start), costBefore(starts, end)];
  const cuts = [start];
  for (let piece = 1; piece < pieces; piece++) {
    const goal = before + ((after - before) * piece) / pieces;
    let low = cuts[cuts.length - 1]!;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (costBefore(starts, middle) < goal) low = middle + 1;
      else high = middle;
    }
    if (low > cuts[cuts.length - 1]! && low < end) cuts.push(low);
  }
  cuts.push(end);
  return cuts;
}
