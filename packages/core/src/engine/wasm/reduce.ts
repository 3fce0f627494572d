import type { WasmKernels } from "./machine.ts";

export const reduceKernels: WasmKernels<"reduce" | "logSoftmax" | "logSoftmaxGradient"> = {
  reduce({ operation, x, out, length, inner }, { kernels, memory }) {
    const source = memory.input(x);
    const target = memory.output(out);
    if (out.length === 0) return;
    if (operation === "sum") {
      if (inner === 1) kernels.sumRows(source, target, length, 0, out.length);
      else kernels.sumColumnRanges(source, target, length, inner, 0, out.length);
    } else {
      if (inner === 1) kernels.maxRows(source, target, length, 0, out.length);
      else kernels.maxColumnRanges(source, target, length, inner, 0, out.length);
    }
  },

  logSoftmax({ x, out, width }, { kernels, memory }) {
    const rows = width === 0 ? 0 : out.length / width;
    kernels.logSoftmax(memory.input(x), memory.output(out), width, 0, rows);
  },

  logSoftmaxGradient({ y, gradient, out, width }, { kernels, memory }) {
    const rows = width === 0 ? 0 : out.length / width;
    kernels.logSoftmaxGradient(memory.input(y), memory.input(gradient), memory.output(out), width, 0, rows);
  },
};
