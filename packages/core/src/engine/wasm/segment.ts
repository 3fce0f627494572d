import type { WasmKernels } from "./machine.ts";

export const segmentKernels: WasmKernels<"segmentSoftmax" | "segmentSoftmaxGradient"> = {
  segmentSoftmax({ logits, offsets, out, heads }, { kernels, memory }) {
    const starts = memory.indices(offsets);
    kernels.segmentSoftmax(memory.input(logits), starts, memory.output(out), heads, 0, offsets.length - 1);
  },

  segmentSoftmaxGradient({ weights, gradient, offsets, out, heads }, { kernels, memory }) {
    kernels.segmentSoftmaxGradient(
      memory.input(weights),
      memory.input(gradient),
      memory.indices(offsets),
      memory.output(out),
      heads,
      0,
      offsets.length - 1,
    );
  },
};
