import type { WasmKernels } from "./machine.ts";

type Names = "segmentSoftmax" | "segmentSoftmaxGradient" | "segmentEntmax" | "segmentEntmaxGradient" | "segmentHardmax";

export const segmentKernels: WasmKernels<Names> = {
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

  segmentEntmax({ logits, offsets, out, heads, alpha }, { kernels, memory }) {
    kernels.segmentEntmax(
      Number(alpha === 2),
      memory.input(logits),
      memory.indices(offsets),
      memory.output(out),
      heads,
      0,
      offsets.length - 1,
    );
  },

  segmentEntmaxGradient({ weights, gradient, offsets, out, heads, alpha }, { kernels, memory }) {
    kernels.segmentEntmaxGradient(
      Number(alpha === 2),
      memory.input(weights),
      memory.input(gradient),
      memory.indices(offsets),
      memory.output(out),
      heads,
      0,
      offsets.length - 1,
    );
  },

  segmentHardmax({ logits, offsets, out, heads }, { kernels, memory }) {
    const starts = memory.indices(offsets);
    kernels.segmentHardmax(memory.input(logits), starts, memory.output(out), heads, 0, offsets.length - 1);
  },
};
