import type { Random } from "../../random.ts";
import type { DenseAttentionInputs } from "../dense-attention-kernels.ts";
import { createReferenceEngine } from "../reference/reference.ts";
import { type Draw, drawBoolean, drawFrom, drawRandom, floats } from "./draw.ts";
import type { Bench, KernelProperty } from "./trial.ts";

/** Counts around the groups, tiles and blocks that engines cut elements into. */
const elementCounts = [0, 1, 2, 3, 4, 5, 8, 9, 17, 31, 64, 65, 130];
const widths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 64];

/** Runs of senders: receiver `i` attends to `starts[i]` to `ends[i] - 1`. */
interface Runs {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

function runsOf(receivers: number, run: (i: number) => readonly [start: number, end: number]): Runs {
  const pairs = Array.from({ length: receivers }, (_, i) => run(i));
  return { starts: Uint32Array.from(pairs, ([start]) => start), ends: Uint32Array.from(pairs, ([, end]) => end) };
}

/** Runs of every kind that attention has, by name. Those of `anything` may be empty, and may end before they start. */
const runKinds: {
  readonly [name: string]: (receivers: number, senders: number, random: Random) => Runs;
} = {
  complete: (receivers, senders) => runsOf(receivers, () => [0, senders]),
  causal: (receivers, senders) => runsOf(receivers, (i) => [0, Math.min(senders, i + 1)]),
  window: (receivers, senders, random) => {
    const reach = random.integer(20);
    return runsOf(receivers, (i) => [Math.min(senders, Math.max(0, i - reach)), Math.min(senders, i + reach + 1)]);
  },
  packed: (receivers, senders, random) => {
    const length = 1 + random.integer(30);
    const start = (i: number) => Math.min(senders, i - (i % length));
    return runsOf(receivers, (i) => [start(i), Math.min(senders, start(i) + length)]);
  },
  anything: (receivers, senders, random) =>
    runsOf(receivers, () => [random.integer(senders + 1), random.integer(senders + 1)]),
};

/** The numbers of {@link DenseAttentionInputs}. */
export interface DenseAttentionNumbers extends Runs {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly senders: number;
  readonly heads: number;
  readonly channels: number;
  readonly valueChannels: number;
  readonly scale: number;
  readonly probability: number;
  readonly seed: number;
}

/** Numbers for the sizes and the runs given. */
export function denseAttentionNumbers(
  random: Random,
  sizes: Pick<DenseAttentionNumbers, "senders" | "heads" | "channels" | "valueChannels">,
  runs: Runs,
): DenseAttentionNumbers {
  const { senders, heads, channels, valueChannels } = sizes;
  return {
    ...runs,
    ...sizes,
    query: floats(random, runs.starts.length * heads * channels),
    key: floats(random, senders * heads * channels),
    value: floats(random, senders * heads * valueChannels),
    scale: 1 / Math.sqrt(Math.max(1, channels)),
    probability: 0,
    seed: 0,
  };
}

function drawNumbers(draw: Draw): DenseAttentionNumbers {
  const random = drawRandom(draw);
  const senders = drawFrom(draw, elementCounts);
  const runs = runKinds[drawFrom(draw, Object.keys(runKinds))]!(drawFrom(draw, elementCounts), senders, random);
  const sizes = { heads: draw.integer(0, 3), channels: drawFrom(draw, widths), valueChannels: drawFrom(draw, widths) };
  return {
    ...denseAttentionNumbers(random, { senders, ...sizes }, runs),
    probability: drawFrom(draw, [0, 0, 0.1, 0.6]),
    seed: draw.integer(0, 0xffff_ffff),
  };
}

/** The arguments that both kernels read. */
export function denseAttentionInputs(bench: Bench, numbers: DenseAttentionNumbers): DenseAttentionInputs {
  return {
    ...numbers,
    query: bench.floats(numbers.query),
    key: bench.floats(numbers.key),
    value: bench.floats(numbers.value),
    starts: bench.indices(numbers.starts),
    ends: bench.indices(numbers.ends),
  };
}

/** Output and logarithms of sums, as the reference computes them: what the gradients start from. */
export function denseAttentionResults(numbers: DenseAttentionNumbers): { output: Float32Array; logSum: Float32Array } {
  const engine = createReferenceEngine();
  const rows = numbers.starts.length * numbers.heads;
  const out = engine.allocate(rows * numbers.valueChannels);
  const logSum = engine.allocate(rows);
  engine.run("denseAttention", {
    ...numbers,
    query: engine.upload(numbers.query),
    key: engine.upload(numbers.key),
    value: engine.upload(numbers.value),
    starts: engine.uploadIndices(numbers.starts),
    ends: engine.uploadIndices(numbers.ends),
    out,
    logSum,
  });
  return { output: Float32Array.from(engine.readSync(out)), logSum: Float32Array.from(engine.readSync(logSum)) };
}

export const denseAttentionProperties: {
  readonly [Name in "denseAttention" | "denseAttentionGradient"]: KernelProperty;
} = {
  denseAttention(draw, trial) {
    const numbers = drawNumbers(draw);
    const rows = numbers.starts.length * numbers.heads;
    trial.run("denseAttention", (bench) => ({
      ...denseAttentionInputs(bench, numbers),
      out: bench.out(rows * numbers.valueChannels),
      logSum: bench.out(rows),
    }));
  },

  denseAttentionGradient(draw, trial) {
    const numbers = drawNumbers(draw);
    const { output, logSum } = denseAttentionResults(numbers);
    const gradient = floats(drawRandom(draw), output.length);
    const [wantsQuery, wantsKey, wantsValue] = [drawBoolean(draw), drawBoolean(draw), drawBoolean(draw)];
    trial.run("denseAttentionGradient", (bench) => ({
      ...denseAttentionInputs(bench, numbers),
      output: bench.floats(output),
      logSum: bench.floats(logSum),
      gradient: bench.floats(gradient),
      queryGradient: wantsQuery ? bench.out(numbers.query.length) : null,
      keyGradient: wantsKey ? bench.out(numbers.key.length) : null,
      valueGradient: wantsValue ? bench.out(numbers.value.length) : null,
    }));
  },
};
