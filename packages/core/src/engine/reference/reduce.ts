import type { ReferenceKernels } from "./memory.ts";

export const reduceKernels: ReferenceKernels<"reduce" | "logSoftmax" | "logSoftmaxGradient"> = {
  reduce({ operation, x, out, outer, length, inner }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    target.fill(operation === "sum" ? 0 : Number.NEGATIVE_INFINITY);
    for (let o = 0; o < outer; o++) {
      for (let l = 0; l < length; l++) {
        for (let i = 0; i < inner; i++) {
          const value = source[(o * length + l) * inner + i]!;
          const t = o * inner + i;
          target[t] = operation === "sum" ? target[t]! + value : Math.max(target[t]!, value);
        }
      }
    }
  },

  logSoftmax({ x, out, width }, memory) {
    const source = memory.floats(x);
    const target = memory.floats(out);
    for (let start = 0; start < target.length; start += width) {
      const end = start + width;
      let max = Number.NEGATIVE_INFINITY;
      for (let i = start; i < end; i++) max = Math.max(max, source[i]!);
      let sum = 0;
      for (let i = start; i < end; i++) sum += Math.exp(source[i]! - max);
      for (let i = start; i < end; i++) target[i] = source[i]! - max - Math.log(sum);
    }
  },

  logSoftmaxGradient({ y, gradient, out, width }, memory) {
    const value = memory.floats(y);
    const upstream = memory.floats(gradient);
    const target = memory.floats(out);
    for (let start = 0; start < target.length; start += width) {
      const end = start + width;
      let sum = 0;
      for (let i = start; i < end; i++) sum += upstream[i]!;
      for (let i = start; i < end; i++) target[i] = upstream[i]! - Math.exp(value[i]!) * sum;
    }
  },
};
