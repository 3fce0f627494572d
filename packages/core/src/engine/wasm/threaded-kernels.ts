import { unaryOperations } from "./elementwise.ts";
import { type KernelExports, kernelExportNames } from "./kernels.generated.ts";
import type { WasmMemory } from "./memory.ts";
import type { Call, KernelFunction, PooledFunction, WorkerPool } from "./worker-pool.ts";

/** How the range of a kernel, its last two arguments, is spread over threads. Functions take the kernel's arguments. */
interface Partition {
  /** What one of the range costs, in numbers that an elementwise kernel touches. */
  readonly work: KernelWork;
  /** The fewest of the range that are worth a call of their own; cuts fall on multiples of it. Default 16: a cache line. */
  readonly grain?: number;
  /** The address of row starts, when the range is of rows: cuts make pieces of equally many edges and rows. `work` is that of an edge. */
  readonly offsets?: KernelWork;
  /** Memory that the kernel needs for itself: the argument that holds its address, and its bytes. */
  readonly scratch?: {
    readonly argument: number;
    readonly bytes: (kernels: KernelExports, ...args: number[]) => number;
  };
}

type KernelWork = (...args: number[]) => number;

/** The kernels that have a range. */
type RangedKernel = Exclude<keyof KernelExports, "heapBase" | `${string}ScratchBytes`>;

const one: KernelWork = () => 1;

const cheap = (["negate", "sqrt", "square", "abs", "reciprocal", "relu", "leakyRelu", "step"] as const).map(
  (name) => unaryOperations[name],
);
/** Functions of one number: the others are series. */
const unaryWork: KernelWork = (operation) => (cheap.includes(operation!) ? 1 : 6);

/** A block of `biasActivationGradient`. */
const BLOCK_BYTES = 4096;

const partitions: { readonly [Name in RangedKernel]: Partition } = {
  accumulate: { work: one },
  affine: { work: one },
  dropout: { work: () => 2 },
  fill: { work: () => 0.5 },
  unary: { work: unaryWork },
  unaryGradient: { work: unaryWork },
  biasActivation: { work: (operation) => 4 + unaryWork(operation!) },
  biasActivationGradient: {
    work: (operation) => 5 + unaryWork(operation!),
    scratch: { argument: 11, bytes: () => BLOCK_BYTES },
  },
  adam: { work: () => 8 },
  binary: { work: () => 2 },
  stridedAdd: { work: () => 2 },
  stridedCopy: { work: () => 2 },
  matmul: {
    work: (_a, _b, _out, _m, k, n) => (k! * n!) / 4,
    // Every piece packs the right operand for itself, which costs as much as 16 rows.
    grain: 64,
    scratch: { argument: 10, bytes: (kernels) => kernels.matmulScratchBytes() },
  },
  denseAttention: {
    work: (_q, _k, _v, _starts, _ends, _out, _sum, senders, heads, channels, valueChannels) =>
      senders! * heads! * (2 + (channels! + valueChannels!) / 4),
    grain: 32,
    scratch: {
      argument: 15,
      bytes: (kernels, _q, _k, _v, _starts, _ends, _out, _sum, _senders, _heads, channels, valueChannels) =>
        kernels.denseAttentionScratchBytes(channels!, valueChannels!),
    },
  },
  denseAttentionQueryGradient: {
    work: (_q, _k, _v, _g, _starts, _ends, _sum, _mean, _out, senders, heads, channels, valueChannels) =>
      senders! * heads! * (2 + (channels! + valueChannels!) / 2),
    grain: 32,
    scratch: {
      argument: 17,
      bytes: (kernels, _q, _k, _v, _g, _starts, _ends, _sum, _mean, _out, _senders, _heads, channels, valueChannels) =>
        kernels.denseAttentionScratchBytes(channels!, valueChannels!),
    },
  },
  denseAttentionSenderGradients: {
    work: (
      _q,
      _k,
      _v,
      _g,
      _starts,
      _ends,
      _sum,
      _mean,
      _dk,
      _dv,
      receivers,
      _senders,
      heads,
      channels,
      valueChannels,
    ) => receivers! * heads! * (2 + (channels! + valueChannels!) / 2),
    grain: 32,
    scratch: {
      argument: 19,
      bytes: (kernels, ...args) => kernels.denseAttentionScratchBytes(args[13]!, args[14]!),
    },
  },
  gruGates: { work: (_x, _bx, _s, _bs, _h, _out, _gates, hidden) => 24 * hidden!, grain: 1 },
  gruGatesGradient: { work: (_gates, _h, _g, _dx, _ds, _dh, hidden) => 12 * hidden!, grain: 1 },
  lstmGates: { work: (_x, _bx, _s, _bs, _h, _out, _gates, hidden) => 36 * hidden!, grain: 1 },
  lstmGatesGradient: { work: (_gates, _h, _state, _g, _ds, _dh, hidden) => 18 * hidden!, grain: 1 },
  mergeParts: { work: (_partials, _sums, parts, _heads, channels) => parts! * (8 + channels!), grain: 1 },
  rowDots: { work: (_a, _b, _out, width) => 1 + width! },
  logSoftmax: { work: (_x, _out, width) => 8 * width!, grain: 1 },
  logSoftmaxGradient: { work: (_y, _g, _out, width) => 6 * width!, grain: 1 },
  maxColumnRanges: { work: (_x, _out, length) => length! },
  maxRows: { work: (_x, _out, length) => length!, grain: 1 },
  sumColumnRanges: { work: (_x, _out, length) => length! },
  sumRows: { work: (_x, _out, length) => length!, grain: 1 },
  segmentSoftmax: { work: (_x, _offsets, _out, heads) => 8 * heads!, offsets: (_x, offsets) => offsets! },
  segmentSoftmaxGradient: {
    work: (_w, _g, _offsets, _out, heads) => 3 * heads!,
    offsets: (_w, _g, offsets) => offsets!,
  },
  segmentEntmax: { work: (_s, _x, _offsets, _out, heads) => 20 * heads!, offsets: (_s, _x, offsets) => offsets! },
  segmentEntmaxGradient: {
    work: (_s, _w, _g, _offsets, _out, heads) => 6 * heads!,
    offsets: (_s, _w, _g, offsets) => offsets!,
  },
  segmentHardmax: { work: (_x, _offsets, _out, heads) => 3 * heads!, offsets: (_x, offsets) => offsets! },
  edgeDot: { work: (_a, _i, _b, _j, _out, heads, channels) => 2 * heads! * channels! },
  edgeWeightedSum: {
    work: (_w, _offsets, _c, _p, _v, _out, heads, channels) => heads! * channels!,
    offsets: (_w, offsets) => offsets!,
  },
  gatherRows: { work: (_x, _i, _out, width) => 1 + width! },
  neighborSum: { work: (_offsets, _c, _x, _out, width) => width!, offsets: (offsets) => offsets! },
  segmentSum: { work: (_x, _offsets, _p, _out, width) => width!, offsets: (_x, offsets) => offsets! },
};

/** A kernel as workers know it. */
export function pooledKernel(exports: KernelExports, name: keyof KernelExports): PooledFunction {
  const functions = Object.entries<KernelFunction>({ ...exports });
  const index = functions.findIndex(([known]) => known === name);
  return { run: functions[index]![1], index, module: KERNELS };
}

/** Where workers find the kernels: they have them from the start. */
const KERNELS = { address: 0, bytes: 0 } as const;

/**
 * The kernels with their ranges spread over a pool's threads where the work is worth it. A kernel's results do not depend on where its range is
 * cut, so that cuts may follow the count of threads.
 */
export function threadedKernels(exports: KernelExports, pool: WorkerPool, memory: WasmMemory): KernelExports {
  const threaded: KernelExports = { ...exports };
  for (const name of kernelExportNames) {
    if (!isRanged(name)) continue;
    const partition = partitions[name];
    const target = pooledKernel(exports, name);
    const { run } = target;
    const spread: KernelFunction = (...args) => {
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
      const calls = cuts.slice(1).map((to, k): Call => {
        const piece = { target, args: [...common, cuts[k]!, to] };
        return scratch === undefined ? piece : { ...piece, scratch };
      });
      pool.run(calls, total);
    };
    Object.assign(threaded, { [name]: spread });
  }
  return threaded;
}

function isRanged(name: keyof KernelExports): name is RangedKernel {
  return name in partitions;
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
