import type { ArgumentChecks, Check } from "./argument-check.ts";
import type { DenseAttentionInputs } from "./dense-attention-kernels.ts";

function checkInputs(check: Check, args: DenseAttentionInputs): void {
  const { starts, ends, senders, heads, channels, valueChannels, probability } = args;
  check.counts({ senders, heads, channels, valueChannels });
  check.lengths(args, {
    query: starts.length * heads * channels,
    key: senders * heads * channels,
    value: senders * heads * valueChannels,
    ends: starts.length,
  });
  check.rows("ends", ends, senders + 1);
  check.probability(probability);
}

export const denseAttentionChecks: ArgumentChecks<"denseAttention" | "denseAttentionGradient"> = {
  denseAttention(args, check) {
    const { starts, heads, valueChannels } = args;
    check.separate(args, "out", "logSum");
    checkInputs(check, args);
    const rows = starts.length * heads;
    check.lengths(args, { out: rows * valueChannels, logSum: rows });
  },

  denseAttentionGradient(args, check) {
    const { starts, heads, valueChannels } = args;
    check.separate(args, "queryGradient", "keyGradient", "valueGradient");
    checkInputs(check, args);
    const rows = starts.length * heads;
    check.lengths(args, {
      output: rows * valueChannels,
      logSum: rows,
      gradient: rows * valueChannels,
      queryGradient: args.query.length,
      keyGradient: args.key.length,
      valueGradient: args.value.length,
    });
  },
};
