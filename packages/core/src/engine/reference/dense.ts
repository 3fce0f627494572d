import { Matrix } from "ml-matrix";
import type { ReferenceKernels } from "./memory.ts";

export const denseKernels: ReferenceKernels<"matmul"> = {
  matmul({ a, b, out, batch, m, k, n, transposeA, transposeB }, memory) {
    const target = memory.floats(out);
    if (k === 0) target.fill(0);
    if (m === 0 || k === 0 || n === 0) return;
    const left = memory.floats(a);
    const right = memory.floats(b);
    for (let i = 0; i < batch; i++) {
      const stored = left.subarray(i * m * k, (i + 1) * m * k);
      const storedB = right.subarray(i * k * n, (i + 1) * k * n);
      const A = transposeA ? Matrix.from1DArray(k, m, stored).transpose() : Matrix.from1DArray(m, k, stored);
      const B = transposeB ? Matrix.from1DArray(n, k, storedB).transpose() : Matrix.from1DArray(k, n, storedB);
      target.set(A.mmul(B).to1DArray(), i * m * n);
    }
  },
};
