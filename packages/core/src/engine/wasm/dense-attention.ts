import type { DenseAttentionInputs } from "../dense-attention-kernels.ts";
import { dropThreshold } from "../kernels.ts";
import type { DenseAttentionExports } from "./dense-attention.generated.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { Machine, WasmKernels } from "./machine.ts";
import type { Own } from "./memory.ts";

type Exports = KernelsExports & DenseAttentionExports;

/** What the module's functions say of a gradient that is not wanted. */
const NOT_WANTED = 0;

/** Memory that kernels need for themselves, which the engine's report counts while they run. */
function scratch({ kernels, memory }: Machine<Exports>, own: Own, { channels, valueChannels }: DenseAttentionInputs) {
  const bytes = kernels.denseAttentionScratchBytes(channels, valueChannels);
  return memory.output(own(memory.allocate(Math.ceil(bytes / 4))));
}

/** A head's gradients are computed in parts where there are fewer heads than this, so that threads have something to divide, */
const ENOUGH_TASKS = 16;
/** and parts are of at least so many elements. */
const LEAST_PART = 256;

/** Into how many parts senders are divided, and receivers: it must not follow from the count of threads. */
function partsOf({ heads, senders, starts }: DenseAttentionInputs): number {
  const most = Math.floor(Math.max(senders, starts.length) / LEAST_PART);
  return Math.max(1, Math.min(most, Math.ceil(ENOUGH_TASKS / heads)));
}

/** The scale of the logits, the seed and the threshold of the mask, and the factor of what it keeps. */
function numbersOf({ scale, seed, probability }: DenseAttentionInputs) {
  return [scale, seed, dropThreshold(probability), 1 / (1 - probability)] as const;
}

export const denseAttentionKernels: WasmKernels<"denseAttention" | "denseAttentionGradient", Exports> = {
  denseAttention(args, machine) {
    const { kernels, memory } = machine;
    const { senders, heads, channels, valueChannels } = args;
    memory.temporarily((own) => {
      kernels.denseAttention(
        memory.input(args.query),
        memory.input(args.key),
        memory.input(args.value),
        memory.indices(args.starts),
        memory.indices(args.ends),
        memory.output(args.out),
        memory.output(args.logSum),
        senders,
        heads,
        channels,
        valueChannels,
        ...numbersOf(args),
        scratch(machine, own, args),
        0,
        args.starts.length,
      );
    });
  },

  denseAttentionGradient(args, machine) {
    const { kernels, memory } = machine;
    const { senders, heads, channels, valueChannels, queryGradient, keyGradient, valueGradient } = args;
    const receivers = args.starts.length;
    const rows = receivers * heads;
    memory.temporarily((own) => {
      const packed = scratch(machine, own, args);
      const gradient = memory.input(args.gradient);
      const means = memory.output(own(memory.allocate(rows)));
      kernels.rowDots(gradient, memory.input(args.output), means, valueChannels, 0, rows);
      // What is not wanted is not filled either: its address is that of nothing.
      const [ofQuery, ofKey, ofValue] = [queryGradient, keyGradient, valueGradient].map((wanted) => {
        if (wanted === null) return NOT_WANTED;
        const target = memory.output(wanted);
        kernels.fill(target, 0, 0, wanted.length);
        return target;
      });
      const parts = partsOf(args);
      for (let round = 0; round < parts; round++) {
        kernels.denseAttentionGradients(
          memory.input(args.query),
          memory.input(args.key),
          memory.input(args.value),
          gradient,
          memory.indices(args.starts),
          memory.indices(args.ends),
          memory.input(args.logSum),
          means,
          ofQuery!,
          ofKey!,
          ofValue!,
          receivers,
          senders,
          heads,
          channels,
          valueChannels,
          ...numbersOf(args),
          parts,
          round,
          packed,
          0,
          parts * heads,
        );
      }
    });
  },
};
