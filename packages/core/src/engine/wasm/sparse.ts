import type { FloatBuffer, IndexBuffer } from "../buffers.ts";
import { sumOverChunks } from "./chunks.ts";
import { overRows } from "./hub-segments.ts";
import type { Machine, WasmKernels } from "./machine.ts";
import type { WasmMemory } from "./memory.ts";
import { BLOCK_BYTES } from "./threaded-kernels.ts";
import type { Call } from "./worker-pool.ts";

/** Where positions are entries themselves, kernels get this instead of an address. */
const NO_PERMUTATION = 0;

function permutationAddress(memory: WasmMemory, permutation: IndexBuffer | null): number {
  return permutation === null ? NO_PERMUTATION : memory.indices(permutation);
}

/**
 * Runs a kernel that sums over CSR rows. The rows of hubs are sums of those of their parts.
 *
 * @param width - Numbers of a row of the result.
 * @param argumentsOf - The kernel's arguments but for its range, from the addresses of row starts and of the result.
 */
function sumOverRows(
  name: "edgeWeightedSum" | "segmentSum" | "weightedNeighborSum",
  offsets: IndexBuffer,
  out: FloatBuffer,
  width: number,
  machine: Machine,
  argumentsOf: (starts: number, target: number) => number[],
  scratch?: Call["scratch"],
): void {
  const target = machine.memory.output(out);
  overRows(
    name,
    machine,
    { offsets, work: width },
    {
      numbers: width,
      arguments: (starts, kept) => argumentsOf(starts, kept === 0 ? target : kept),
      merge: ({ row, parts, keptAt }) =>
        machine.kernels.sumColumnRanges(keptAt, target + row * width * 4, parts, width, 0, width),
      scratch,
    },
  );
}

/** Rows that are summed together, with one another's rounding: the parts are the same for any number of threads. */
const ROWS_OF_SUM = 512;

type Names =
  | "sparseMatmul"
  | "gatherRows"
  | "segmentSum"
  | "edgeWeightedSum"
  | "edgeDot"
  | "headDots"
  | "addHeadProducts"
  | "headSums";

export const sparseKernels: WasmKernels<Names> = {
  sparseMatmul({ offsets, indices, values, permutation, dense, out, width }, machine) {
    const { memory } = machine;
    const columns = memory.indices(indices);
    const right = memory.input(dense);
    if (values === null) {
      sumOverRows("segmentSum", offsets, out, width, machine, (starts, to) => [right, starts, columns, to, width]);
      return;
    }
    const weights = memory.input(values);
    const entries = permutationAddress(memory, permutation);
    sumOverRows(
      "weightedNeighborSum",
      offsets,
      out,
      width,
      machine,
      (starts, to) => [weights, starts, columns, entries, right, to, width, machine.packed],
      { argument: 7, bytes: BLOCK_BYTES },
    );
  },

  gatherRows({ x, index, out, width }, { kernels, memory }) {
    kernels.gatherRows(memory.input(x), memory.indices(index), memory.output(out), width, 0, index.length);
  },

  segmentSum({ x, offsets, permutation, out, width }, machine) {
    const source = machine.memory.input(x);
    const entries = permutationAddress(machine.memory, permutation);
    sumOverRows("segmentSum", offsets, out, width, machine, (starts, to) => [source, starts, entries, to, width]);
  },

  edgeWeightedSum({ weights, offsets, columns, permutation, values, out, heads, channels }, machine) {
    const { memory } = machine;
    const addresses = [memory.indices(columns), permutationAddress(memory, permutation), memory.input(values)];
    const ofWeights = memory.input(weights);
    sumOverRows("edgeWeightedSum", offsets, out, heads * channels, machine, (starts, to) => [
      ...[ofWeights, starts, ...addresses, to],
      ...[heads, channels],
    ]);
  },

  edgeDot({ a, aRows, b, bRows, out, heads, channels }, { kernels, memory }) {
    kernels.edgeDot(
      memory.input(a),
      memory.indices(aRows),
      memory.input(b),
      memory.indices(bRows),
      memory.output(out),
      heads,
      channels,
      0,
      aRows.length,
    );
  },

  headDots({ x, one, out, heads, channels }, { kernels, memory }) {
    const rows = heads === 0 ? 0 : out.length / heads;
    kernels.headDots(memory.input(x), memory.input(one), 0, memory.output(out), heads, channels, 0, rows);
  },

  addHeadProducts({ weights, one, out, heads, channels }, { kernels, memory }) {
    const rows = heads === 0 ? 0 : weights.length / heads;
    kernels.addHeadProducts(memory.input(weights), memory.input(one), memory.input(out), heads, channels, 0, rows);
  },

  headSums({ weights, x, out, heads, channels }, machine) {
    const { kernels, memory } = machine;
    const [weight, from, target] = [memory.input(weights), memory.input(x), memory.output(out)];
    const rows = heads === 0 ? 0 : weights.length / heads;
    sumOverChunks(machine, rows, ROWS_OF_SUM, out.length, target, (partials, first, chunks, size) => {
      const at = first * heads * 4;
      kernels.headSums(weight + at, from + at * channels, partials, heads, channels, size, 0, chunks);
    });
  },
};
