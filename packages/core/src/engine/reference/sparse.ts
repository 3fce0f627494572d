import type { ReferenceKernels } from "./memory.ts";

export const sparseKernels: ReferenceKernels<"sparseMatmul" | "gatherRows"> = {
  sparseMatmul({ offsets, indices, values, permutation, dense, out, width }, memory) {
    const rowStarts = memory.indices(offsets);
    const columns = memory.indices(indices);
    const entries = permutation === null ? null : memory.indices(permutation);
    const stored = values === null ? null : memory.floats(values);
    const right = memory.floats(dense);
    const target = memory.floats(out).fill(0);
    for (let row = 0; row + 1 < rowStarts.length; row++) {
      for (let p = rowStarts[row]!; p < rowStarts[row + 1]!; p++) {
        const value = stored === null ? 1 : stored[entries === null ? p : entries[p]!]!;
        if (value === 0) continue;
        const column = columns[p]!;
        for (let c = 0; c < width; c++) target[row * width + c]! += value * right[column * width + c]!;
      }
    }
  },

  gatherRows({ x, index, out, width }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    memory.indices(index).forEach((row, r) => {
      target.set(source.subarray(row * width, (row + 1) * width), r * width);
    });
  },
};
