import { Random } from "@vicinal/core";
import { beforeAll, describe, expect, it } from "vitest";
import { vicinalAttention } from "../dense/vicinal-attention.ts";
import { relativeDifference } from "../run/compare-answers.ts";
import { startTfjs } from "./tfjs.ts";
import { attentionByGrads, attentionByHand } from "./tfjs-attention.ts";
import { registerAttentionGradients } from "./tfjs-gradients.ts";

beforeAll(async () => {
  await startTfjs();
  registerAttentionGradients();
});

describe("self-attention by TensorFlow.js", () => {
  const attention = { neighborhood: "complete", elements: 21, heads: 3, channels: 8 } as const;
  const random = new Random(1);
  const draw = (): Float32Array => Float32Array.from({ length: 21 * 3 * 8 }, () => random.normal());
  const arrays = { query: draw(), key: draw(), value: draw(), gradient: draw() };

  it.each([
    ["tf.grads", attentionByGrads],
    ["by hand", attentionByHand],
  ] as const)("gives our output and gradients: %s", (_, make) => {
    const ours = vicinalAttention(attention, arrays).answer();
    const theirs = make(attention, arrays).answer();
    for (const name of ["out", "dquery", "dkey", "dvalue"] as const) {
      const difference = relativeDifference(Float32Array.from(theirs[name]), Float32Array.from(ours[name]));
      expect(difference, name).toBeLessThan(1e-5);
    }
  });
});
