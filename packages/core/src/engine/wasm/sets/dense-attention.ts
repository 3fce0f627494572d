import { denseAttentionChecks } from "../../check-dense-attention-arguments.ts";
import type { DenseAttentionExports } from "../dense-attention.generated.ts";
import { denseAttentionKernels } from "../dense-attention.ts";
import { kernelSet } from "../kernel-set.ts";
import { denseAttentionModule } from "../packed-modules.ts";
import type { Partitions } from "../threaded-kernels.ts";

const partitions: Partitions<DenseAttentionExports> = {
  denseAttention: {
    work: (_q, _k, _v, _starts, _ends, _out, _sum, senders, heads, channels, valueChannels) =>
      senders! * heads! * (2 + (channels! + valueChannels!) / 4),
    grain: 32,
    scratch: {
      argument: 15,
      bytes: (kernels, _q, _k, _v, _starts, _ends, _out, _sum, _senders, _heads, channels, valueChannels) =>
        kernels.denseAttentionScratchBytes(channels!, valueChannels!),
    },
  },
  denseAttentionGradients: {
    // Of a part of the senders and a head: the operations of both passes over the pairs that meet at most in a round.
    work: (...args) => {
      const [receivers, senders, , channels, valueChannels] = args.slice(11);
      const parts = args[20]!;
      return ((receivers! * senders!) / parts ** 2) * (4 + (3 * channels! + 2 * valueChannels!) / 4);
    },
    grain: 1,
    scratch: {
      argument: 22,
      bytes: (kernels, ...args) => kernels.denseAttentionScratchBytes(args[14]!, args[15]!),
    },
  },
};

/** Attention in tiles, over runs of senders. */
export const denseAttentionSet = /* @__PURE__ */ kernelSet({
  module: denseAttentionModule,
  partitions,
  kernels: denseAttentionKernels,
  checks: denseAttentionChecks,
});
