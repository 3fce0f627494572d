import { mergeMeans, mergeSoftmax, overRows } from "./hub-segments.ts";
import type { WasmKernels } from "./machine.ts";

/** What the module's function takes in place of an address where only means are asked for. */
const MEANS_ALONE = 0;

export const segmentKernels: WasmKernels<"segmentSoftmax" | "segmentSoftmaxGradient"> = {
  segmentSoftmax({ logits, offsets, out, heads }, machine) {
    const [from, to] = [machine.memory.input(logits), machine.memory.output(out)];
    overRows(
      "segmentSoftmax",
      machine,
      { offsets, work: 8 * heads },
      {
        numbers: 2 * heads,
        arguments: (starts, kept) => [from, starts, to, heads, kept],
        merge: (hub) => mergeSoftmax(machine, to, heads, hub),
      },
    );
  },

  segmentSoftmaxGradient({ weights, gradient, offsets, out, heads }, machine) {
    const { memory } = machine;
    const [w, g, to] = [memory.input(weights), memory.input(gradient), memory.output(out)];
    overRows(
      "segmentSoftmaxGradient",
      machine,
      { offsets, work: 3 * heads },
      {
        numbers: heads,
        arguments: (starts, means) => [w, g, starts, means === 0 ? to : MEANS_ALONE, heads, means],
        merge: (hub) => mergeMeans(heads, hub),
        again: (starts, means) => [w, g, starts, to, heads, means],
      },
    );
  },
};
