import { Random } from "../../random.ts";
import {
  type DenseAttentionNumbers,
  denseAttentionInputs,
  denseAttentionNumbers,
  denseAttentionResults,
} from "./dense-attention-properties.ts";
import { floats } from "./draw.ts";
import type { EdgeCase, Trial } from "./trial.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** The attention and all of its gradients. */
function runBoth(trial: Trial, numbers: DenseAttentionNumbers, gradient: Float32Array): void {
  const { output, logSum } = denseAttentionResults(numbers);
  trial.run("denseAttention", (bench) => ({
    ...denseAttentionInputs(bench, numbers),
    out: bench.out(output.length),
    logSum: bench.out(logSum.length),
  }));
  trial.run("denseAttentionGradient", (bench) => ({
    ...denseAttentionInputs(bench, numbers),
    output: bench.floats(output),
    logSum: bench.floats(logSum),
    gradient: bench.floats(gradient),
    queryGradient: bench.out(numbers.query.length),
    keyGradient: bench.out(numbers.key.length),
    valueGradient: bench.out(numbers.value.length),
  }));
}

/** Each of `count` elements attends to itself and those before it. */
function causal(count: number) {
  return { starts: new Uint32Array(count), ends: Uint32Array.from({ length: count }, (_, i) => i + 1) };
}

export const denseAttentionEdgeCases: readonly EdgeCase[] = [
  {
    name: "denseAttention: logits of 1e4 and -1e4, alone and beside others",
    run(trial) {
      const [count, heads, channels] = [70, 2, 3];
      const random = new Random(11);
      const sizes = { senders: count, heads, channels, valueChannels: 5 };
      // Products of these are exact in float32: what is compared is the softmax.
      const exact = () =>
        new Float32Array(count * heads * channels).map((_, k) =>
          k % channels === 0 ? 100 * (random.integer(3) - 1) : random.integer(3) - 1,
        );
      const numbers = {
        ...denseAttentionNumbers(random, sizes, causal(count)),
        query: exact(),
        key: exact(),
        scale: 1,
      };
      runBoth(trial, numbers, floats(random, count * heads * 5));
    },
  },

  {
    name: "denseAttention: NaN and infinity reach those that attend to them, and no other",
    run(trial) {
      const [count, heads, channels, valueChannels] = [70, 1, 3, 9];
      const sizes = { senders: count, heads, channels, valueChannels };
      for (const special of [nan, inf]) {
        for (const place of ["query", "key", "value", "gradient"] as const) {
          const random = new Random(12);
          const numbers = denseAttentionNumbers(random, sizes, causal(count));
          const gradient = floats(random, count * valueChannels);
          const values = place === "gradient" ? gradient : numbers[place];
          // Of an element within a tile whose other elements it must not reach.
          values[(37 * values.length) / count] = special;
          runBoth(trial, numbers, gradient);
        }
      }
    },
  },

  {
    name: "denseAttention: logits of -Infinity alone have no weight",
    run(trial) {
      const sizes = { senders: 3, heads: 1, channels: 1, valueChannels: 2 };
      const runs = { starts: Uint32Array.of(0, 1), ends: Uint32Array.of(3, 3) };
      const numbers = denseAttentionNumbers(new Random(13), sizes, runs);
      numbers.query.fill(1);
      numbers.key.set([0, -inf, -inf]);
      trial.run("denseAttention", (bench) => ({
        ...denseAttentionInputs(bench, numbers),
        out: bench.out(4),
        logSum: bench.out(2),
      }));
    },
  },

  {
    name: "denseAttention: more elements than one block, and widths of which a block holds few",
    run(trial) {
      const random = new Random(14);
      for (const [count, channels, valueChannels] of [
        [300, 2, 3],
        [50, 600, 2],
        [50, 3, 600],
      ] as const) {
        const sizes = { senders: count, heads: 1, channels, valueChannels };
        const numbers = { ...denseAttentionNumbers(random, sizes, causal(count)), probability: 0.2, seed: 5 };
        runBoth(trial, numbers, floats(random, count * valueChannels));
      }
    },
  },

  {
    name: "denseAttention: so many elements that a head is computed in parts, with more senders than receivers and fewer",
    run(trial) {
      const random = new Random(16);
      for (const [receivers, senders, heads, reach] of [
        [530, 530, 1, 40],
        [770, 90, 2, 20],
        [20, 1100, 1, 600],
      ] as const) {
        const start = (i: number) => Math.max(0, Math.floor((i * senders) / receivers) - reach);
        const runs = {
          starts: Uint32Array.from({ length: receivers }, (_, i) => start(i)),
          ends: Uint32Array.from({ length: receivers }, (_, i) => Math.min(senders, start(i) + reach + (i % 7))),
        };
        const numbers = denseAttentionNumbers(random, { senders, heads, channels: 3, valueChannels: 5 }, runs);
        const probability = heads === 2 ? 0.2 : 0;
        runBoth(trial, { ...numbers, probability, seed: 6 }, floats(random, receivers * heads * 5));
      }
    },
  },

  {
    name: "denseAttention: receivers of one sender, whose logits have no slope however large the values",
    run(trial) {
      const random = new Random(15);
      const [count, valueChannels] = [70, 64];
      const sizes = { senders: count, heads: 1, channels: 2, valueChannels };
      const starts = Uint32Array.from({ length: count }, () => random.integer(count));
      const runs = { starts, ends: starts.map((start) => start + 1) };
      for (const probability of [0, 0.5]) {
        const numbers = { ...denseAttentionNumbers(random, sizes, runs), probability, seed: 3 };
        // Outputs of whole numbers are exact, so that the slopes cancel exactly but for the sums of the kernel.
        for (let i = 0; i < numbers.value.length; i++) numbers.value[i] = random.integer(1000);
        const { output, logSum } = denseAttentionResults(numbers);
        const gradient = floats(random, output.length);
        trial.run("denseAttentionGradient", (bench) => ({
          ...denseAttentionInputs(bench, numbers),
          output: bench.floats(output),
          logSum: bench.floats(logSum),
          gradient: bench.floats(gradient),
          queryGradient: bench.out(numbers.query.length),
          keyGradient: bench.out(numbers.key.length),
          valueGradient: null,
        }));
      }
    },
  },
];
