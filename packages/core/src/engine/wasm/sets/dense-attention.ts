import { denseAttentionChecks } from "../../check-dense-attention-arguments.ts";
import { type DenseAttentionExports, denseAttentionModule } from "../dense-attention.generated.ts";
import { denseAttentionKernels } from "../dense-attention.ts";
import { kernelSet } from "../kernel-set.ts";
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
  denseAttentionQueryGradient: {
    work: (_q, _k, _v, _g, _starts, _ends, _sum, _mean, _out, senders, heads, channels, valueChannels) =>
      senders! * heads! * (2 + (channels! + valueChannels!) / 2),
    grain: 32,
    scratch: {
      argument: 17,
      bytes: (kernels, _q, _k, _v, _g, _starts, _ends, _sum, _mean, _out, _senders, _heads, channels, valueChannels) =>
        kernels.denseAttentionScratchBytes(channels!, valueChannels!),
    },
  },
  denseAttentionSenderGradients: {
    work: (
      _q,
      _k,
      _v,
      _g,
      _starts,
      _ends,
      _sum,
      _mean,
      _dk,
      _dv,
      receivers,
      _senders,
      heads,
      channels,
      valueChannels,
    ) => receivers! * heads! * (2 + (channels! + valueChannels!) / 2),
    grain: 32,
    scratch: {
      argument: 19,
      bytes: (kernels, ...args) => kernels.denseAttentionScratchBytes(args[13]!, args[14]!),
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
