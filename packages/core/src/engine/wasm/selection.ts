import { overRows } from "./hub-segments.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { Machine, WasmKernels } from "./machine.ts";
import type { SelectionExports } from "./selection.generated.ts";

type Names = "segmentEntmax" | "segmentEntmaxGradient" | "segmentHardmax";

export const selectionKernels: WasmKernels<Names, KernelsExports & SelectionExports> = {
  segmentEntmax({ logits, offsets, out, heads, alpha }, machine) {
    const { memory } = machine;
    const [from, to] = [memory.input(logits), memory.output(out)];
    const isSparsemax = Number(alpha === 2);
    overRows(
      "segmentEntmax",
      machine,
      { offsets, work: 20 * heads },
      {
        numbers: 0,
        arguments: (starts) => [isSparsemax, from, starts, to, heads],
        merge: ({ start, count }) => {
          const shift = start * heads * 4;
          mergeSelected(machine, isSparsemax, from + shift, to + shift, count, heads);
        },
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

/**
 * Entmax over a row from those over its parts, at `out`, which are 0 almost everywhere: what has no weight in its part has none in the row, whose
 * threshold is higher. So the row's are computed from what is left.
 */
function mergeSelected(
  { kernels, memory }: Machine<KernelsExports & SelectionExports>,
  isSparsemax: number,
  logits: number,
  out: number,
  count: number,
  heads: number,
): void {
  const numbers = count * heads;
  const [left, starts] = selected(memory.floatsAt(out, numbers), heads);
  const values = memory.floatsAt(logits, numbers);
  memory.temporarily((own) => {
    const source = memory.input(own(memory.upload(left.map((at) => values[at]!))));
    const to = memory.output(own(memory.allocate(left.length)));
    const offsets = memory.indices(own(memory.uploadIndices(starts)));
    kernels.segmentEntmax(isSparsemax, source, offsets, to, 1, 0, heads);
    kernels.fill(out, 0, 0, numbers);
    const [weights, target] = [memory.floatsAt(to, left.length), memory.floatsAt(out, numbers)];
    left.forEach((at, k) => {
      target[at] = weights[k]!;
    });
    for (let head = 0; head < heads; head++) {
      const first = starts[head]!;
      // NaN and Infinity make NaN of the whole row.
      if (first === starts[head + 1] || !Number.isNaN(weights[first])) continue;
      for (let at = head; at < numbers; at += heads) target[at] = Number.NaN;
    }
  });
}

/** Where weights are not 0, head after head, and where each head's start. */
function selected(weights: Float32Array, heads: number): [places: number[], starts: Uint32Array] {
  const ofHeads = Array.from({ length: heads }, (): number[] => []);
  for (let at = 0; at < weights.length; ) {
    for (let head = 0; head < heads; head++, at++) if (weights[at] !== 0) ofHeads[head]!.push(at);
  }
  const starts = new Uint32Array(heads + 1);
  ofHeads.forEach((places, head) => {
    starts[head + 1] = starts[head]! + places.length;
  });
  return [ofHeads.flat(), starts];
}
