import type { ArgumentChecks, Check } from "./argument-check.ts";
import type { FloatBuffer } from "./buffers.ts";
import { checkProbability } from "./check-general-arguments.ts";
import type { DenseAttentionInputs } from "./dense-attention-kernels.ts";

/** What dense attention reads, and `separate` outputs, of which each is a buffer of its own. */
function checkDenseAttention(
  check: Check,
  { query, key, value, starts, ends, senders, heads, channels, valueChannels, probability }: DenseAttentionInputs,
  outputs: readonly (FloatBuffer | null)[],
): void {
  outputs.forEach((out, k) => {
    if (out !== null) check.separate(out, query, key, value, ...outputs.slice(k + 1));
  });
  check.counts({ senders, heads, channels, valueChannels });
  const receivers = starts.length;
  check.length("query", query, receivers * heads * channels);
  check.length("key", key, senders * heads * channels);
  check.length("value", value, senders * heads * valueChannels);
  check.length("ends", ends, receivers);
  check.rows("ends", ends, senders + 1);
  checkProbability(check, probability);
}

export const denseAttentionChecks: ArgumentChecks<"denseAttention" | "denseAttentionGradient"> = {
  denseAttention({ out, logSum, ...inputs }, check) {
    checkDenseAttention(check, inputs, [out, logSum]);
    const rows = inputs.starts.length * inputs.heads;
    check.length("out", out, rows * inputs.valueChannels);
    check.length("logSum", logSum, rows);
  },

  denseAttentionGradient(args, check) {
    const { output, logSum, gradient, queryGradient, keyGradient, valueGradient, ...inputs } = args;
    const { starts, senders, heads, channels, valueChannels } = inputs;
    const results = [queryGradient, keyGradient, valueGradient];
    checkDenseAttention(check, inputs, results);
    for (const result of results) if (result !== null) check.separate(result, output, logSum, gradient);
    const rows = starts.length * heads;
    check.length("output", output, rows * valueChannels);
    check.length("logSum", logSum, rows);
    check.length("gradient", gradient, rows * valueChannels);
    if (queryGradient !== null) check.length("queryGradient", queryGradient, rows * channels);
    if (keyGradient !== null) check.length("keyGradient", keyGradient, senders * heads * channels);
    if (valueGradient !== null) check.length("valueGradient", valueGradient, senders * heads * valueChannels);
  },
};
