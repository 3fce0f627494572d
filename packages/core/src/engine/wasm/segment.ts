import { mergeMeans, mergeSelected, mergeSoftmax, overRows } from "./hub-segments.ts";
import type { WasmKernels } from "./machine.ts";

type Names = "segmentSoftmax" | "segmentSoftmaxGradient" | "segmentEntmax" | "segmentEntmaxGradient" | "segmentHardmax";

/** What the module's function takes in place of an address where only means are asked for. */
const MEANS_ALONE = 0;

export const segmentKernels: WasmKernels<Names> = {
  segmentSoftmax({ logits, offsets, out, heads }, machine) {
    const [from, to] = [machine.memory.input(logits), machine.memory.output(out)];
    overRows(
      "segmentSoftmax",
      machine,
      { offsets, heads, work: 8 },
      {
        numbers: 2 * heads,
        arguments: (starts, kept) => [from, starts, to, heads, kept],
        merge: (hub) => mergeSoftmax(machine, to + hub.shift, hub),
      },
    );
  },

  segmentSoftmaxGradient({ weights, gradient, offsets, out, heads }, machine) {
    const { memory } = machine;
    const [w, g, to] = [memory.input(weights), memory.input(gradient), memory.output(out)];
    overRows(
      "segmentSoftmaxGradient",
      machine,
      { offsets, heads, work: 3 },
      {
        numbers: heads,
        arguments: (starts, means) => [w, g, starts, means === 0 ? to : MEANS_ALONE, heads, means],
        merge: mergeMeans,
        again: (starts, means) => [w, g, starts, to, heads, means],
      },
    );
  },

  segmentEntmax({ logits, offsets, out, heads, alpha }, machine) {
    const { kernels, memory } = machine;
    const [from, to] = [memory.input(logits), memory.output(out)];
    const isSparsemax = Number(alpha === 2);
    overRows(
      "segmentEntmax",
      machine,
      { offsets, heads, work: 20 },
      {
        numbers: 0,
        arguments: (starts) => [isSparsemax, from, starts, to, heads],
        merge: (hub) =>
          mergeSelected(
            machine,
            (selected, starts, result, rows) =>
              kernels.segmentEntmax(isSparsemax, selected, starts, result, 1, 0, rows),
            from + hub.shift,
            to + hub.shift,
            hub,
          ),
      },
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
