import type { WasmKernels } from "./machine.ts";

export const denseKernels: WasmKernels<"matmul"> = {
  matmul({ a, b, out, batch, m, k, n, transposeA, transposeB }, { kernels, memory, packed }) {
    const left = memory.input(a);
    const right = memory.input(b);
    const target = memory.output(out);
    if (k === 0) kernels.fill(target, 0, 0, out.length);
    if (m === 0 || k === 0 || n === 0) return;
    for (let i = 0; i < batch; i++) {
      kernels.matmul(
        left + i * m * k * 4,
        right + i * k * n * 4,
        target + i * m * n * 4,
        k,
        n,
        Number(transposeA),
        transposeA ? m * 4 : k * 4,
        transposeB ? 4 : n * 4,
        transposeB ? k * 4 : 4,
        packed,
        0,
        m,
      );
    }
  },
};
