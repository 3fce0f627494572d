import { Random, setThreads } from "@vicinal/core";
import type { BenchGroup, Row } from "../ours/bench-group.ts";
import { inTurn } from "../run/in-turn.ts";
import { median, medianRatio, totals } from "../run/interleave.ts";
import { denseSequence } from "./dense-attention-pieces.ts";
import { type DenseNeighborhood, windowRadius } from "./dense-attention-work.ts";
import { vicinalAttention } from "./vicinal-attention.ts";

const neighborhoods: readonly DenseNeighborhood[] = ["complete", "causal", "window"];

/** Dense self-attention over a sequence, of everyone to everyone, and of fewer to fewer. */
export const denseBenchGroup: BenchGroup = {
  name: "dense",
  description: `Dense self-attention, forward and backward: complete, causal, and with a window of ${windowRadius} on each side.`,
  measure: async (setting) => {
    const { elements, heads, channels } = denseSequence;
    const name = `self-attention ${heads}x${channels}, ${elements} elements`;
    if (!setting.wants(`dense ${name}`)) return { rows: [], bounds: [] };
    setting.onWork(name);
    const random = new Random(1);
    const draw = (): Float32Array => Float32Array.from({ length: elements * heads * channels }, () => random.normal());
    const arrays = { query: draw(), key: draw(), value: draw(), gradient: draw() };
    const variants = neighborhoods.flatMap((neighborhood) => {
      const { pass } = vicinalAttention({ ...denseSequence, neighborhood }, arrays);
      return setting.threads.map((threads) => ({
        ...{ name: neighborhood, neighborhood, threads },
        run: () => {
          setThreads(threads);
          pass();
        },
      }));
    });
    const times = await inTurn(variants, { rounds: setting.rounds, warmUp: 1 });
    const rows = variants.map(({ neighborhood, threads }, k): Row => {
      const first = times[k - (k % setting.threads.length)]!;
      const complete = times[k % setting.threads.length]!;
      return {
        ...{ "self-attention": `${neighborhood} ${heads}x${channels}, ${elements} elements`, threads },
        ...{ "with gradients ms": median(totals(times[k]!)), "times as fast": 1 / medianRatio(first, times[k]!) },
        "of complete": medianRatio(complete, times[k]!),
      };
    });
    return { rows, bounds: [] };
  },
};
