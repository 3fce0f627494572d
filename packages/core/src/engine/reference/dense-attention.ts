import type { DenseAttentionInputs } from "../dense-attention-kernels.ts";
import { keepsElement } from "../kernels.ts";
import type { HostMemory, ReferenceKernels } from "./memory.ts";

/** One receiver for one head: the logits of its run, and the rows of the tensors that it meets. */
interface Row {
  readonly receiver: number;
  readonly head: number;
  /** The sender of the first logit. */
  readonly start: number;
  readonly logits: readonly number[];
}

function forEachRow(args: DenseAttentionInputs, memory: HostMemory, visit: (row: Row) => void): void {
  const { heads, channels, scale } = args;
  const query = memory.floats(args.query);
  const key = memory.floats(args.key);
  const starts = memory.indices(args.starts);
  const ends = memory.indices(args.ends);
  for (let receiver = 0; receiver < starts.length; receiver++) {
    const start = starts[receiver]!;
    for (let head = 0; head < heads; head++) {
      const q = rowOf(query, receiver, head, heads, channels);
      const logits: number[] = [];
      for (let j = start; j < ends[receiver]!; j++) logits.push(scale * dot(q, rowOf(key, j, head, heads, channels)));
      visit({ receiver, head, start, logits });
    }
  }
}

/** What dropout multiplies the weight of a pair by. */
function kept({ senders, heads, seed, probability }: DenseAttentionInputs, i: number, j: number, head: number): number {
  return keepsElement(seed, (i * senders + j) * heads + head, probability) ? 1 / (1 - probability) : 0;
}

/** A view of one head of one element. */
function rowOf(values: Float64Array, element: number, head: number, heads: number, width: number): Float64Array {
  const start = (element * heads + head) * width;
  return values.subarray(start, start + width);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += a[c]! * b[c]!;
  return sum;
}

function addTo(target: Float64Array, factor: number, values: Float64Array): void {
  for (let c = 0; c < target.length; c++) target[c]! += factor * values[c]!;
}

/** The weights of a run, and the logarithm of the sum of its exponentials. A run that is empty, or of -Infinity alone, has weights of 0. */
function softmax(logits: readonly number[]): { weights: readonly number[]; logSum: number } {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (max === Number.NEGATIVE_INFINITY) return { weights: logits.map(() => 0), logSum: max };
  const exponentials = logits.map((logit) => Math.exp(logit - max));
  const total = exponentials.reduce((a, b) => a + b, 0);
  return { weights: exponentials.map((e) => e / total), logSum: max + Math.log(total) };
}

/** Attention over runs of senders as its definition says, one pair at a time. */
export const denseAttentionKernels: ReferenceKernels<"denseAttention" | "denseAttentionGradient"> = {
  denseAttention(args, memory) {
    const { heads, valueChannels } = args;
    const value = memory.floats(args.value);
    const logSums = memory.floats(args.logSum);
    const out = memory.floats(args.out).fill(0);
    forEachRow(args, memory, ({ receiver, head, start, logits }) => {
      const { weights, logSum } = softmax(logits);
      logSums[receiver * heads + head] = logSum;
      const target = rowOf(out, receiver, head, heads, valueChannels);
      weights.forEach((weight, k) => {
        const factor = kept(args, receiver, start + k, head);
        addTo(target, weight * factor, rowOf(value, start + k, head, heads, valueChannels));
      });
    });
  },

  denseAttentionGradient(args, memory) {
    const { heads, channels, valueChannels, scale } = args;
    const [query, key, value] = [memory.floats(args.query), memory.floats(args.key), memory.floats(args.value)];
    const gradients = memory.floats(args.gradient);
    const outputs = memory.floats(args.output);
    const logSums = memory.floats(args.logSum);
    const ofQuery = args.queryGradient && memory.floats(args.queryGradient).fill(0);
    const ofKey = args.keyGradient && memory.floats(args.keyGradient).fill(0);
    const ofValue = args.valueGradient && memory.floats(args.valueGradient).fill(0);
    forEachRow(args, memory, ({ receiver, head, start, logits }) => {
      const logSum = logSums[receiver * heads + head]!;
      const upstream = rowOf(gradients, receiver, head, heads, valueChannels);
      // The mean of the slopes of weights is the inner product of the output and its gradient, with dropout too.
      const mean = dot(upstream, rowOf(outputs, receiver, head, heads, valueChannels));
      logits.forEach((logit, k) => {
        const sender = start + k;
        const weight = logSum === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logit - logSum);
        const factor = kept(args, receiver, sender, head);
        const slope = weight * (factor * dot(upstream, rowOf(value, sender, head, heads, valueChannels)) - mean);
        const row = (of: Float64Array, element: number, width: number) => rowOf(of, element, head, heads, width);
        if (ofValue) addTo(row(ofValue, sender, valueChannels), weight * factor, upstream);
        if (ofQuery) addTo(row(ofQuery, receiver, channels), scale * slope, row(key, sender, channels));
        if (ofKey) addTo(row(ofKey, sender, channels), scale * slope, row(query, receiver, channels));
      });
    });
  },
};
