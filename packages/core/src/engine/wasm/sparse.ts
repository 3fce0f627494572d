import type { IndexBuffer } from "../engine.ts";
import type { WasmKernels } from "./machine.ts";
import type { WasmMemory } from "./memory.ts";

/** Where positions are entries themselves, kernels get this instead of an address. */
const NO_PERMUTATION = 0;

function permutationAddress(memory: WasmMemory, permutation: IndexBuffer | null): number {
  return permutation === null ? NO_PERMUTATION : memory.indices(permutation);
}

export const sparseKernels: WasmKernels<"sparseMatmul" | "gatherRows" | "segmentSum" | "edgeWeightedSum" | "edgeDot"> =
  {
    sparseMatmul({ offsets, indices, values, permutation, dense, out, width }, { kernels, memory }) {
      const starts = memory.indices(offsets);
      const columns = memory.indices(indices);
      const right = memory.input(dense);
      const target = memory.output(out);
      const rows = offsets.length - 1;
      if (values === null) {
        kernels.neighborSum(starts, columns, right, target, width, 0, rows);
        return;
      }
      const entries = permutationAddress(memory, permutation);
      kernels.edgeWeightedSum(memory.input(values), starts, columns, entries, right, target, 1, width, 0, rows);
    },

    gatherRows({ x, index, out, width }, { kernels, memory }) {
      kernels.gatherRows(memory.input(x), memory.indices(index), memory.output(out), width, 0, index.length);
    },

    segmentSum({ x, offsets, permutation, out, width }, { kernels, memory }) {
      const source = memory.input(x);
      const entries = permutationAddress(memory, permutation);
      kernels.segmentSum(source, memory.indices(offsets), entries, memory.output(out), width, 0, offsets.length - 1);
    },

    edgeWeightedSum({ weights, offsets, columns, permutation, values, out, heads, channels }, { kernels, memory }) {
      kernels.edgeWeightedSum(
        memory.input(weights),
        memory.indices(offsets),
        memory.indices(columns),
        permutationAddress(memory, permutation),
        memory.input(values),
        memory.output(out),
        heads,
        channels,
        0,
        offsets.length - 1,
      );
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
  };
